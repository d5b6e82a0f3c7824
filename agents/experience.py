"""What a learner learns from: transitions in the order of time, whoever has collected them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray


class Transitions(NamedTuple):
    """One row per decision of an agent, in the order of time: arrays (rows, …)."""

    observation: NDArray[np.float32]
    """(rows, width) as observed and remembered (`observation.Layout`), before any normalisation"""
    action: NDArray[Any]
    """(rows, numbers) what was drawn: indices, or float32 where not every head is one of symbols"""
    asked: NDArray[np.bool_]
    """(rows, heads) which heads were asked; the actions of others mean nothing"""
    log_probability: NDArray[np.float32]
    """(rows,) of the actions asked, in nats, under the policy that acted"""
    reward: NDArray[np.float64]
    """(rows,) until the next decision, discounted to this one"""
    tick: NDArray[np.int64]
    """(rows,) of the decision"""
    elapsed: NDArray[np.int64]
    """(rows,) ticks until the next decision; 0 where there is none"""
    ordinal: NDArray[np.int64]
    """(rows,) barriers of the same tick that came before, for this population"""
    following: NDArray[np.int64]
    """(rows,) the row of the agent's next decision, `rollout.OPEN` before it, `ENDED` where its life ended"""


class Experience(NamedTuple):
    """Transitions of R replicas, the sum of all rewards of each (R,), and how many rewards there were."""

    transitions: Transitions
    total: NDArray[np.float64]
    rewards: int

    @property
    def mean_reward(self) -> float:
        """The mean of all rewards given, undiscounted, whether or not a row was open."""
        return float(self.total.sum()) / max(self.rewards, 1)


def merged(parts: Sequence[Experience]) -> Experience:
    """The experience of consecutive replicas as one rollout of them all would hold it, to the bit.

    A rollout's rows are in the order of (tick, ordinal, replica, agent): each part's are, and the parts come
    in the order of their replicas, so that a stable sort by tick and ordinal is all it takes.
    """
    sizes = [len(part.transitions.tick) for part in parts]
    columns: Any = (np.concatenate(column) for column in zip(*(part.transitions for part in parts)))
    rows = Transitions(*columns)
    order = np.lexsort((rows.ordinal, rows.tick))
    place = np.empty_like(order)
    place[order] = np.arange(order.size)
    start = np.repeat(np.cumsum([0, *sizes[:-1]]), sizes)
    following, known = rows.following.copy(), rows.following >= 0
    following[known] = place[(start + rows.following)[known]]
    sorted_columns: Any = (column[order] for column in rows._replace(following=following))
    total = np.concatenate([part.total for part in parts])
    return Experience(Transitions(*sorted_columns), total, sum(part.rewards for part in parts))
