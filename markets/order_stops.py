"""Stops: they wait at their triggers, are queued by the trade that reaches them, and enter in that order."""

from markets.order_ladder import drop_level, key_of
from markets.order_memory import BUY_STOPS, NOTHING, QUEUED, SELL_STOPS
from markets.order_messages import BUY
from streams.jit import branch, leaf


@leaf
def holds(side, trigger, last):
    """Whether the last trade is at or beyond a trigger; never without a trade."""
    return last > 0 and (last >= trigger if side == BUY else last <= trigger)


@leaf
def queue_stop(m, r, b, slot, anchor):
    """Queue a triggered stop: by entry among those behind `anchor`, which other trades have queued."""
    book, order = m.books[b], m.orders[r, slot]
    before = book.queue_tail
    while before != anchor and m.orders[r, before].entered > order.entered:
        before = m.orders[r, before].previous
    after = book.queue_head if before == NOTHING else m.orders[r, before].next
    order.previous, order.next, order.state = before, after, QUEUED
    if before == NOTHING:
        book.queue_head = slot
    else:
        m.orders[r, before].next = slot
    if after == NOTHING:
        book.queue_tail = slot
    else:
        m.orders[r, after].previous = slot


@leaf
def leave_queue(m, r, b, slot):
    """Take a triggered stop out of the queue."""
    book, order = m.books[b], m.orders[r, slot]
    if order.previous == NOTHING:
        book.queue_head = order.next
    else:
        m.orders[r, order.previous].next = order.next
    if order.next == NOTHING:
        book.queue_tail = order.previous
    else:
        m.orders[r, order.next].previous = order.previous


@branch
def queue_reached(m, r, b, price):
    """Queue all stops that a trade at a price reaches, by their entry."""
    anchor = m.books[b].queue_tail
    for which in (BUY_STOPS, SELL_STOPS):
        ladder = b * 4 + which
        while m.count[ladder] > 0:
            rung = m.ladder[ladder, m.count[ladder] - 1]
            if rung.key < key_of(which, price):
                break
            number = rung.level
            slot = m.levels[r, number].head
            while slot != NOTHING:
                following = m.orders[r, slot].next
                queue_stop(m, r, b, slot, anchor)
                slot = following
            m.levels[r, number].head = m.levels[r, number].tail = NOTHING
            drop_level(m, r, ladder, number)


@leaf
def trigger_stops(m, r, b, price):
    """Queue all stops that a trade at a price reaches, by their entry; most trades reach none."""
    for which in (BUY_STOPS, SELL_STOPS):
        ladder = b * 4 + which
        n = m.count[ladder]
        if n > 0 and m.ladder[ladder, n - 1].key >= key_of(which, price):
            queue_reached(m, r, b, price)
