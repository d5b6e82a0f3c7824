"""The directory of live orders: from an order's number to its record, by open addressing.

Numbers may be any; a place is found by Fibonacci hashing, emptied by shifting back what follows (Knuth, The
Art of Computer Programming, 6.4, algorithm R), so that nothing depends on what has been there before.
"""

import numpy as np

from markets.order_memory import NOTHING
from streams.jit import leaf

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@leaf
def home(m, number):
    """Where a number is looked for first, within a replica's part."""
    return np.int64((np.uint64(number) * _GOLDEN) >> np.uint64(m.sizes[1]))


@leaf
def place_of(m, r, number):
    """The place that holds a number, or the empty one where it would go."""
    at, mask = home(m, number), m.directory.shape[1] - 1
    while m.directory[r, at].slot != NOTHING and m.directory[r, at].number != number:
        at = (at + 1) & mask
    return at


@leaf
def find(m, r, number):
    """The slot of a live order, or NOTHING."""
    return m.directory[r, place_of(m, r, number)].slot


@leaf
def enlist(m, r, number, slot):
    """Note where a live order's record lies."""
    place = m.directory[r, place_of(m, r, number)]
    place.number, place.slot = number, slot


@leaf
def strike(m, r, number):
    """Forget a number."""
    mask = m.directory.shape[1] - 1
    hole = at = place_of(m, r, number)
    while True:
        at = (at + 1) & mask
        other = m.directory[r, at]
        if other.slot == NOTHING:
            break
        if ((at - home(m, other.number)) & mask) >= ((at - hole) & mask):
            moved = m.directory[r, hole]
            moved.number, moved.slot = other.number, other.slot
            hole = at
    m.directory[r, hole].slot = NOTHING
