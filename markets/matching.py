"""The matching engine: what becomes of one message, fill by fill, in compiled code.

A message is carried out in stages, so that a full buffer of answers may interrupt it anywhere, and it goes on
from there: an order enters (may it take, how far?), sweeps the other side, and rests or ends; an uncross
crosses; then, as long as triggered stops are queued, they enter one after the other.
Price, then time; a trade is at the resting order's price; every trade is for its moment the last one.
"""

from markets.order_admission import LARGEST, admit, forget, hand, new_slot, say, too_large
from markets.order_answers import best, note_end, note_fill, note_touch, roomy
from markets.order_directory import enlist
from markets.order_ladder import drop_level, has_room, key_of, put, queue_up, take_out, unlink
from markets.order_limits import band_stops, collared, fillable, within
from markets.order_memory import (
    BUYING,
    CASCADE,
    CHANGED,
    CLOSE,
    CONCLUDE,
    CONTINUOUS,
    CROSS,
    ENTER,
    IDLE,
    IN_BOOK,
    IN_CALL_PHASE,
    NEW,
    NOTHING,
    OTHER,
    REST,
    SELLING,
    SWEEP,
    TAKING,
)
from markets.order_messages import (
    AUCTION,
    BEYOND_BAND,
    BOTH,
    BUY,
    CANCELLED,
    DECREMENT,
    DONE,
    FINE,
    FOK,
    IN_CALL,
    IOC,
    KILLED,
    MARKET,
    NEWEST,
    NO_ROOM,
    NONE,
    OWN_ORDER,
    POST,
    REJECTED,
    REPLACED,
    RESTING,
    SLIDE,
    STOP,
    TOO_LARGE,
    UNFILLED,
    WOULD_CROSS,
)
from markets.order_stops import leave_queue, trigger_stops
from streams.jit import branch, leaf


@leaf
def come_to(work, fate, why):
    """Note what an order comes to, so that its entry is closed."""
    work.fate, work.why, work.stage = fate, why, CLOSE


@leaf
def refuse(work, why):
    """An entry that may not be: a new order is rejected, what was live before is killed."""
    come_to(work, REJECTED if work.own == NEW else KILLED, why)


@leaf
def enter(m, r, b):
    """An order comes to the book: it is refused, rests, or may take up to its limit."""
    work = m.work[r]
    order, rules = m.orders[r, work.slot], m.rules[b]
    side, tif = order.side, order.tif
    work.traded = work.ended = 0
    unlimited = order.kind == MARKET or order.kind == STOP
    if m.books[b].phase == IN_CALL_PHASE:
        work.stage = REST
        if unlimited or tif in (IOC, FOK):
            refuse(work, IN_CALL)
        return
    touch, _ = best(m, r, b * 4 + 1 - side)
    work.limit = collared(rules, side, touch) if unlimited else order.price
    if touch == 0 or not within(side, touch, work.limit):
        work.stage = CONCLUDE
    elif tif == POST:
        refuse(work, WOULD_CROSS)
    elif tif == SLIDE:
        order.price = touch + (-rules.tick if side == BUY else rules.tick)
        work.stage = REST
        if order.price < 1:
            refuse(work, WOULD_CROSS)
        elif too_large(order.price, order.shown):
            refuse(work, TOO_LARGE)
    elif tif == FOK and not fillable(m, r, b, work.slot, work.limit):
        come_to(work, KILLED, UNFILLED)
    else:
        work.stage = SWEEP


@leaf
def conclude(m, r, b):
    """An order takes no more: it is done, has ended, or rests."""
    work = m.work[r]
    order = m.orders[r, work.slot]
    unlimited = order.kind == MARKET or order.kind == STOP
    if work.ended:
        come_to(work, CANCELLED, OWN_ORDER)
    elif order.shown == 0:
        come_to(work, DONE, FINE)
    elif unlimited or order.tif == IOC or order.tif == FOK:
        come_to(work, KILLED, BEYOND_BAND if m.books[b].phase == IN_CALL_PHASE else UNFILLED)
    else:
        work.stage = REST


@leaf
def rest(m, r, b):
    """What is left of an order goes into the book, if there is room for it."""
    work = m.work[r]
    order = m.orders[r, work.slot]
    ladder, key, left = b * 4 + order.side, key_of(order.side, order.price), order.shown
    come_to(work, RESTING, FINE if has_room(m, ladder, key) else NO_ROOM)
    if m.lots[b * 2 + order.side] > LARGEST - left:
        work.why = TOO_LARGE
    if work.why == FINE and work.slot == hand(m):
        slot = new_slot(m, r)
        if slot == NOTHING:
            work.why = NO_ROOM
        else:
            m.orders[r, slot] = order
            enlist(m, r, order.number, slot)
            work.slot = slot
    if work.why != FINE:
        work.fate = REJECTED if work.own == NEW and not work.traded else KILLED
        return
    if 0 < order.peak < left:
        resting = m.orders[r, work.slot]
        resting.shown, resting.hidden = order.peak, left - order.peak
    put(m, r, ladder, key, work.slot, IN_BOOK)


@leaf
def close(m, out, r, b, i):
    """An entry is over: tell what the order came to, and forget it unless it rests."""
    work = m.work[r]
    order = m.orders[r, work.slot]
    left = order.shown + order.hidden
    if work.own == NEW:
        say(work, work.fate, work.why, left)
    elif work.own == CHANGED:
        say(work, REPLACED, FINE, left if work.fate == RESTING else 0)
    else:
        note_end(out, i, b, order, work.fate, work.why, left)
    if work.fate != RESTING:
        forget(m, r, work.slot)
    work.stage = CASCADE


@leaf
def refill_or_end(m, out, r, b, i, ladder, slot):
    """A maker's slice is used up: the next one goes to the tail, or the order is done."""
    maker = m.orders[r, slot]
    number = maker.level
    unlink(m, r, number, slot)
    if maker.hidden > 0:
        maker.shown = min(maker.peak, maker.hidden)
        maker.hidden -= maker.shown
        m.levels[r, number].shown += maker.shown
        queue_up(m, r, number, slot)
        return
    note_end(out, i, b, maker, DONE, FINE, 0)
    forget(m, r, slot)
    if m.levels[r, number].head == NOTHING:
        drop_level(m, r, ladder, number)


@branch
def prevent(m, out, r, b, i, ladder, slot):
    """A taker has reached an order of its own owner: end one, both, or take the smaller off both."""
    work = m.work[r]
    taker, maker = m.orders[r, work.slot], m.orders[r, slot]
    if taker.prevention == NEWEST:
        work.ended = 1
        return
    if taker.prevention == DECREMENT:
        lots = min(taker.shown, maker.shown + maker.hidden)
        taker.shown -= lots
        hidden = min(lots, maker.hidden)
        level = m.levels[r, maker.level]
        maker.hidden -= hidden
        maker.shown -= lots - hidden
        level.shown -= lots - hidden
        level.open -= lots
        m.lots[b * 2 + maker.side] -= lots
        work.ended = taker.shown == 0
        if maker.shown > 0:
            note_end(out, i, b, maker, RESTING, OWN_ORDER, maker.shown + maker.hidden)
            return
    left = maker.shown + maker.hidden
    take_out(m, r, ladder, slot)
    note_end(out, i, b, maker, CANCELLED, OWN_ORDER, left)
    forget(m, r, slot)
    if taker.prevention == BOTH:
        work.ended = 1


@leaf
def sweep(m, out, r, b, i):
    """Let an order take from the other side as far as it may; False if the answers are full before that."""
    work, book, rules = m.work[r], m.books[b], m.rules[b]
    taker = m.orders[r, work.slot]
    side, limit, prevention = taker.side, work.limit, taker.prevention
    ladder = b * 4 + 1 - side
    banded = rules.band_bp > 0 or rules.static_bp > 0
    while taker.shown > 0 and not work.ended and m.count[ladder] > 0:
        rung = m.ladder[ladder, m.count[ladder] - 1]
        price = abs(rung.key)
        if not within(side, price, limit):
            break
        if not roomy(out):
            return False
        level = m.levels[r, rung.level]
        slot = level.head
        maker = m.orders[r, slot]
        if prevention != NONE and maker.owner == taker.owner:
            prevent(m, out, r, b, i, ladder, slot)
            continue
        if banded and band_stops(rules, price, book.last):
            book.phase = IN_CALL_PHASE
            break
        lots = min(taker.shown, maker.shown)
        taker.shown -= lots
        maker.shown -= lots
        level.shown -= lots
        level.open -= lots
        m.lots[b * 2 + 1 - side] -= lots
        work.traded = 1
        note_fill(out, i, b, side, taker, maker, price, lots, rules.taker_ppm, rules.maker_ppm)
        if price != book.last:
            book.last = price
            trigger_stops(m, r, b, price)
        if maker.shown == 0:
            refill_or_end(m, out, r, b, i, ladder, slot)
    return True


@branch
def cross(m, out, r, b, i):
    """Trade an auction's volume at its price; False if the answers are full before that."""
    work, book, rules = m.work[r], m.books[b], m.rules[b]
    bids, asks = b * 4 + BUYING, b * 4 + SELLING
    while work.volume > 0:
        if not roomy(out):
            return False
        buying = m.levels[r, m.ladder[bids, m.count[bids] - 1].level]
        selling = m.levels[r, m.ladder[asks, m.count[asks] - 1].level]
        buy_slot, sell_slot = buying.head, selling.head
        buyer, seller = m.orders[r, buy_slot], m.orders[r, sell_slot]
        lots = min(min(buyer.shown, seller.shown), work.volume)
        work.volume -= lots
        buyer.shown -= lots
        seller.shown -= lots
        buying.shown -= lots
        selling.shown -= lots
        buying.open -= lots
        selling.open -= lots
        m.lots[b * 2] -= lots
        m.lots[b * 2 + 1] -= lots
        ppm = rules.auction_ppm
        note_fill(out, i, b, AUCTION, buyer, seller, work.price, lots, ppm, ppm)
        if buyer.shown == 0:
            refill_or_end(m, out, r, b, i, bids, buy_slot)
        if seller.shown == 0:
            refill_or_end(m, out, r, b, i, asks, sell_slot)
    work.stage = CASCADE
    book.last = rules.reference = work.price
    trigger_stops(m, r, b, work.price)
    return True


@branch
def carry_out(m, out, row, i):
    """Carry out message `i`, or go on with it: False if the answers are full; drain them and call again.

    What its sender is told is then in `work`: status, reason, left.
    """
    b = row.book
    if not 0 <= b < m.books.size:
        return True
    r = b // m.sizes[0]
    work, book = m.work[r], m.books[b]
    if not roomy(out):
        return False
    if work.stage == IDLE:
        admit(m, r, b, row)
    while True:
        if not roomy(out):
            return False
        if work.stage == ENTER:
            enter(m, r, b)
        if work.stage == SWEEP:
            if not sweep(m, out, r, b, i):
                return False
            work.stage = CONCLUDE
        if work.stage == CONCLUDE:
            conclude(m, r, b)
        if work.stage == REST:
            rest(m, r, b)
        if work.stage == CLOSE:
            close(m, out, r, b, i)
        if work.stage == CROSS and not cross(m, out, r, b, i):
            return False
        if book.phase != CONTINUOUS or book.queue_head == NOTHING:
            break
        work.slot, work.own, work.stage = book.queue_head, OTHER, ENTER
        leave_queue(m, r, b, book.queue_head)
        m.orders[r, work.slot].state = TAKING
    note_touch(m, out, r, i, b)
    work.stage = IDLE
    return True
