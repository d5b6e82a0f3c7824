"""Selection, crossover and mutation over genomes (…, genes): evolution for any population.

Every operator is a function of arrays and of uniform or normal draws that the caller makes, so that keyed noise
decides and nothing else. Children are new arrays: no parent's memory is shared or changed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Eligible = NDArray[np.bool_]


def roulette(fitness: Floats, eligible: Eligible, uniform: Floats) -> Ints:
    """Slots (draws,) drawn in proportion to fitness above that of the least fit eligible, (slots,).

    The least fit has a hundredth of the mean chance, so that a lone survivor or equals can be drawn; draws
    are `uniform` (draws,) in (0, 1). ValueError when nobody is eligible.
    """
    able = _someone(eligible)
    above = fitness[able] - fitness[able].min()
    return able[_drawn(above + 0.01 * above.mean() + 1e-12, uniform)]


def rank(fitness: Floats, eligible: Eligible, uniform: Floats) -> Ints:
    """Slots (draws,) drawn in proportion to rank, the least fit counting 1; ties by slot."""
    able = _someone(eligible)
    places = np.empty(able.size)
    places[np.argsort(fitness[able], kind="stable")] = np.arange(1.0, able.size + 1.0)
    return able[_drawn(places, uniform)]


def tournament(fitness: Floats, eligible: Eligible, uniform: Floats) -> Ints:
    """Slots (draws,) of the fittest of `size` drawn evenly; `uniform` (draws, size); ties go to the first."""
    able = _someone(eligible)
    entrants = able[np.minimum((uniform * able.size).astype(np.int64), able.size - 1)]
    best = np.argmax(fitness[entrants], axis=1)
    return np.take_along_axis(entrants, best[:, None], axis=1)[:, 0]


def neutral(eligible: Eligible, uniform: Floats) -> Ints:
    """Slots (draws,) drawn evenly among the eligible: no selection, the Wright–Fisher control."""
    able = _someone(eligible)
    return able[np.minimum((uniform * able.size).astype(np.int64), able.size - 1)]


def uniform_crossover(mother: NDArray, father: NDArray, uniform: Floats) -> NDArray:
    """Each gene from one parent or the other, evenly; `uniform` (…, genes)."""
    return np.where(uniform < 0.5, mother, father)


def n_point_crossover(mother: NDArray, father: NDArray, uniform: Floats) -> NDArray:
    """Stretches of genes from the parents in turn, cut at `uniform` (…, points) of the way."""
    genes = mother.shape[-1]
    cuts = np.ceil(uniform * (genes - 1)).astype(np.int64)
    passed = (np.arange(genes) >= cuts[..., None]).sum(axis=-2)
    return np.where(passed % 2 == 0, mother, father)


def blend_crossover(mother: NDArray, father: NDArray, uniform: Floats, beyond: float = 0.5) -> NDArray:
    """Genes drawn evenly between the parents' and `beyond` of their distance on both sides (BLX-α)."""
    weight = (1.0 + 2.0 * beyond) * uniform - beyond
    return mother + (weight * (father - mother)).astype(mother.dtype)


def gaussian_mutation(genome: NDArray, normal: Floats, uniform: Floats, share: float, sd: float) -> NDArray:
    """Genomes with normal noise of a standard deviation on a share of the genes; draws like `genome`."""
    return genome + ((uniform < share) * sd * normal).astype(genome.dtype)


def inherited_taste(mother: Floats, father: Floats, normal: Floats, sd: float) -> Floats:
    """Logits of tastes (…, goods): the mean of the parents' plus noise.

    In logits, because shares do not survive: a softmax of mixed shares is flatter than the shares were, and
    tastes would fade from generation to generation.
    """
    return 0.5 * (mother + father) + sd * normal


def _someone(eligible: Eligible) -> Ints:
    able = np.flatnonzero(eligible)
    if not able.size:
        raise ValueError("selection: nobody is eligible: valid is one slot or more")
    return able


def _drawn(weights: Floats, uniform: Floats) -> Ints:
    """Positions by the inverse CDF."""
    passed = np.cumsum(weights)
    return np.minimum(np.searchsorted(passed, uniform * passed[-1], side="right"), weights.size - 1)
