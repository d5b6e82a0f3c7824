"""What a message is checked for before it changes anything, and the messages that are done at once."""

import numpy as np

from markets.call_auction import auction_price
from markets.order_answers import best
from markets.order_directory import enlist, find, strike
from markets.order_ladder import has_room, key_of, put, take_out
from markets.order_limits import within
from markets.order_memory import (
    CASCADE,
    CHANGED,
    CONTINUOUS,
    CROSS,
    ENTER,
    FREE,
    IN_BOOK,
    IN_CALL_PHASE,
    NEW,
    NOTHING,
    OTHER,
    QUEUED,
    TAKING,
    WAITING,
)
from markets.order_messages import (
    ACCEPTED,
    BAD_PRICE,
    BAD_QUANTITY,
    BAD_TRIGGER,
    BAD_WORD,
    BUY,
    CALL,
    CANCEL,
    CANCELLED,
    DECREMENT,
    DUPLICATE,
    FINE,
    IN_CALL,
    LIMIT,
    MARKET,
    MOST,
    NO_ROOM,
    OFF_LOT,
    OFF_TICK,
    PENDING,
    POST,
    REJECTED,
    REPLACE,
    REPLACED,
    SLICES,
    SLIDE,
    STOP,
    STOP_LIMIT,
    TOO_LARGE,
    UNCROSS,
    UNKNOWN,
    WOULD_CROSS,
)
from markets.order_stops import holds, leave_queue, queue_stop
from streams.jit import branch, leaf

LARGEST = 2**63 - 1


@leaf
def hand(m):
    """The slot of a taker that rests nowhere yet."""
    return m.levels.shape[1]


@leaf
def new_slot(m, r):
    """A free record, or NOTHING."""
    slot = m.work[r].orders_free
    if slot != NOTHING:
        m.work[r].orders_free = m.orders[r, slot].next
    return slot


@leaf
def forget(m, r, slot):
    """Free the record of an order that has ended, and its number."""
    order = m.orders[r, slot]
    order.state = FREE
    if slot != hand(m):
        strike(m, r, order.number)
        order.next = m.work[r].orders_free
        m.work[r].orders_free = slot


@leaf
def say(work, status, reason, left):
    """What the sender of the message at hand is told."""
    work.status, work.reason, work.left = status, reason, left


@leaf
def bad_price(rules, price):
    """What is wrong with a price; FINE if nothing is."""
    if price < 1 or price > MOST:
        return BAD_PRICE
    return OFF_TICK if rules.tick > 1 and price % rules.tick else FINE


@leaf
def bad_quantity(rules, quantity):
    """What is wrong with a quantity; FINE if nothing is."""
    if quantity < 1:
        return BAD_QUANTITY
    return OFF_LOT if rules.lot > 1 and quantity % rules.lot else FINE


@leaf
def too_large(price, quantity):
    """Whether price × quantity is beyond 64 bits, or one of them too large."""
    return price > MOST or quantity > MOST or ((price | quantity) >> 31 and price > LARGEST // quantity)


@leaf
def too_fine(peak, quantity):
    """Whether an iceberg would come in too many slices."""
    return peak > 0 and (quantity - 1) // SLICES >= peak


@leaf
def bad_trigger(rules, trigger):
    """What is wrong with a trigger; FINE if nothing is."""
    found = bad_price(rules, trigger)
    return BAD_TRIGGER if found == BAD_PRICE else found


@leaf
def wrong(m, b, r, row):
    """What is wrong with a new order; FINE if nothing is."""
    kind, rules = row.kind, m.rules[b]
    limited, stops = kind in (LIMIT, STOP_LIMIT), kind >= STOP
    if row.side >> 1 or row.tif < 0 or row.tif > SLIDE or row.prevention < 0 or row.prevention > DECREMENT:
        return BAD_WORD
    if (row.tif >= POST and not limited) or row.number < 0:
        return BAD_WORD
    reason = bad_quantity(rules, row.quantity)
    if reason == FINE and limited:
        reason = bad_price(rules, row.price)
    if reason == FINE and stops:
        reason = bad_trigger(rules, row.trigger)
    if reason != FINE:
        return reason
    if too_large(row.price if limited else (row.trigger if stops else 1), row.quantity):
        return TOO_LARGE
    if limited and too_fine(row.peak, row.quantity):
        return TOO_LARGE
    if limited and row.peak < 0:
        return BAD_QUANTITY
    if find(m, r, row.number) != NOTHING:
        return DUPLICATE
    return TOO_LARGE if m.lots[b * 2 + row.side] > LARGEST - row.quantity else FINE


@leaf
def write_order(order, symbol, row):
    """The record of a new order that is about to take."""
    order.price, order.shown, order.hidden = row.price, row.quantity, 0
    order.number, order.owner, order.symbol = row.number, row.owner, symbol
    order.side, order.tif, order.prevention, order.kind = row.side, row.tif, row.prevention, row.kind
    order.state, order.peak, order.trigger = TAKING, row.peak, row.trigger


@leaf
def wait(m, r, b, slot):
    """Let a stop wait for its trigger, or queue it if the last trade is there already."""
    order, book = m.orders[r, slot], m.books[b]
    book.entered += 1
    order.entered = book.entered
    if holds(order.side, order.trigger, book.last):
        queue_stop(m, r, b, slot, book.queue_tail)
    else:
        which = 2 + order.side
        put(m, r, b * 4 + which, key_of(which, order.trigger), slot, WAITING)


@leaf
def admit_order(m, r, b, row):
    """A new order: it enters, waits for its trigger, or is refused."""
    work = m.work[r]
    reason = wrong(m, b, r, row)
    if reason == FINE and row.kind <= MARKET:
        write_order(m.orders[r, hand(m)], b - r * m.sizes[0], row)
        work.slot, work.own, work.stage = hand(m), NEW, ENTER
        return
    if reason == FINE:
        which, waits = 2 + row.side, not holds(row.side, row.trigger, m.books[b].last)
        if waits and not has_room(m, b * 4 + which, key_of(which, row.trigger)):
            reason = NO_ROOM
        slot = new_slot(m, r) if reason == FINE else NOTHING
        if slot != NOTHING:
            write_order(m.orders[r, slot], b - r * m.sizes[0], row)
            enlist(m, r, row.number, slot)
            wait(m, r, b, slot)
            say(work, PENDING, FINE, row.quantity)
            return
        reason = NO_ROOM
    say(work, REJECTED, reason, row.quantity)


@leaf
def cancel(m, r, b, row):
    """Take a live order back."""
    slot = find(m, r, row.number)
    if slot == NOTHING or m.orders[r, slot].symbol != b - r * m.sizes[0]:
        say(m.work[r], REJECTED, UNKNOWN, 0)
        return
    order = m.orders[r, slot]
    left = order.shown + order.hidden
    if order.state == QUEUED:
        leave_queue(m, r, b, slot)
    else:
        take_out(m, r, b * 4 + order.side + (2 if order.state == WAITING else 0), slot)
    say(m.work[r], CANCELLED, FINE, left)
    forget(m, r, slot)


@leaf
def has_room_instead(m, r, ladder, order, key):
    """Whether an order may go to another key of its ladder: alone at its own, it leaves a place."""
    level = m.levels[r, order.level]
    return level.head == level.tail or has_room(m, ladder, key)


@branch
def replace_resting(m, r, b, slot, row):
    """Change an order of the book in its place, or let it enter anew: what is wrong, or FINE."""
    order, work, rules = m.orders[r, slot], m.work[r], m.rules[b]
    side, price, open_lots = order.side, row.price, order.shown + order.hidden
    reason = bad_price(rules, price)
    if reason != FINE:
        return reason
    if too_large(price, row.quantity) or too_fine(order.peak, row.quantity):
        return TOO_LARGE
    if m.lots[b * 2 + side] - open_lots > LARGEST - row.quantity:
        return TOO_LARGE
    if price == order.price and row.quantity <= open_lots:
        cut = open_lots - row.quantity
        hidden = min(cut, order.hidden)
        level = m.levels[r, order.level]
        order.hidden -= hidden
        order.shown -= cut - hidden
        level.shown -= cut - hidden
        level.open -= cut
        m.lots[b * 2 + side] -= cut
        say(work, REPLACED, FINE, row.quantity)
        return FINE
    touch, _ = best(m, r, b * 4 + 1 - side)
    takes = m.books[b].phase == CONTINUOUS and touch > 0 and within(side, touch, price)
    if takes and order.tif == POST:
        return WOULD_CROSS
    if takes and order.tif == SLIDE:
        price, takes = touch + (-rules.tick if side == BUY else rules.tick), False
        if price < 1:
            return WOULD_CROSS
        if too_large(price, row.quantity):
            return TOO_LARGE
    if not takes and not has_room_instead(m, r, b * 4 + side, order, key_of(side, price)):
        return NO_ROOM
    take_out(m, r, b * 4 + side, slot)
    order.price, order.shown, order.hidden, order.state = price, row.quantity, 0, TAKING
    work.slot, work.own, work.stage = slot, CHANGED, ENTER
    return FINE


@branch
def replace_waiting(m, r, b, slot, row):
    """Change a stop that waits: what is wrong, or FINE."""
    order, rules = m.orders[r, slot], m.rules[b]
    trigger, price = row.trigger or order.trigger, order.price
    reason = FINE
    if order.kind == STOP_LIMIT and row.price:
        price = row.price
        reason = bad_price(rules, price)
    if reason == FINE:
        reason = bad_trigger(rules, trigger)
    if reason != FINE:
        return reason
    if too_large(price if order.kind == STOP_LIMIT else trigger, row.quantity):
        return TOO_LARGE
    if order.kind == STOP_LIMIT and too_fine(order.peak, row.quantity):
        return TOO_LARGE
    which = 2 + order.side
    if trigger == order.trigger and price == order.price and row.quantity <= order.shown:
        level = m.levels[r, order.level]
        level.shown -= order.shown - row.quantity
        level.open -= order.shown - row.quantity
        order.shown = row.quantity
    else:
        waits = not holds(order.side, trigger, m.books[b].last)
        if waits and not has_room_instead(m, r, b * 4 + which, order, key_of(which, trigger)):
            return NO_ROOM
        take_out(m, r, b * 4 + which, slot)
        order.shown, order.trigger, order.price = row.quantity, trigger, price
        wait(m, r, b, slot)
    say(m.work[r], REPLACED, FINE, row.quantity)
    return FINE


@leaf
def replace(m, r, b, row):
    """Change a live order; the message is told what is wrong, and what is open of the order that stays."""
    slot, left = find(m, r, row.number), np.int64(0)
    if slot == NOTHING or m.orders[r, slot].symbol != b - r * m.sizes[0]:
        reason = UNKNOWN
    else:
        order = m.orders[r, slot]
        left = order.shown + order.hidden
        reason = IN_CALL if order.state == QUEUED else bad_quantity(m.rules[b], row.quantity)
        if reason == FINE and order.state == IN_BOOK:
            reason = replace_resting(m, r, b, slot, row)
        elif reason == FINE:
            reason = replace_waiting(m, r, b, slot, row)
    if reason != FINE:
        say(m.work[r], REJECTED, reason, left)


@leaf
def admit(m, r, b, row):
    """Begin with a message: what can be done at once is done, and what is left is noted in `work`."""
    work, book = m.work[r], m.books[b]
    work.stage, work.own = CASCADE, OTHER
    if 0 <= row.kind < CANCEL:
        admit_order(m, r, b, row)
        return
    if row.kind == CANCEL:
        cancel(m, r, b, row)
    elif row.kind == REPLACE:
        replace(m, r, b, row)
    elif row.kind == CALL:
        book.phase = IN_CALL_PHASE
        say(work, ACCEPTED, FINE, 0)
    elif row.kind == UNCROSS:
        if book.phase == IN_CALL_PHASE:
            book.phase = CONTINUOUS
            work.price, work.volume = auction_price(m, r, b)
            if work.volume > 0:
                work.stage = CROSS
        say(work, ACCEPTED, FINE, 0)
    else:
        say(work, REJECTED, BAD_WORD, 0)
