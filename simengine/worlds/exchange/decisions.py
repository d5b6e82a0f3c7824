"""Who is due decides by rule, by what the books showed before the tick, and sends what follows from it."""

from math import exp, log

from agents.exchange.attention import rhythm
from agents.exchange.rules import coin, exposure, lots, pareto, quote, reservation, whim
from markets.order_messages import BUY, CANCEL, GTC, IOC, LIMIT, MARKET, REPLACE, SELL, SLIDE
from markets.posting import book_one
from simengine.kernel.noise import uniform_at
from simengine.worlds.exchange.clearing import print_trade, settle, work_off
from simengine.worlds.exchange.delivery import PARTS, send
from simengine.worlds.exchange.floor import LEND, REPAY
from simengine.worlds.exchange.kinds import FAST, FUNDS, MAKERS, MOMENTUM, NOISE, PARENTS, PLACES, POOL, VALUE
from simengine.worlds.exchange.seat import BEHIND, LOTS, USUAL
from simengine.worlds.exchange.state import STRETCH
from streams.jit import branch, leaf
from streams.quantile import normal_quantile

DRAWS = 16
"""Uniforms that a decision may use; the k-th of trader a is that of agent a × `DRAWS` + k."""

NEGOTIATED = 3
LONGEST = 1000
"""Ticks between two decisions, at most."""


@leaf
def draw(key, a, k):
    """The k-th uniform of a trader's decision."""
    return uniform_at(key, a * DRAWS + k)


@leaf
def side_of(sign):
    """The side of a sign: 1 buys, -1 sells."""
    return BUY if sign > 0 else SELL


@leaf
def arrival_of(f, h, r, a, tick, key):
    """When a decision's messages arrive, in parts of a tick: makers and fast traders within their tick."""
    kind, u = f.traders.kind[r, a], draw(key, a, 15)
    if kind in (MAKERS, FAST):
        return tick * PARTS + int((0.125 * u + f.levers.latency[r]) * PARTS)
    delay = 0.25 - log(u) * h.latency + f.levers.latency[r]
    return tick * PARTS + int(min(delay, 250.0) * PARTS)


@branch
def wait_at(f, h, r, a, at, place, sign, steps, quantity, tif):
    """Have an order wait at a price (steps): a new one, or the one of that place moved there."""
    t = f.traders
    price = max(int(steps), 1) * h.step
    before = t.place_open[r, a, place]
    if before * sign > 0:
        if t.place_price[r, a, place] != price or abs(before) != quantity:
            send(f, r, a, at, place, REPLACE, side_of(sign), price, quantity, tif)
        return
    if before != 0:
        send(f, r, a, at, place, CANCEL, side_of(-sign), 0, 0, GTC)
    send(f, r, a, at, place, LIMIT, side_of(sign), price, quantity, tif)


@leaf
def take(f, r, a, at, sign, quantity):
    """Take from the book at once, through the last of the trader's places."""
    send(f, r, a, at, 7, MARKET, side_of(sign), 0, quantity, IOC)


@leaf
def toward(sign, steps):
    """A price in steps rounded away from the middle: down to buy, up to sell."""
    whole = int(steps)
    return whole if sign > 0 or whole == steps else whole + 1


@branch
def decide_value(f, h, r, a, s, at, key):
    """Revise a reservation price, and wait there."""
    k = f.market
    middle = log(k.middle[r, s])
    sign, price = reservation(
        draw(key, a, 1), draw(key, a, 2), draw(key, a, 3), middle, k.worth[r, s],
        h.value_anchor, h.value_width,
    )  # fmt: skip
    quantity = lots(draw(key, a, 4), h.value_lots)
    steps = toward(sign, exp(price) / h.step)
    touch = (k.ask[r, s] if sign > 0 else k.bid[r, s]) // h.step
    if touch > 0 and (steps - touch) * sign >= 0:
        take(f, r, a, at, sign, quantity)
    else:
        wait_at(f, h, r, a, at, 0, sign, steps, quantity, GTC)


@branch
def decide_noise(f, h, r, a, s, at, key):
    """Buy or sell on a whim, at once or at some price."""
    k = f.market
    sign, distance = whim(
        draw(key, a, 1), draw(key, a, 2), draw(key, a, 3), h.noise_taking, h.noise_median, h.noise_spread
    )
    quantity = lots(draw(key, a, 4), h.noise_lots)
    if distance == 0.0:
        take(f, r, a, at, sign, quantity)
    else:
        steps = toward(sign, k.middle[r, s] / h.step - sign * distance)
        wait_at(f, h, r, a, at, 0, sign, steps, quantity, GTC)


@leaf
def affords(f, h, r, a, s, sign, quantity):
    """Whether a trader could buy or sell some lots now, with a tenth of the price to spare."""
    if sign < 0:
        return f.units[r, s, a] >= quantity
    return f.cash[r, a] >= 1.1 * quantity * f.market.middle[r, s] * h.scale


@branch
def decide_parent(f, h, r, a, s, at, tick, key):
    """Work a large order in slices, or begin one: the other way round where the means for it are lacking."""
    t, k = f.traders, f.market
    if t.remaining[r, a] == 0:
        if draw(key, a, 1) >= h.parent_rate:
            return
        count = pareto(draw(key, a, 2), h.parent_tail, h.parent_least, h.parent_most)
        t.slice[r, a] = max(int(h.parent_slice * exp(h.parent_spread * normal_quantile(draw(key, a, 3)))), 1)
        size, sign = count * t.slice[r, a], coin(draw(key, a, 4))
        if not affords(f, h, r, a, s, sign, size):
            sign = -sign
        t.whole[r, a] = t.remaining[r, a] = sign * size
        t.begun[r, a], t.first[r, a], t.paid[r, a] = tick, k.middle[r, s], 0
    left = t.remaining[r, a]
    quantity = min(abs(left), t.slice[r, a])
    if affords(f, h, r, a, s, left, quantity):
        take(f, r, a, at, left, quantity)
    else:
        t.remaining[r, a] = 0


@leaf
def fair_now(f, h, r, s, tick):
    """What makers think fair (steps): it follows the flow of this stretch that was not expected of it."""
    k = f.market
    surprise = k.flowing[r, s] - k.expected[r, s] * (tick % STRETCH) / STRETCH
    return k.fair[r, s] + h.maker_impact * k.care[r, s] * surprise


@branch
def decide_maker(f, h, r, a, s, at, tick):
    """Quote three layers a side around what seems fair, off inventory; withdraw first, then offer.

    All makers hear of trades at once and decide at the same ticks, so that none meets another's old quotes.
    """
    k = f.market
    inventory = f.units[r, s, a] - f.opening_units[a]
    fair = fair_now(f, h, r, s, tick) - h.maker_skew * inventory
    for layer in range(3):
        quantity = int(h.maker_lots) * (layer + 1)
        for sign in (1, -1):
            price = toward(sign, quote(sign, layer, fair, h.maker_half * k.care[r, s], h.maker_apart))
            place = layer * 2 + (sign < 0)
            later = sign * (price * h.step - f.traders.place_price[r, a, place]) > 0
            wait_at(f, h, r, a, at + PARTS // 8 * later, place, sign, price, quantity, GTC)


@branch
def decide_fast(f, h, r, a, s, at, tick):
    """Take what is stale, on the wrong side of what is fair, and wait to give it back at what is fair."""
    book = f.books.books[r * f.market.bid.shape[1] + s]
    fair = fair_now(f, h, r, s, tick)
    inventory = f.units[r, s, a] - f.opening_units[a]
    most = int(h.fast_most)
    if 0 < book.ask < (fair - h.fast_edge) * h.step and inventory < most:
        take(f, r, a, at, 1, min(book.ask_shown, most - inventory))
    elif book.bid > (fair + h.fast_edge) * h.step and inventory > -most:
        take(f, r, a, at, -1, min(book.bid_shown, most + inventory))
    elif inventory != 0:
        sign = -1 if inventory > 0 else 1
        wait_at(f, h, r, a, at, 0, sign, toward(sign, fair - sign * h.fast_edge), abs(inventory), SLIDE)


@branch
def decide_fund(f, h, r, a, s, at):
    """Hold as much of the instrument as its price warrants, with borrowed money if need be."""
    k = f.market
    price = k.middle[r, s] * h.scale
    cash, owed, units = f.cash[r, a], -f.loans[r, a], f.units[r, s, a]
    equity = cash - owed + units * price
    most = exposure(k.worth[r, s] - log(k.middle[r, s]), h.fund_aggression, h.fund_most)
    wanted = int(max(equity, 0.0) * most / price)
    if owed > 0 and cash > f.traders.cash_held[r, a]:
        book_one(f.ledger, f.routes[REPAY], r, a, 0, min(owed, cash - f.traders.cash_held[r, a]))
    change = wanted - units
    quantity = int(h.fund_step)
    if abs(change) < quantity:
        return
    if change > 0:
        short = int(quantity * price * 1.1) - f.cash[r, a]
        if short > 0:
            book_one(f.ledger, f.routes[LEND], r, 0, a, short)
    take(f, r, a, at, change, quantity)


@branch
def decide_momentum(f, h, r, a, s, at, key):
    """Follow the trend, as all or as oneself feels it."""
    t, k = f.traders, f.market
    t.leaning[r, a] = 0.9 * t.leaning[r, a] + 0.435 * normal_quantile(draw(key, a, 1))
    common = h.momentum_gain * k.trend[r, s] + k.sentiment[r, s]
    feeling = h.momentum_common * common + (1.0 - h.momentum_common) * t.leaning[r, a]
    if abs(feeling) > 0.3 + draw(key, a, 2):
        take(f, r, a, at, 1 if feeling > 0 else -1, lots(draw(key, a, 3), h.momentum_lots))


@branch
def decide_pool(f, h, r, a, s, tick, key):
    """Meet the largest large order that waits, at the middle and off the book, if it is large enough."""
    t, k = f.traders, f.market
    if draw(key, a, 1) >= h.pool_share:
        return
    most, other = int(h.pool_lots), -1
    for p in range(f.parents[r, s, 0], f.parents[r, s, 1]):
        if abs(t.remaining[r, p]) > most:
            most, other = abs(t.remaining[r, p]), p
    if other < 0:
        return
    buys = t.remaining[r, other] > 0
    quantity = min(most, lots(draw(key, a, 2), h.pool_lots))
    price = int(k.middle[r, s])
    buyer, seller = (other, a) if buys else (a, other)
    free = f.units[r, s, seller] - t.units_held[r, seller] >= quantity
    free &= f.cash[r, buyer] - t.cash_held[r, buyer] >= price * quantity * h.scale
    if free and settle(f, h, r, buyer, seller, s, price, quantity):
        print_trade(f, r, s, tick, price, quantity, buyer, seller, NEGOTIATED, -1, -1)
        work_off(f, r, other, s, tick, price, quantity if buys else -quantity)


@branch
def withdraw(f, r, a, at):
    """Take back whatever waits."""
    for place in range(PLACES):
        waits = f.traders.place_open[r, a, place]
        if waits != 0:
            send(f, r, a, at, place, CANCEL, side_of(waits), 0, 0, GTC)


@branch
def do_as_answered(f, h, r, a, s, at):
    """Send what was answered at the barrier: nothing, or an order of some lots at some distance."""
    order, distance, size = f.traders.action[r, a, 0], f.traders.action[r, a, 1], f.traders.action[r, a, 2]
    sign, quantity = order - 1, LOTS[size]
    if sign == 0:
        return
    if distance == 0:
        take(f, r, a, at, sign, quantity)
        return
    book = f.books.books[r * f.market.bid.shape[1] + s]
    own = book.bid if sign > 0 else book.ask
    best = own / h.step if own > 0 else f.market.middle[r, s] / h.step
    steps = toward(sign, best - sign * BEHIND[distance])
    wait_at(f, h, r, a, at, 0 if sign > 0 else 1, sign, steps, quantity, GTC)


@branch
def decide(f, h, r, a, tick, key):
    """Let a trader decide, by its kind."""
    t = f.traders
    s, kind = t.home[r, a], t.kind[r, a]
    at = arrival_of(f, h, r, a, tick, key)
    if f.levers.activity[r, kind] <= -1.0:
        withdraw(f, r, a, at)
    elif t.seated[r, a] and t.action[r, a, 0] != USUAL:
        do_as_answered(f, h, r, a, s, at)
    elif kind == VALUE:
        decide_value(f, h, r, a, s, at, key)
    elif kind == NOISE:
        decide_noise(f, h, r, a, s, at, key)
    elif kind == MAKERS:
        decide_maker(f, h, r, a, s, at, tick)
    elif kind == FAST:
        decide_fast(f, h, r, a, s, at, tick)
    elif kind == PARENTS:
        decide_parent(f, h, r, a, s, at, tick, key)
    elif kind == FUNDS:
        decide_fund(f, h, r, a, s, at)
    elif kind == MOMENTUM:
        decide_momentum(f, h, r, a, s, at, key)
    elif kind == POOL:
        decide_pool(f, h, r, a, s, tick, key)


@branch
def next_date(f, h, r, a, tick, key):
    """When a trader decides again: makers by the clock, others at random, sooner the busier they are."""
    t, k = f.traders, f.market
    kind, s = t.kind[r, a], t.home[r, a]
    mean = f.pace[kind]
    if kind not in (MAKERS, FAST):
        busy = 1.0 + h.pace_share * (k.busy[r, s, t.horizon[r, a]] - 1.0)
        busy *= rhythm((tick % h.day) / h.day, h.rhythm)
        if kind == POOL:
            busy = rhythm((tick % h.day) / h.day, h.rhythm) * 2.718281828459045 ** t.activity[r, a]
        mean /= busy
    mean /= max(1.0 + f.levers.activity[r, kind], 0.1)
    wait = mean if kind == MAKERS else -log(draw(key, a, 0)) * mean
    return tick + min(max(int(wait), 1), LONGEST)
