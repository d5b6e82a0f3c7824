"""One uint64 per replica for the whole state: the sum over live slots of mix(bits + salt(column) · slot).

It does not depend on capacity (dead slots count for nothing), on listeners or on recorders. Members without
an `alive` column, such as a ledger, are digested element by element.
"""

from __future__ import annotations

from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from simengine.kernel.noise import GOLDEN, mix
from simengine.kernel.state import Columns, State
from streams.jit import jit

_MULTIPLIER = np.uint64(0xD6E8FEB86659FD93)
_ONE, _SHIFT = np.uint64(1), np.uint64(32)
_UNSIGNED = {1: np.uint8, 2: np.uint16, 4: np.uint32, 8: np.uint64}


@jit
def _scatter(x):
    x = (x ^ (x >> _SHIFT)) * _MULTIPLIER
    return x ^ (x >> _SHIFT)


@jit
def _add(bits, alive, salt, out):
    """Add one column's sum over live slots to out (R,); bits (R, N, K) unsigned, alive (R, N)."""
    for r in range(bits.shape[0]):
        total = np.uint64(0)
        for n in range(bits.shape[1]):
            if alive[r, n]:
                slot = salt * (np.uint64(n) + _ONE)
                for k in range(bits.shape[2]):
                    total += _scatter((np.uint64(bits[r, n, k]) + slot + np.uint64(k) * GOLDEN) * _MULTIPLIER)
        out[r] += total


@jit
def _extend(digests, sums, tick):
    for r in range(digests.size):
        digests[r] = mix(mix(digests[r] + GOLDEN) + sums[r] + np.uint64(tick) * _MULTIPLIER)


def _salt(name: str) -> np.uint64:
    return np.uint64(crc32(name.encode()) << 32 | 0x9E3779B1)


class Digest:
    """Digests of one state; what never moves (views of columns, salts) is prepared once."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._plan: dict[str, list[tuple[Any, ...]]] = {}

    def sums(self) -> NDArray[np.uint64]:
        """The digest (R,) of the present state alone."""
        out = np.zeros(self.state.replicas, np.uint64)
        for name, member in self.state:
            plan = self._plan.get(name)
            if plan is None:
                plan = _views(name, member, self.state.replicas)
                if isinstance(member, Columns):
                    self._plan[name] = plan
            for bits, alive, salt in plan:
                _add(bits, alive, salt, out)
        return out

    def extend(self, digests: NDArray[np.uint64], tick: int) -> None:
        """Chain the present state into digests (R,), in place."""
        _extend(digests, self.sums(), tick)


def _views(name: str, member: Any, replicas: int) -> list[tuple[Any, ...]]:
    views = []
    columns = isinstance(member, Columns)
    alive = member.alive.reshape(replicas, -1) if columns else np.ones((replicas, 1), np.bool_)
    for each, array in member.columns().items():
        bits = array.view(_UNSIGNED[array.dtype.itemsize]).reshape(replicas, alive.shape[1], -1)
        views.append((bits, alive, _salt(f"{name}/{each}")))
    return views
