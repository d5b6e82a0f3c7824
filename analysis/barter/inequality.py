"""Inequality of the moment, and what of it lasts a life."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.barter.measure import Measure, compared, per_history, under_shuffles
from streams.measures import gini

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def inequality(of: str, amounts: Floats, seed: int = 0) -> Measure:
    """The Gini coefficient among agents at a tick, mean over ticks, of amounts (replica, tick, agent).

    There is no null: no distribution of amounts is that of chance.
    """
    return compared(f"inequality, {of}", per_history(gini(amounts)), None, "Gini", seed)


def lasting_inequality(of: str, amounts: Floats, identity: Ints, seed: int = 0) -> Measure:
    """The Gini coefficient of what agents have a tick, on average over their lives.

    amounts and numbers of agents (replica, tick, agent). Null: amounts shuffled among agents at every tick,
    the inequality that luck leaves in lives of these lengths.
    """
    values = over_lives(amounts, identity)
    null = under_shuffles(lambda x: over_lives(x, identity), amounts, seed=seed)
    return compared(f"lasting inequality, {of}", values, null, "Gini", seed)


def over_lives(amounts: Floats, identity: Ints) -> Floats:
    """The Gini coefficient (R,) of the means of agents over their lives."""
    found = []
    for mine, whose in zip(amounts, identity):
        _, agent = np.unique(whose, return_inverse=True)
        number = agent.ravel()
        found.append(gini(np.bincount(number, weights=mine.ravel()) / np.bincount(number)))
    return np.array(found)
