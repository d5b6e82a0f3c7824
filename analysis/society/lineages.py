"""Lines of mothers: how many founders they lead back to, and how long ago all were one.

Births are `Parents` of (replica, tick, slot). Null: Wright–Fisher with the same deaths, the mother of each
birth drawn evenly among those who live on, or among all where nobody does. Source: Kingman (1982).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.special import entr

from analysis.inference import uniforms
from analysis.society.lives import Parents
from analysis.society.measure import Measure, compared

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
DRAWS = 50


def lineage_entropy(parents: Parents, draws: int = DRAWS, seed: int = 0) -> Measure:
    """Return the entropy of founders among the lines that live at the end, in bits; log2 N at the start.

    Histories so long that most neutral lines lead to one founder say nothing and are left out.
    """
    drawn = np.array([entropy(mother) for mother in _drawn(parents, draws, seed)])
    null = np.where(np.median(drawn, axis=0) > 0.0, drawn.mean(axis=0), np.nan)
    return compared("lineage entropy", entropy(parents.mother), null, "bits", seed)


def latest_ancestor(parents: Parents, draws: int = DRAWS, seed: int = 0) -> Measure:
    """Return how many ticks ago the lines of the living were one, at most the length of the history.

    Lines that have not met count that length, here and in the null. Histories so short that fewer than half
    of the neutral lines would have met (2N lives are few) say nothing and are left out.
    """
    drawn = np.array([coalescence(mother) for mother in _drawn(parents, draws, seed)])
    known = np.median(drawn, axis=0) < parents.mother.shape[1]
    null = np.where(known, drawn.mean(axis=0), np.nan)
    return compared("common ancestor", coalescence(parents.mother), null, "ticks", seed)


def founders(mother: Ints) -> Ints:
    """Return the slot at the start of the founder of each line that lives at the end, (R, T, N) to (R, N)."""
    line = np.broadcast_to(np.arange(mother.shape[-1]), (len(mother), mother.shape[-1]))
    for tick in range(mother.shape[1]):
        line = np.take_along_axis(line, mother[:, tick], axis=-1)
    return line


def entropy(mother: Ints) -> Floats:
    """Return the entropy of founders (R,) in bits."""
    agents = mother.shape[-1]
    cells = founders(mother) + agents * np.arange(len(mother))[:, None]
    counts = np.bincount(cells.ravel(), minlength=len(mother) * agents).reshape(len(mother), agents)
    return entr(counts / agents).sum(axis=-1) / np.log(2.0)


def coalescence(mother: Ints) -> Floats:
    """Return the ticks (R,) since the last common ancestor of all by mothers, T where there is none."""
    replicas, ticks, agents = mother.shape
    stood = np.broadcast_to(np.arange(agents), (replicas, agents))
    ago = np.full(replicas, float(ticks))
    apart = np.ones(replicas, np.bool_)
    for back in range(1, ticks + 1):
        stood = np.take_along_axis(mother[:, -back], stood, axis=-1)
        met = apart & (stood == stood[:, :1]).all(axis=-1)
        ago[met] = back
        apart &= ~met
    return ago


def neutral_mothers(born: NDArray[np.bool_], seed: int = 0) -> Ints:
    """Return mothers (R, T, N) drawn evenly for births (R, T, N); who lives on has its own slot."""
    agents = born.shape[-1]
    mother = np.broadcast_to(np.arange(agents), born.shape).copy()
    replica, tick, slot = np.nonzero(born)
    survivors = agents - born.sum(axis=-1)
    able = np.where(survivors == 0, agents, survivors)[replica, tick]
    place = (uniforms((slot.size,), seed) * able).astype(np.int64)
    mother[replica, tick, slot] = np.argsort(born, axis=-1, kind="stable")[replica, tick, place]
    return mother


def _drawn(parents: Parents, draws: int, seed: int) -> Iterator[Ints]:
    return (neutral_mothers(parents.born, seed * draws + draw) for draw in range(draws))
