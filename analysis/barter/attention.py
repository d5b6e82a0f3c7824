"""To whom agents listen: how many, how steadily, whether to their own kind, to a few or to all.

Attention is (replica, …, listener, speaker): rows sum to 1, nobody listens to itself.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import entr

from analysis.barter.measure import Measure, compared, difference, per_history, under_shuffles
from streams.measures import gini

Floats = NDArray[np.float64]


def focus(attention: Floats, seed: int = 0) -> Measure:
    """The effective number of speakers whom an agent hears, exp of the entropy of its shares.

    Null: as many as any agent hears at all, evenly.
    """
    most = np.count_nonzero(attention, axis=-1).max()
    return compared("focus of attention", _heard(attention), most, "agents", seed)


def refocused(early: Floats, late: Floats, seed: int = 0) -> Measure:
    """By how much the effective number of speakers that an agent hears has grown, against 0."""
    return difference("change of focus", _heard(early), _heard(late), "agents", seed)


def persistence(attention: Floats, ticks: int, seed: int = 0) -> Measure:
    """The share of attention (replica, picture, …) that goes where it went `ticks` before.

    Null: the shares of every listener shuffled among the others. Slots change hands: what is counted is
    the place, so that births lower it. Pictures are so many ticks apart.
    """
    before, now = others(checked(attention))[:, :-1], others(attention)[:, 1:]
    null = under_shuffles(lambda x: _overlap(x, now), before, seed=seed)
    name = f"persistence of attention, over {ticks} ticks"
    return compared(name, _overlap(before, now), null, "share", seed)


def assortative(by: str, attention: Floats, alike: Floats, seed: int = 0) -> Measure:
    """How alike agents are to those they hear, weighted by attention; `alike` is of its shape.

    Null: what they would hear if each divided attention as another listener does, all listeners in turn, so
    that speakers heard by everyone are no preference.
    """
    values, null = _likeness(attention, alike)
    return compared(f"assortative attention, {by}", values, null, "likeness", seed)


def assortative_beyond(
    by: str, learned: tuple[Floats, Floats], frozen: tuple[Floats, Floats], seed: int = 0
) -> Measure:
    """How much more alike than by exchange those are whom agents hear, against a filter left as born.

    Each is attention and likeness of the agents of an arm, as in `assortative`.
    """
    values, null = (own - exchanged for own, exchanged in (_likeness(*learned), _likeness(*frozen)))
    name = f"assortative attention, {by}, beyond exchange, against a frozen filter"
    return compared(name, values, null, "likeness", seed)


def same(labels: NDArray[Any]) -> Floats:
    """1 where agents share a label (…, agent), as their job, else 0: (…, agent, agent)."""
    return (labels[..., :, None] == labels[..., None, :]).astype(np.float64)


def overlap(shares: Floats) -> Floats:
    """What tastes (…, agent, good) that sum to 1 have in common, from 0 to 1: (…, agent, agent)."""
    return np.minimum(shares[..., :, None, :], shares[..., None, :, :]).sum(axis=-1)


def hubs(attention: Floats, seed: int = 0) -> Measure:
    """How unevenly agents are heard: the Gini coefficient of attention received.

    Null: the shares of every listener shuffled among the others: as choosy, without a common favourite.
    """
    rows = others(checked(attention))
    null = under_shuffles(_concentration, rows, seed=seed)
    return compared("hubs", _concentration(rows), null, "Gini", seed)


def checked(attention: Floats) -> Floats:
    """Attention; ValueError where a row does not sum to 1 or somebody listens to itself."""
    sums = attention.sum(axis=-1)
    wrong = ~(np.abs(sums - 1.0) < 1e-4)
    if wrong.any():
        raise ValueError(f"attention: shares of a listener sum to {sums[wrong][0]:.6g}: valid is 1")
    own = np.diagonal(attention, axis1=-2, axis2=-1)
    if own.any():
        raise ValueError(f"attention: a listener gives itself {own[own != 0][0]:.6g}: valid is 0")
    return attention


def others(square: Floats) -> Floats:
    """Return (…, agent, agent) without what agents have to do with themselves, (…, agent, agent − 1)."""
    agents = square.shape[-1]
    return square[..., ~np.eye(agents, dtype=np.bool_)].reshape(*square.shape[:-1], agents - 1)


def _heard(attention: Floats) -> Floats:
    return per_history(np.exp(entr(checked(attention)).sum(axis=-1)))


def _received(rows: Floats) -> Floats:
    """Attention received by each (…, agent), from `others`."""
    square = np.zeros((*rows.shape[:-1], rows.shape[-1] + 1))
    square[..., ~np.eye(square.shape[-1], dtype=np.bool_)] = rows.reshape(*rows.shape[:-2], -1)
    return square.sum(axis=-2)


def _concentration(rows: Floats) -> Floats:
    return per_history(gini(_received(rows)))


def _overlap(before: Floats, now: Floats) -> Floats:
    return per_history(np.minimum(before, now).sum(axis=-1))


def _likeness(attention: Floats, alike: Floats) -> tuple[Floats, Floats]:
    """Likeness to those heard, and under the attention of the others, of each history (R,)."""
    values, null = (checked(attention) * alike).sum(axis=-1), _exchanged(attention, alike)
    return per_history(np.where(np.isfinite(null), values, np.nan)), per_history(null)


def _exchanged(attention: Floats, alike: Floats) -> Floats:
    """Likeness (…, listener) under the attention of the others, what they give the listener left out.

    NaN where they all hear nobody else.
    """
    agents = attention.shape[-1]
    apart = np.where(np.eye(agents, dtype=np.bool_), 0.0, alike)
    heard = attention @ np.swapaxes(apart, -1, -2)  # [whose attention, for whom]
    left = 1.0 - attention
    known = ~np.eye(agents, dtype=np.bool_) & (left > 1e-9)
    expected = np.divide(heard, left, out=np.zeros(heard.shape), where=known).sum(axis=-2)
    count = known.sum(axis=-2)
    return np.divide(expected, count, out=np.full(count.shape, np.nan), where=count > 0)
