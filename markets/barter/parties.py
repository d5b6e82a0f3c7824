"""Who takes part in a market, what they bring in all, and their tastes over what there is.

An agent stays out, and keeps what it holds, if it is absent or likes nothing that those who take part bring.
A good that nobody brings is not traded, and tastes are renormalised over the goods that are. Dropping an
agent may take a good away and with it the last thing another one likes, so agents are dropped until none is
left to.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from streams.jit import jit

SOUND, NEGATIVE, DISLIKED, UNEVEN = 0, 1, 2, 3  # what `count_in` found
ROUNDING = 1e-6  # of a row of preferences that sums to 1


class Parties(NamedTuple):
    """A market before it clears; an agent with `scale` 0 stays out.

    `endowment`, `preference` (replica, agent, good) as given; `scale` (replica, agent): 1 / the sum of
    an agent's preferences over the goods there are; `supply` (replica, good): what those who take part
    bring.
    """

    endowment: NDArray[np.float64]
    preference: NDArray[np.float64]
    scale: NDArray[np.float64]
    supply: NDArray[np.float64]


def gather(endowment: NDArray, preference: NDArray, present: NDArray | None = None) -> Parties:
    """The `Parties` of `endowment` and `preference` (replica, agent, good), present or not.

    `endowment` >= 0; `preference` >= 0 with rows that sum to 1; `present` (replica, agent) bool,
    everyone if None. Raises ValueError for shapes that do not fit and for numbers of an agent present that
    are not valid.
    """
    endowment = np.ascontiguousarray(endowment, np.float64)
    preference = np.ascontiguousarray(preference, np.float64)
    if endowment.ndim != 3 or preference.shape != endowment.shape:
        shapes = f"endowment has shape {endowment.shape}, preference {preference.shape}"
        raise ValueError(f"{shapes} (valid: both (replica, agent, good))")
    if present is None:
        present = np.ones(endowment.shape[:2], np.bool_)
    present = np.ascontiguousarray(present, np.bool_)
    if present.shape != endowment.shape[:2]:
        raise ValueError(f"present has shape {present.shape} (valid: {endowment.shape[:2]})")
    scale, supply, fault, r, i = count_in(endowment, preference, present, ROUNDING)
    if fault != SOUND:
        where = f"of agent {i}, replica {r}"
        if fault == NEGATIVE:
            raise ValueError(f"endowment {endowment[r, i].tolist()} {where} (valid: finite numbers >= 0)")
        total = preference[r, i].sum()
        found = f"preference {preference[r, i].tolist()} {where} sums to {total}"
        raise ValueError(f"{found} (valid: numbers >= 0 that sum to 1)")
    return Parties(endowment, preference, scale, supply)


@jit
def count_in(endowment, preference, present, rounding):
    """Return `scale`, `supply` and the first fault found with its replica and agent; see `Parties`."""
    replicas, agents, goods = endowment.shape
    scale = np.zeros((replicas, agents))
    supply = np.zeros((replicas, goods))
    for r in range(replicas):
        for i in range(agents):
            if present[r, i]:
                scale[r, i] = 1.0
                fault = examine(r, i, endowment, preference, rounding)
                if fault != SOUND:
                    return scale, supply, fault, r, i
        changed = True
        while changed:
            changed = False
            supply[r] = 0.0
            for i in range(agents):
                if scale[r, i] > 0.0:
                    for g in range(goods):
                        supply[r, g] += endowment[r, i, g]
            for i in range(agents):
                if scale[r, i] > 0.0:
                    liked = 0.0
                    for g in range(goods):
                        if supply[r, g] > 0.0:
                            liked += preference[r, i, g]
                    scale[r, i] = 1.0 / liked if liked > 0.0 else 0.0
                    if liked == 0.0:
                        changed = True
    return scale, supply, SOUND, 0, 0


@jit
def examine(r, i, endowment, preference, rounding):
    """What is wrong with the goods and preferences of agent `i`, `SOUND` if nothing."""
    total = 0.0
    for g in range(endowment.shape[2]):
        if not 0.0 <= endowment[r, i, g] < np.inf:
            return NEGATIVE
        if not preference[r, i, g] >= 0.0:
            return DISLIKED
        total += preference[r, i, g]
    return SOUND if abs(total - 1.0) <= rounding else UNEVEN
