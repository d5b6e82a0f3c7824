"""Which agents: compiled scans over (R, N) columns that give long-form rows sorted by (replica, agent)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from streams.jit import jit

WORD = 64
"""Heads in one word of a bit mask."""


class Rows(NamedTuple):
    """Long-form rows: replica index and agent slot (int32) and the tick each was due at (int64)."""

    replica: NDArray[np.int32]
    agent: NDArray[np.int32]
    tick: NDArray[np.int64]


@jit
def soonest(column, alive, never):
    """The earliest tick among live agents, and where it stands: (tick, replica, agent); `never` when none."""
    best, replica, agent = never, -1, -1
    for r in range(column.shape[0]):
        low = never
        for n in range(column.shape[1]):
            low = min(low, column[r, n] if alive[r, n] else never)
        if low < best:
            best, replica = low, r
    if replica >= 0:
        for n in range(column.shape[1]):
            if alive[replica, n] and column[replica, n] == best:
                agent = n
                break
    return best, replica, agent


@jit
def due_rows(column, alive, tick):
    """Replica, agent and tick of every live agent whose tick in `column` has come."""
    count = 0
    for r in range(column.shape[0]):
        for n in range(column.shape[1]):
            if alive[r, n] and column[r, n] <= tick:
                count += 1
    replica, agent = np.empty(count, np.int32), np.empty(count, np.int32)
    when = np.empty(count, np.int64)
    i = 0
    for r in range(column.shape[0]):
        for n in range(column.shape[1]):
            if alive[r, n] and column[r, n] <= tick:
                replica[i], agent[i], when[i] = r, n, column[r, n]
                i += 1
    return replica, agent, when


@jit
def all_finite(numbers):
    """Whether all numbers of a flat array are finite."""
    strange = 0
    for i in range(numbers.size):
        strange += not np.isfinite(numbers[i])
    return strange == 0


@jit
def left_out(numbers, mask):
    """Whether every row of numbers (n, width) that a mask (n,) leaves out is 0."""
    strange = 0
    for i in range(mask.size):
        if not mask[i]:
            for k in range(numbers.shape[1]):
                strange += numbers[i, k] != 0.0
    return strange == 0


@jit
def unchanged(a, b):
    """True when two boolean arrays (R, N) are equal."""
    differ = False
    for r in range(a.shape[0]):
        for n in range(a.shape[1]):
            differ |= a[r, n] != b[r, n]
    return not differ


@jit
def mark_cohort(mask, alive, owned, bits):
    """Ask every live agent without a calendar of its own: `bits` (words,) go into `mask` (R, N, words)."""
    for r in range(mask.shape[0]):
        for n in range(mask.shape[1]):
            if alive[r, n] and not owned[r, n]:
                for w in range(bits.size):
                    mask[r, n, w] |= bits[w]


@jit
def mark_due(mask, alive, owned, bits, column, tick):
    """Ask every such agent whose tick in `column` has come; the flat index of one asked twice, or -1."""
    twice = -1
    for r in range(mask.shape[0]):
        for n in range(mask.shape[1]):
            if column[r, n] <= tick and alive[r, n] and not owned[r, n]:
                for w in range(bits.size):
                    if twice < 0 and mask[r, n, w] & bits[w]:
                        twice = r * mask.shape[1] + n
                    mask[r, n, w] |= bits[w]
    return twice


@jit
def collect(mask, heads):
    """Replica, agent, asked (rows, heads) of whoever has bits in `mask` (R, N, words), which is cleared."""
    count = 0
    for r in range(mask.shape[0]):
        for n in range(mask.shape[1]):
            count += _any(mask[r, n])
    replica, agent = np.empty(count, np.int32), np.empty(count, np.int32)
    asked = np.empty((count, heads), np.bool_)
    i = 0
    for r in range(mask.shape[0]):
        for n in range(mask.shape[1]):
            if _any(mask[r, n]):
                replica[i], agent[i] = r, n
                for h in range(heads):
                    word = mask[r, n, h // WORD]
                    asked[i, h] = (word >> np.uint64(h % WORD)) & np.uint64(1)
                mask[r, n] = 0
                i += 1
    return replica, agent, asked


@jit
def _any(words):
    found = False
    for w in range(words.size):
        found |= words[w] != 0
    return found


@jit
def write_same(action, replica, agent, asked, answer):
    """Write one answer (heads,) into the asked heads of action (R, N, heads) for every row."""
    for i in range(replica.size):
        for h in range(answer.size):
            if asked[i, h]:
                action[replica[i], agent[i], h] = answer[h]


@jit
def write_each(action, replica, agent, asked, answer, sizes):
    """Write answers (rows, heads) likewise; the first row with an answer outside its head, or -1."""
    for i in range(replica.size):
        for h in range(sizes.size):
            if asked[i, h]:
                if answer[i, h] < 0 or answer[i, h] >= sizes[h]:
                    return i
                action[replica[i], agent[i], h] = answer[i, h]
    return -1
