"""Selection, crossover and mutation over genomes (…, genes): evolution for any population.

Every operator is a function of arrays and of uniforms in (0, 1) or normals that the caller draws, so that
keyed noise decides and nothing else. Selection works on each row of `fitness` and `eligible` (…, slots) and
returns slots (…, draws). Children are new arrays: no parent's memory is shared or changed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from streams.jit import jit

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Eligible = NDArray[np.bool_]


def roulette(fitness: Floats, eligible: Eligible, uniform: Floats, least: float = 0.01) -> Ints:
    """Slots drawn in proportion to fitness above that of the least fit eligible, plus `least` of its mean.

    Fitness may be negative and has no natural zero, so only differences count; `least` leaves the least fit
    a chance, and equals are drawn evenly. ValueError where nobody is eligible or fitness is not finite.
    """
    fitness = _known(fitness, eligible)
    lowest = np.where(eligible, fitness, np.inf).min(axis=-1, keepdims=True)
    above = np.where(eligible, fitness - lowest, 0.0)
    mean = above.sum(axis=-1, keepdims=True) / eligible.sum(axis=-1, keepdims=True)
    return _drawn(np.where(mean > 0.0, above + least * mean, 1.0) * eligible, uniform)


def rank(fitness: Floats, eligible: Eligible, uniform: Floats) -> Ints:
    """Slots drawn in proportion to rank, the least fit counting 1; equals share the mean of their ranks.

    ValueError as for `roulette`. Source: Baker (1985), linear ranking at full pressure.
    """
    fitness = _known(fitness, eligible)
    rows = np.ascontiguousarray(np.where(eligible, fitness, np.inf)).reshape(-1, fitness.shape[-1])
    return _drawn(_ranks(rows).reshape(fitness.shape) * eligible, uniform)


def tournament(fitness: Floats, eligible: Eligible, uniform: Floats) -> Ints:
    """Slots of the fittest of `size` drawn evenly and put back, uniform (…, draws, size).

    Of equals the first drawn wins. ValueError as for `roulette`. Source: Goldberg and Deb (1991).
    """
    fitness = _known(fitness, eligible)
    entrants = neutral(eligible, uniform.reshape(*uniform.shape[:-2], -1))
    found = np.take_along_axis(fitness, entrants, axis=-1).reshape(uniform.shape)
    best = found.argmax(axis=-1)[..., None]
    return np.take_along_axis(entrants.reshape(uniform.shape), best, axis=-1)[..., 0]


def neutral(eligible: Eligible, uniform: Floats) -> Ints:
    """Slots drawn evenly among the eligible: no selection, the parents of Wright and Fisher."""
    return _drawn(np.ones(np.shape(eligible)) * _someone(eligible), uniform)


def uniform_crossover(mother: NDArray, father: NDArray, uniform: Floats) -> NDArray:
    """Each gene from one parent or the other, evenly; uniform (…, genes)."""
    return np.where(uniform < 0.5, mother, father)


def n_point_crossover(mother: NDArray, father: NDArray, uniform: Floats) -> NDArray:
    """Stretches of genes from the parents in turn, the mother's first, cut in different places.

    uniform (…, points), one per cut; every set of cuts between two genes is as likely. ValueError where there
    are more cuts than places.
    """
    genes, points = mother.shape[-1], uniform.shape[-1]
    if points > genes - 1:
        raise ValueError(f"n_point_crossover: {points} cuts in {genes} genes: valid are 0 to {genes - 1}")
    cuts = np.empty(uniform.shape, np.int64)
    from_father = np.zeros((*uniform.shape[:-1], genes), np.bool_)
    for k in range(points):
        cut = 1 + (uniform[..., k] * (genes - 1 - k)).astype(np.int64)
        for taken in np.moveaxis(np.sort(cuts[..., :k], axis=-1), -1, 0):
            cut += cut >= taken
        cuts[..., k] = cut
        from_father ^= np.arange(genes) >= cut[..., None]
    return np.where(from_father, father, mother)


def blend_crossover(mother: NDArray, father: NDArray, uniform: Floats, beyond: float = 0.5) -> NDArray:
    """Genes drawn evenly between the parents' and `beyond` of their distance on both sides.

    uniform (…, genes); `beyond` of (√3 − 1)/2 keeps the variance of unrelated parents. Source: Eshelman and
    Schaffer (1993), BLX-α.
    """
    weight = (1.0 + 2.0 * beyond) * uniform - beyond
    return mother + (weight * (father - mother)).astype(mother.dtype)


def gaussian_mutation(
    genome: NDArray, normal: Floats, uniform: Floats, rate: float | Floats, sigma: float | Floats
) -> NDArray:
    """Genomes with normal noise of sd `sigma` on a share `rate` of the genes; draws shaped like `genome`."""
    return genome + ((uniform < rate) * sigma * normal).astype(genome.dtype)


def inherited_taste(mother: Floats, father: Floats, normal: Floats, sigma: float) -> Floats:
    """Logits of a child's tastes (…, goods): the mean of its parents' plus normal noise of sd `sigma`.

    In logits, because a softmax of summed shares of G goods shrinks small differences to 2/G of themselves at
    every birth: tastes fade. The mean halves the variance of unrelated parents, so tastes settle at 2 sigma².
    """
    return 0.5 * (mother + father) + sigma * normal


def _someone(eligible: Eligible) -> Eligible:
    if not np.all(np.any(eligible, axis=-1)):
        raise ValueError("selection: nobody is eligible: valid is one slot or more")
    return eligible


def _known(fitness: Floats, eligible: Eligible) -> Floats:
    wrong = _someone(eligible) & ~np.isfinite(fitness)
    if wrong.any():
        raise ValueError(f"selection: fitness is {fitness[wrong][0]}: valid are finite numbers")
    return np.where(eligible, fitness, 0.0)


def _drawn(weights: Floats, uniform: Floats) -> Ints:
    """Slots (…, draws) by the inverse CDF of weights (…, slots), each row with its own draws."""
    rows = np.ascontiguousarray(weights).reshape(-1, weights.shape[-1])
    draws = np.ascontiguousarray(uniform, np.float64).reshape(len(rows), uniform.shape[-1])
    return _inverse(rows, draws).reshape(uniform.shape)


@jit
def _inverse(weights, uniform):
    slots = np.empty(uniform.shape, np.int64)
    for r in range(weights.shape[0]):
        passed = np.cumsum(weights[r])
        last = weights.shape[1] - 1
        while weights[r, last] == 0.0:  # so that rounding at the top never ends where nothing is
            last -= 1
        for k in range(uniform.shape[1]):
            goal = uniform[r, k] * passed[-1]
            slots[r, k] = min(np.searchsorted(passed, goal, side="right"), last)
    return slots


@jit
def _ranks(values):
    """Mean ranks (rows, slots) from 1 upwards within each row."""
    ranks = np.empty(values.shape)
    for r in range(values.shape[0]):
        ordered = np.sort(values[r])
        for k in range(values.shape[1]):
            below = np.searchsorted(ordered, values[r, k], side="left")
            upto = np.searchsorted(ordered, values[r, k], side="right")
            ranks[r, k] = 0.5 * (below + upto + 1)
    return ranks
