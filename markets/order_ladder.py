"""Prices of a book in order, and the queue of orders at each: the best price is at the end of its ladder."""

from markets.order_memory import BUYING, IN_BOOK, NOTHING, SELL_STOPS
from streams.jit import leaf
from streams.shift import shift

NEAR = 8  # rungs that are looked at one by one before the rest is bisected


@leaf
def key_of(ladder, price):
    """What a price is sorted by in a ladder of a book (0 to 3): it grows towards the best."""
    return price if ladder in (BUYING, SELL_STOPS) else -price


@leaf
def rungs_up_to(m, ladder, key):
    """How many rungs of a ladder (book × 4 + which) have keys up to `key`."""
    first, n = ladder * m.sizes[2], m.count[ladder]
    low, high = max(0, n - NEAR), n
    while high > low and m.ladder[first + high - 1].key > key:
        high -= 1
    if high > low or low == 0:
        return high
    high, low = low, 0
    while low < high:
        middle = (low + high) >> 1
        if m.ladder[first + middle].key <= key:
            low = middle + 1
        else:
            high = middle
    return low


@leaf
def has_room(m, ladder, key):
    """Whether an order may be put at a key: the key is there, or room for another."""
    n = m.count[ladder]
    if n < m.sizes[2]:
        return True
    up_to = rungs_up_to(m, ladder, key)
    return up_to > 0 and m.ladder[ladder * m.sizes[2] + up_to - 1].key == key


@leaf
def level_at(m, r, ladder, key):
    """The level of a key, made where there is none; there is room."""
    first, n, up_to = ladder * m.sizes[2], m.count[ladder], rungs_up_to(m, ladder, key)
    if up_to > 0 and m.ladder[first + up_to - 1].key == key:
        return m.ladder[first + up_to - 1].level
    shift(m.ladder, first + up_to + 1, first + up_to, n - up_to)
    work = m.work[r]
    number = work.levels_free
    level = m.levels[number]
    work.levels_free = level.head
    level.shown, level.open, level.key, level.head, level.tail = 0, 0, key, NOTHING, NOTHING
    m.ladder[first + up_to].key, m.ladder[first + up_to].level = key, number
    m.count[ladder] = n + 1
    return number


@leaf
def queue_up(m, number, slot):
    """Put an order at the end of a level's queue; its lots are not counted here."""
    level, order = m.levels[number], m.orders[slot]
    order.previous, order.next, order.level = level.tail, NOTHING, number
    if level.tail == NOTHING:
        level.head = slot
    else:
        m.orders[level.tail].next = slot
    level.tail = slot


@leaf
def unlink(m, number, slot):
    """Take an order out of a level's queue; its lots are not counted here."""
    level, order = m.levels[number], m.orders[slot]
    if order.previous == NOTHING:
        level.head = order.next
    else:
        m.orders[order.previous].next = order.next
    if order.next == NOTHING:
        level.tail = order.previous
    else:
        m.orders[order.next].previous = order.previous


@leaf
def put(m, r, ladder, key, slot, state):
    """Let an order rest or wait at a key of a ladder; there is room."""
    number, order = level_at(m, r, ladder, key), m.orders[slot]
    queue_up(m, number, slot)
    order.state = state
    level = m.levels[number]
    level.shown += order.shown
    level.open += order.shown + order.hidden
    if state == IN_BOOK:
        m.lots[(ladder >> 2) * 2 + order.side] += order.shown + order.hidden


@leaf
def drop_level(m, r, ladder, number):
    """Take an empty level out of its ladder."""
    first, level, n = ladder * m.sizes[2], m.levels[number], m.count[ladder]
    up_to = rungs_up_to(m, ladder, level.key)
    shift(m.ladder, first + up_to - 1, first + up_to, n - up_to)
    m.count[ladder] = n - 1
    level.head = m.work[r].levels_free
    m.work[r].levels_free = number


@leaf
def take_out(m, r, ladder, slot):
    """Take an order that rests or waits out of its ladder, with all that is open of it."""
    order = m.orders[slot]
    number = order.level
    level = m.levels[number]
    unlink(m, number, slot)
    level.shown -= order.shown
    level.open -= order.shown + order.hidden
    if order.state == IN_BOOK:
        m.lots[(ladder >> 2) * 2 + order.side] -= order.shown + order.hidden
    if level.head == NOTHING:
        drop_level(m, r, ladder, number)
