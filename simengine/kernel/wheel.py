"""A timing wheel: who is due at a tick, in the order of slots, without a scan of the column of dates.

For the compiled loop of a span:

    wheel.turn_to(due, alive)                               # before the loop; no work if nothing has moved
    n = take_due(wheel.bits, r, due, alive, tick, acting)   # acting[:n] are due now, and leave the wheel
    put(wheel.bits, r, date, agent)                         # whoever is to act again, or is born
    wheel.keep(due, alive)                                  # after it: the wheel stands as these say

The column of dates is the only truth. A wheel is no state: it is filled again where dates or `alive` are not
as the last call left them (a shock, a checkpoint), so that it cannot differ from them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simengine.kernel.state import NEVER
from streams.jit import jit, leaf

TURN = 1024
"""Ticks in one turn of a wheel. An agent due later stays for another turn, at a small price."""

_ONE, _ZERO = np.uint64(1), np.uint64(0)
_ODD, _PAIRS, _FOURS, _BYTES = (
    np.uint64(n) for n in (0x5555555555555555, 0x3333333333333333, 0x0F0F0F0F0F0F0F0F, 0x0101010101010101)
)
_TWO, _FOUR, _TOP = np.uint64(2), np.uint64(4), np.uint64(56)


@leaf
def lowest_bit(bits):
    """The position of the lowest bit that is set (uint64, not 0): the number of zeros below it."""
    below = (bits & (~bits + _ONE)) - _ONE
    below -= (below >> _ONE) & _ODD
    below = (below & _PAIRS) + ((below >> _TWO) & _PAIRS)
    below = (below + (below >> _FOUR)) & _FOURS
    return np.int64((below * _BYTES) >> _TOP)


@leaf
def put(bits, r, date, agent):
    """Have an agent of replica index `r` come at `date`."""
    bits[r, date % bits.shape[1], agent >> 6] |= _ONE << np.uint64(agent & 63)


@leaf
def take_due(bits, r, due, alive, tick, acting):
    """Write the live agents of replica index `r` due at `tick` into `acting`, in order; their number."""
    found, place = 0, tick % bits.shape[1]
    for word in range(bits.shape[2]):
        rest, later = bits[r, place, word], _ZERO
        while rest != _ZERO:
            bit = lowest_bit(rest)
            rest &= rest - _ONE
            agent = word * 64 + bit
            if not alive[r, agent]:
                continue
            if due[r, agent] <= tick:
                acting[found] = agent
                found += 1
            else:
                later |= _ONE << np.uint64(bit)
        bits[r, place, word] = later
    return found


@jit
def _stands(seen, due, alive):
    differs = False
    for r in range(due.shape[0]):
        for n in range(due.shape[1]):
            differs |= seen[r, n] != (due[r, n] if alive[r, n] else NEVER)
    return not differs


@jit
def _keep(seen, due, alive):
    for r in range(due.shape[0]):
        for n in range(due.shape[1]):
            seen[r, n] = due[r, n] if alive[r, n] else NEVER


@jit
def _fill(bits, seen):
    bits[:] = _ZERO
    for r in range(seen.shape[0]):
        for n in range(seen.shape[1]):
            if seen[r, n] < NEVER:
                put(bits, r, seen[r, n], n)


class Wheel:
    """The wheel of `agents` slots in R replicas; `bits` (R, TURN, words) has one for each agent and tick."""

    def __init__(self, replicas: int, agents: int) -> None:
        self.bits = np.zeros((replicas, TURN, -(-agents // 64)), np.uint64)
        self._seen = np.full((replicas, agents), NEVER)

    def turn_to(self, due: NDArray[np.int64], alive: NDArray[np.bool_]) -> None:
        """Fill it again, unless dates (R, N) and `alive` are as they were kept."""
        if not _stands(self._seen, due, alive):
            _keep(self._seen, due, alive)
            _fill(self.bits, self._seen)

    def keep(self, due: NDArray[np.int64], alive: NDArray[np.bool_]) -> None:
        """Remember the dates and `alive` that the wheel now stands for."""
        _keep(self._seen, due, alive)
