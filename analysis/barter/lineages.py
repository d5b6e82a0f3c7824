"""Lines of mothers: how many founders they lead back to, and how many pairs have met in one.

Births are `Parents` of (replica, tick, slot). Null: Wright–Fisher with the same deaths, the mother of each
birth drawn evenly among those who live on, or among all where nobody does. Source: Kingman (1982).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.special import entr

from analysis.barter.lives import Parents
from analysis.barter.measure import Measure, compared
from analysis.inference import uniforms

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
DRAWS = 50


def lineage_entropy(parents: Parents, draws: int = DRAWS, seed: int = 0) -> Measure:
    """The entropy of founders among the lines that live at the end, in bits; log2 N at the start.

    Histories so long that most neutral lines lead to one founder say nothing and are left out.
    """
    drawn = np.array([entropy(mother) for mother in _drawn(parents, draws, seed)])
    null = np.where(np.median(drawn, axis=0) > 0.0, drawn.mean(axis=0), np.nan)
    return compared("lineage entropy", entropy(parents.mother), null, "bits", seed)


def shared_ancestor(parents: Parents, draws: int = DRAWS, seed: int = 0) -> Measure:
    """The share of pairs of the living whose lines have met within the T ticks of births."""
    null = np.mean([met(mother) for mother in _drawn(parents, draws, seed)], axis=0)
    name = f"common ancestor, within {parents.mother.shape[1]} ticks"
    return compared(name, met(parents.mother), null, "share of pairs", seed)


def founders(mother: Ints) -> Ints:
    """The slot at the start of the founder of each line that lives at the end, (R, T, N) to (R, N)."""
    line = np.broadcast_to(np.arange(mother.shape[-1]), (len(mother), mother.shape[-1]))
    for tick in range(mother.shape[1]):
        line = np.take_along_axis(line, mother[:, tick], axis=-1)
    return line


def entropy(mother: Ints) -> Floats:
    """The entropy of founders (R,) in bits."""
    return entr(_lines(mother) / mother.shape[-1]).sum(axis=-1) / np.log(2.0)


def met(mother: Ints) -> Floats:
    """The share of pairs (R,) of those who live at the end that have one founder."""
    lines, agents = _lines(mother), mother.shape[-1]
    return (lines * (lines - 1)).sum(axis=-1) / (agents * (agents - 1))


def neutral_mothers(born: NDArray[np.bool_], seed: int = 0) -> Ints:
    """Mothers (R, T, N) drawn evenly for births (R, T, N); who lives on has its own slot."""
    agents = born.shape[-1]
    mother = np.broadcast_to(np.arange(agents), born.shape).copy()
    replica, tick, slot = np.nonzero(born)
    survivors = agents - born.sum(axis=-1)
    able = np.where(survivors == 0, agents, survivors)[replica, tick]
    place = (uniforms((slot.size,), seed) * able).astype(np.int64)
    mother[replica, tick, slot] = np.argsort(born, axis=-1, kind="stable")[replica, tick, place]
    return mother


def _lines(mother: Ints) -> Ints:
    """How many lines that live at the end each founder has, (R, N)."""
    agents = mother.shape[-1]
    cells = founders(mother) + agents * np.arange(len(mother))[:, None]
    return np.bincount(cells.ravel(), minlength=len(mother) * agents).reshape(len(mother), agents)


def _drawn(parents: Parents, draws: int, seed: int) -> Iterator[Ints]:
    return (neutral_mothers(parents.born, seed * draws + draw) for draw in range(draws))
