"""One uint64 per replica for the whole state: a keyed sum over the values of live slots.

Each value has a key that depends on its column and slot; its two 32-bit halves are added to the halves of the
key and multiplied (the NH hash of Black et al. 1999, which runs at memory speed). A digest does not depend on
capacity (dead slots count for nothing), on listeners or on recorders. Members without an `alive` column, such
as a ledger, are digested element by element.
"""

from __future__ import annotations

from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from simengine.kernel.noise import GOLDEN, mix
from simengine.kernel.state import Columns, State
from streams.jit import jit

_LOW, _HALF, _ONE = np.uint64(0xFFFFFFFF), np.uint64(32), np.uint64(1)
_UNSIGNED = {1: np.uint8, 2: np.uint16, 4: np.uint32, 8: np.uint64}


@jit
def _keys(salt, slots, width):
    keys = np.empty((slots, width), np.uint64)
    for n in range(slots):
        for k in range(width):
            keys[n, k] = mix(mix(np.uint64(salt) + np.uint64(k)) + (np.uint64(n) + _ONE) * GOLDEN)
    return keys


@jit
def _term(value, key):
    return ((value + key) & _LOW) * ((value >> _HALF) + (key >> _HALF) & _LOW)


@jit
def _add(bits, alive, keys, out):
    """Add a column's sum over live slots to out (R,): bits (R, N, K), alive (R, N), keys (N, K)."""
    for r in range(bits.shape[0]):
        total = np.uint64(0)
        if bits.shape[2] == 1:  # a loop of its own, which compiles to vector instructions
            for n in range(bits.shape[1]):
                total += _term(np.uint64(bits[r, n, 0]), keys[n, 0]) * np.uint64(alive[r, n])
        else:
            for n in range(bits.shape[1]):
                if alive[r, n]:
                    for k in range(bits.shape[2]):
                        total += _term(np.uint64(bits[r, n, k]), keys[n, k])
        out[r] += total


@jit
def _extend(digests, sums, tick):
    for r in range(digests.size):
        digests[r] = mix(mix(digests[r] + GOLDEN) + sums[r]) ^ mix(np.uint64(tick))


class Digest:
    """Digests of one state; what never moves (keys, views of columns) is prepared once."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._views: dict[str, list[tuple[Any, ...]]] = {}
        self._known: dict[str, NDArray[np.uint64]] = {}

    def sums(self) -> NDArray[np.uint64]:
        """The digest (R,) of the present state alone."""
        out = np.zeros(self.state.replicas, np.uint64)
        for name, member in self.state:
            views = self._views.get(name)
            if views is None:
                views = self._viewed(name, member)
                if isinstance(member, Columns):
                    self._views[name] = views
            for bits, alive, keys in views:
                _add(bits, alive, keys, out)
        return out

    def extend(self, digests: NDArray[np.uint64], tick: int) -> None:
        """Chain the present state into digests (R,), in place."""
        _extend(digests, self.sums(), tick)

    def _viewed(self, name: str, member: Any) -> list[tuple[Any, ...]]:
        replicas = self.state.replicas
        columns = isinstance(member, Columns)
        alive = member.alive.reshape(replicas, -1) if columns else np.ones((replicas, 1), np.bool_)
        views = []
        for each, array in member.columns().items():
            bits = array.view(_UNSIGNED[array.dtype.itemsize]).reshape(replicas, alive.shape[1], -1)
            label = f"{name}/{each}"
            if label not in self._known:
                self._known[label] = _keys(crc32(label.encode()) << 31, *bits.shape[1:])
            views.append((bits, alive, self._known[label]))
        return views
