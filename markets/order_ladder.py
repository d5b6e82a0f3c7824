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
    n = m.count[ladder]
    low, high = max(0, n - NEAR), n
    while high > low and m.ladder[ladder, high - 1].key > key:
        high -= 1
    if high > low or low == 0:
        return high
    high, low = low, 0
    while low < high:
        middle = (low + high) >> 1
        if m.ladder[ladder, middle].key <= key:
            low = middle + 1
        else:
            high = middle
    return low


@leaf
def has_room(m, ladder, key):
    """Whether an order may be put at a key: the key is there, or room for another."""
    if m.count[ladder] < m.ladder.shape[1]:
        return True
    up_to = rungs_up_to(m, ladder, key)
    return up_to > 0 and m.ladder[ladder, up_to - 1].key == key


@leaf
def level_at(m, r, ladder, key):
    """The level of a key, made where there is none; there is room."""
    n, up_to = m.count[ladder], rungs_up_to(m, ladder, key)
    if up_to > 0 and m.ladder[ladder, up_to - 1].key == key:
        return m.ladder[ladder, up_to - 1].level
    first = ladder * m.ladder.shape[1] + up_to
    shift(m.ladder, first + 1, first, n - up_to)
    work = m.work[r]
    number = work.levels_free
    level = m.levels[r, number]
    work.levels_free = level.head
    level.shown, level.open, level.key, level.head, level.tail = 0, 0, key, NOTHING, NOTHING
    m.ladder[ladder, up_to].key, m.ladder[ladder, up_to].level = key, number
    m.count[ladder] = n + 1
    return number


@leaf
def queue_up(m, r, number, slot):
    """Put an order at the end of a level's queue; its lots are not counted here."""
    level, order = m.levels[r, number], m.orders[r, slot]
    order.previous, order.next, order.level = level.tail, NOTHING, number
    if level.tail == NOTHING:
        level.head = slot
    else:
        m.orders[r, level.tail].next = slot
    level.tail = slot


@leaf
def unlink(m, r, number, slot):
    """Take an order out of a level's queue; its lots are not counted here."""
    level, order = m.levels[r, number], m.orders[r, slot]
    if order.previous == NOTHING:
        level.head = order.next
    else:
        m.orders[r, order.previous].next = order.next
    if order.next == NOTHING:
        level.tail = order.previous
    else:
        m.orders[r, order.next].previous = order.previous


@leaf
def put(m, r, ladder, key, slot, state):
    """Let an order rest or wait at a key of a ladder; there is room."""
    number, order = level_at(m, r, ladder, key), m.orders[r, slot]
    queue_up(m, r, number, slot)
    order.state = state
    level = m.levels[r, number]
    level.shown += order.shown
    level.open += order.shown + order.hidden
    if state == IN_BOOK:
        m.lots[(ladder >> 2) * 2 + order.side] += order.shown + order.hidden


@leaf
def drop_level(m, r, ladder, number):
    """Take an empty level out of its ladder."""
    level, n = m.levels[r, number], m.count[ladder]
    up_to = rungs_up_to(m, ladder, level.key)
    first = ladder * m.ladder.shape[1] + up_to
    shift(m.ladder, first - 1, first, n - up_to)
    m.count[ladder] = n - 1
    level.head = m.work[r].levels_free
    m.work[r].levels_free = number


@leaf
def take_out(m, r, ladder, slot):
    """Take an order that rests or waits out of its ladder, with all that is open of it."""
    order = m.orders[r, slot]
    number = order.level
    level = m.levels[r, number]
    unlink(m, r, number, slot)
    level.shown -= order.shown
    level.open -= order.shown + order.hidden
    if order.state == IN_BOOK:
        m.lots[(ladder >> 2) * 2 + order.side] -= order.shown + order.hidden
    if level.head == NOTHING:
        drop_level(m, r, ladder, number)
