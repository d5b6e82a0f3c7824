"""Clearing: what an order needs is held before it comes to the book; a trade is settled at once, both legs.

Whoever wants to buy has the money, whoever wants to sell has the units, and what waits in the book is held
for it. So no trade fails: the books and the ledger are asked in the same tick.
"""

from markets.matching import carry_out
from markets.order_memory import IN_CALL_PHASE
from markets.order_messages import (
    AUCTION,
    BUY,
    CANCEL,
    CANCELLED,
    FUNDS,
    LIMIT,
    MARKET,
    OLDEST,
    REJECTED,
    REPLACE,
    REPLACED,
    RESTING,
    SELL,
    SHORT,
    UNKNOWN,
)
from markets.posting import BOOKED, book_one, settle_one
from simengine.worlds.exchange.floor import FEE, HALTS, LARGE, ORDERS, TRADE, TRADES
from simengine.worlds.exchange.kinds import FAST, PARENTS, PLACES
from simengine.worlds.exchange.notes import note
from simengine.worlds.exchange.state import SIGN_LAGS, SIGNS
from streams.jit import branch, leaf

MILLION = 1_000_000


@branch
def hold(f, h, r, a, place, price, signed):
    """Hold what an own order that waits needs; `signed` lots, below 0 to sell, 0 to hold nothing."""
    t = f.traders
    before = t.place_open[r, a, place]
    if before > 0:
        t.cash_held[r, a] -= before * t.place_price[r, a, place] * h.scale
    else:
        t.units_held[r, a] += before
    if signed > 0:
        t.cash_held[r, a] += signed * price * h.scale
    else:
        t.units_held[r, a] -= signed
    t.place_open[r, a, place], t.place_price[r, a, place] = signed, price


@leaf
def covered(f, h, r, a, s, side, price, quantity, ppm):
    """Whether a trader has what an order needs: FUNDS or SHORT if not, else 0."""
    t = f.traders
    if side == SELL:
        return 0 if f.units[r, s, a] - t.units_held[r, a] >= quantity else SHORT
    needed = price * quantity * h.scale
    needed += needed // MILLION * ppm + ppm
    return 0 if f.cash[r, a] - t.cash_held[r, a] >= needed else FUNDS


@leaf
def sign_trade(k, r, s, sign):
    """Compare the sign of a trade with those of earlier ones."""
    n = k.signs[r, s]
    for j in range(len(SIGN_LAGS)):
        lag = SIGN_LAGS[j]
        if n >= lag:
            k.product[r, s, j] += sign * k.sign[r, s, (n - lag) % SIGNS]
            k.pairs[r, s, j] += 1
    k.sign[r, s, n % SIGNS] = sign
    k.signs[r, s] = n + 1


@branch
def heed(f, h, r, a, s, kind, sign, quantity):
    """A trader has taken some lots: the sign is remembered, and makers heed whoever did so on purpose.

    A limit order that trades at once came late, and fast traders take what is stale: neither says much.
    """
    if kind == MARKET and f.traders.kind[r, a] != FAST:
        f.market.flowing[r, s] += sign * quantity**h.maker_concavity
    sign_trade(f.market, r, s, sign)


@branch
def print_trade(f, r, s, tick, price, quantity, buyer, seller, side, taker, maker):
    """A trade is on the tape: the day's numbers follow it; `side` is who took, then both orders' numbers."""
    k = f.market
    if k.opening[r, s] == 0:
        k.opening[r, s] = k.high[r, s] = k.low[r, s] = price
    k.last[r, s] = price
    k.high[r, s], k.low[r, s] = max(k.high[r, s], price), min(k.low[r, s], price)
    k.volume[r, s] += quantity
    k.turning[r, s] += quantity
    k.trades[r, s] += 1
    note(f, TRADES, r, tick, s, price, quantity, buyer, seller, side, taker, maker, 0)


@branch
def work_off(f, r, a, s, tick, price, signed):
    """A large order has traded some lots, below 0 sold: note it when nothing is left of it."""
    t = f.traders
    left = t.remaining[r, a] - signed
    t.paid[r, a] += price * abs(signed)
    t.remaining[r, a] = left
    if left == 0:
        side = BUY if t.whole[r, a] > 0 else SELL
        first, last = int(2.0 * t.first[r, a]), int(2.0 * f.market.middle[r, s])
        note(f, LARGE, r, tick, s, a, side, abs(t.whole[r, a]), t.begun[r, a], first, last, t.paid[r, a], 0)


@leaf
def settle(f, h, r, buyer, seller, s, price, quantity):
    """Money against units, both or neither: whether it was booked."""
    verdict, _ = settle_one(
        f.ledger, f.routes[TRADE], r, buyer, seller, price * quantity * h.scale, quantity, s, 0
    )
    return verdict == BOOKED


@branch
def drain(f, h, r, s, tick):
    """Settle the fills that the book has answered with, release what is no longer held, and forget them."""
    t, k, out = f.traders, f.market, f.answers
    for i in range(out.count[0]):
        fill = out.fills[i]
        taker, maker, price, lots = fill.taker_owner, fill.maker_owner, fill.price, fill.quantity
        buyer, seller = (taker, maker) if fill.side != SELL else (maker, taker)
        place = fill.maker - maker * PLACES
        open_lots = t.place_open[r, maker, place]
        left = open_lots - lots if open_lots > 0 else open_lots + lots
        hold(f, h, r, maker, place, t.place_price[r, maker, place], left)
        if fill.side == AUCTION:
            place = fill.taker - taker * PLACES
            hold(f, h, r, taker, place, t.place_price[r, taker, place], t.place_open[r, taker, place] - lots)
        if settle(f, h, r, buyer, seller, s, price, lots):
            if fill.taker_fee > 0:
                book_one(f.ledger, f.routes[FEE], r, taker, 0, fill.taker_fee * h.scale)
            print_trade(f, r, s, tick, price, lots, buyer, seller, fill.side, fill.taker, fill.maker)
            if t.kind[r, taker] == PARENTS and t.remaining[r, taker] != 0:
                work_off(f, r, taker, s, tick, price, lots if taker == buyer else -lots)
        else:
            k.fails[r, s] += 1
    for i in range(out.count[1]):
        end = out.ends[i]
        a = end.owner
        place = end.number - a * PLACES
        before = t.place_open[r, a, place]
        left, price = end.left if end.status == RESTING else 0, t.place_price[r, a, place]
        hold(f, h, r, a, place, price, left if before > 0 else -left)
        if end.status == CANCELLED:
            side = BUY if before > 0 else SELL
            note(f, ORDERS, r, tick, s, a, end.number, CANCEL, side, price, end.left, CANCELLED, end.reason)
    out.count[0] = out.count[1] = out.count[2] = 0


@branch
def deliver(f, h, r, tick, letter):
    """A message has arrived: it is covered or refused, carried out and settled."""
    mail, t, k, m = f.mail, f.traders, f.market, f.books
    a, place, kind, side = (
        mail.trader[r, letter], mail.place[r, letter], mail.kind[r, letter], mail.side[r, letter],
    )  # fmt: skip
    s = t.home[r, a]
    price, quantity, b = mail.price[r, letter], mail.quantity[r, letter], r * k.bid.shape[1] + s
    k.messages[r, s] += 1
    open_lots, own_price = t.place_open[r, a, place], t.place_price[r, a, place]
    other = kind == REPLACE and (open_lots > 0) != (side == BUY)  # that went when this was sent
    if other or (open_lots == 0 and kind == CANCEL):
        refuse(f, r, s, tick, a, place, kind, side, price, quantity, UNKNOWN)
        return
    hold(f, h, r, a, place, own_price, 0)
    limit = price
    if kind == MARKET and side == BUY:
        limit = m.books[b].ask + m.books[b].ask // 10_000 * m.rules[b].collar_bp + m.rules[b].collar_bp
    lacks = 0 if kind == CANCEL else covered(f, h, r, a, s, side, limit, quantity, m.rules[b].taker_ppm)
    if lacks:
        hold(f, h, r, a, place, own_price, open_lots)
        refuse(f, r, s, tick, a, place, kind, side, price, quantity, lacks)
        return
    row = f.message[0]
    row.price, row.quantity, row.owner, row.number, row.book = price, quantity, a, a * PLACES + place, b
    row.kind, row.side, row.tif, row.prevention = kind, side, mail.tif[r, letter], OLDEST
    before = k.volume[r, s]
    while not carry_out(m, f.answers, row, 0):
        drain(f, h, r, s, tick)
    drain(f, h, r, s, tick)
    if k.volume[r, s] > before:
        heed(f, h, r, a, s, kind, 1 if side == BUY else -1, k.volume[r, s] - before)
    work = m.work[r]
    status, left = work.status, work.left
    if (status == RESTING and kind == LIMIT) or status == REPLACED:
        hold(f, h, r, a, place, price, left if side == BUY else -left)
    elif status == REJECTED:
        hold(f, h, r, a, place, own_price, open_lots)
    if status == REJECTED:
        k.refused[r, s] += 1
    number = a * PLACES + place
    note(f, ORDERS, r, tick, s, a, number, kind, side, price, quantity, status, work.reason)
    if m.books[b].phase == IN_CALL_PHASE and k.call_until[r, s] > tick + h.halt:
        k.call_until[r, s] = tick + h.halt
        k.halts[r, s] += 1
        note(f, HALTS, r, tick, s, 1, m.books[b].last, 0, 0, 0, 0, 0, 0)


@branch
def refuse(f, r, s, tick, a, place, kind, side, price, quantity, reason):
    """A message that never reaches the book."""
    f.market.refused[r, s] += 1
    number = a * PLACES + place
    note(f, ORDERS, r, tick, s, a, number, kind, side, price, quantity, REJECTED, reason)
