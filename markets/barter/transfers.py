"""Who gave what to whom: from endowments to an allocation by bilateral flows, per good.

An allocation says what everyone ends up with, not from whom. Givers and receivers of a good are joined by the
north-west corner rule in the order of their slots: at most givers + receivers - 1 rows (Dantzig 1951, in
Activity Analysis of Production and Allocation, ch. 23).
"""

import numpy as np
from numpy.typing import NDArray

from markets.barter.clearing import Clearing, Flows
from streams.jit import jit

DUST = 1e-13  # of what an agent holds or moves: a difference that is rounding


def flows(clearing: Clearing, endowment: NDArray) -> Flows:
    """Who gave what to whom in a `Clearing` of `endowment`: as they met, or else as `transfers`."""
    return clearing.flows or transfers(endowment, clearing.allocation, clearing.price)


def transfers(endowment: NDArray, allocation: NDArray, price: NDArray | None = None) -> Flows:
    """The `Flows` that lead from `endowment` to `allocation` (replica, agent, good).

    Rows are sorted by (replica, good, giver); `price` is (replica, good), nan if None. Conserves what each
    agent holds to 1e-12 of the good's supply if the allocation conserves goods. Raises ValueError for shapes
    that do not fit.
    """
    endowment = np.ascontiguousarray(endowment, np.float64)
    allocation = np.ascontiguousarray(allocation, np.float64)
    if endowment.ndim != 3 or endowment.shape != allocation.shape:
        shapes = f"endowment has shape {endowment.shape}, allocation {allocation.shape}"
        raise ValueError(f"{shapes} (valid: both (replica, agent, good))")
    replica, giver, receiver, good, amount = join(endowment, allocation, DUST)
    paid = np.full(amount.size, np.nan) if price is None else price[replica, good]
    return Flows(replica, giver, receiver, good, amount, paid)


@jit
def join(endowment, allocation, dust):
    """The columns of `Flows` but the last."""
    replicas, agents, goods = endowment.shape
    most = replicas * goods * max(agents - 1, 0)
    replica, good = np.empty(most, np.int32), np.empty(most, np.int32)
    giver, receiver = np.empty(most, np.int32), np.empty(most, np.int32)
    amount = np.empty(most)
    n = 0
    for r in range(replicas):
        for g in range(goods):
            i, offered = following(r, -1, g, endowment, allocation, dust)
            j, asked = following(r, -1, g, allocation, endowment, dust)
            least_offered, least_asked = dust * offered, dust * asked
            while i < agents and j < agents:
                moved = min(offered, asked)
                replica[n], giver[n], receiver[n], good[n], amount[n] = r, i, j, g, moved
                n += 1
                offered -= moved
                asked -= moved
                if offered <= least_offered:
                    i, offered = following(r, i, g, endowment, allocation, dust)
                    least_offered = dust * offered
                if asked <= least_asked:
                    j, asked = following(r, j, g, allocation, endowment, dust)
                    least_asked = dust * asked
    return replica[:n], giver[:n], receiver[:n], good[:n], amount[:n]


@jit
def following(r, i, g, larger, smaller, dust):
    """The next agent after `i` with more of `g` in `larger` than in `smaller`, and how
    much."""
    agents = larger.shape[1]
    i += 1
    while i < agents:
        more = larger[r, i, g] - smaller[r, i, g]
        if more > dust * larger[r, i, g]:
            return i, more
        i += 1
    return agents, 0.0
