"""One uint64 per replica for the whole state: a keyed sum over the values of live slots.

Each value has a key that depends on its column and slot; its two 32-bit halves are added to the halves of the
key and multiplied (the NH hash of Black et al. 1999, which runs at memory speed). A digest does not depend on
capacity (dead slots count for nothing), on listeners or on recorders. Members without an `alive` column, such
as a ledger, are digested element by element. Columns that only check others may be left out of it.
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
    keys = np.empty(slots * width, np.uint64)
    for n in range(slots):
        for k in range(width):
            slot = (np.uint64(n) + _ONE) * GOLDEN
            keys[n * width + k] = mix(mix(np.uint64(salt) + np.uint64(k)) + slot)
    return keys


@jit
def _term(value, key):
    return ((value + key) & _LOW) * ((value >> _HALF) + (key >> _HALF) & _LOW)


@jit
def _add(bits, table, keys, alive, out):
    """Add columns to out (R,); `table`: offset in bits, values per slot, first key; alive (R, N)."""
    replicas, slots = alive.shape
    full = np.ones(replicas, np.bool_)
    for r in range(replicas):
        for n in range(slots):
            full[r] &= alive[r, n]
    for c in range(table.shape[0]):
        offset, width, first = table[c, 0], table[c, 1], table[c, 2]
        count = slots * width
        values = bits[offset : offset + replicas * count].reshape(replicas, count)
        key = keys[first : first + count]
        for r in range(replicas):
            total = np.uint64(0)
            if full[r]:  # a loop of its own, which compiles to vector instructions
                for i in range(count):
                    total += _term(np.uint64(values[r, i]), key[i])
            else:
                for n in range(slots):
                    if alive[r, n]:
                        for i in range(n * width, n * width + width):
                            total += _term(np.uint64(values[r, i]), key[i])
            out[r] += total


@jit
def _extend(digests, sums, tick):
    for r in range(digests.size):
        digests[r] = mix(mix(digests[r] + GOLDEN) + sums[r]) ^ mix(np.uint64(tick))


class Digest:
    """Digests of one state; what never moves (keys, views of columns) is prepared once."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._plans: dict[str, list[tuple[Any, ...]]] = {}
        self._known: dict[str, tuple[Any, ...]] = {}
        self._whole = np.ones((state.replicas, 1), np.bool_)

    def sums(self) -> NDArray[np.uint64]:
        """The digest (R,) of the present state alone."""
        out = np.zeros(self.state.replicas, np.uint64)
        for name, member in self.state:
            if name in self._plans:
                plan = self._plans[name]
            elif isinstance(member, Columns):
                plan = self._plans[name] = _columns(name, member)
            else:
                plan = [self._array(f"{name}/{each}", array) for each, array in member.columns().items()]
            for bits, table, keys, alive in plan:
                _add(bits, table, keys, alive, out)
        return out

    def extend(self, digests: NDArray[np.uint64], tick: int) -> None:
        """Chain the present state into digests (R,), in place."""
        _extend(digests, self.sums(), tick)

    def _array(self, label: str, array: NDArray[Any]) -> tuple[Any, ...]:
        if label not in self._known:
            width = array.size // self.state.replicas
            self._known[label] = np.array([[0, width, 0]]), _keys(_salt(label), 1, width)
        return array.reshape(-1).view(_UNSIGNED[array.itemsize]), *self._known[label], self._whole


def _salt(label: str) -> int:
    return crc32(label.encode()) << 31


def _columns(name: str, member: Columns) -> list[tuple[Any, ...]]:
    """What `_add` needs for the columns of each itemsize."""
    plans = []
    alive = member.alive.reshape(member.replicas, -1)
    for size, kind in _UNSIGNED.items():
        table, keys = [], [np.empty(0, np.uint64)]
        for each, array in member.columns().items():
            if array.itemsize == size and member.spec(each).digested:
                width = array.size // alive.size
                offset = (array.ctypes.data - member.arena.ctypes.data) // size
                table.append((offset, width, sum(map(len, keys))))
                keys.append(_keys(_salt(f"{name}/{each}"), member.capacity, width))
        if table:
            plans.append((member.arena.view(kind), np.array(table), np.concatenate(keys), alive))
    return plans
