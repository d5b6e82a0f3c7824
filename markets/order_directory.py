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
    return np.int64((np.uint64(number) * _GOLDEN) >> np.uint64(m.sizes[4]))


@leaf
def place_of(m, r, number):
    """The place that holds a number, or the empty one where it would go."""
    places = m.sizes[3]
    first, at = r * places, home(m, number)
    while m.directory[first + at].slot != NOTHING and m.directory[first + at].number != number:
        at = (at + 1) & (places - 1)
    return first + at


@leaf
def find(m, r, number):
    """The slot of a live order, or NOTHING."""
    return m.directory[place_of(m, r, number)].slot


@leaf
def enlist(m, r, number, slot):
    """Note where a live order's record lies."""
    place = m.directory[place_of(m, r, number)]
    place.number, place.slot = number, slot


@leaf
def strike(m, r, number):
    """Forget a number."""
    mask = m.sizes[3] - 1
    first = r * (mask + 1)
    hole = place_of(m, r, number) - first
    at = hole
    while True:
        at = (at + 1) & mask
        other = m.directory[first + at]
        if other.slot == NOTHING:
            break
        if ((at - home(m, other.number)) & mask) >= ((at - hole) & mask):
            moved = m.directory[first + hole]
            moved.number, moved.slot = other.number, other.slot
            hole = at
    m.directory[first + hole].slot = NOTHING
