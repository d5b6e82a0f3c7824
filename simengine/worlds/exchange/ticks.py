"""Many ticks of the exchange in one compiled call.

A tick: news becomes known, all who are due choose by what was before it, messages that arrive are carried
out and settled one after the other, then the books are looked at.
"""

from math import log

from agents.exchange.observation import PAST
from markets.matching import carry_out
from markets.order_memory import IN_CALL_PHASE
from markets.order_messages import UNCROSS
from simengine.kernel.noise import tick_at, uniform_at
from simengine.kernel.state import NEVER
from simengine.kernel.wheel import put, take_due
from simengine.worlds.exchange.clearing import deliver, drain
from simengine.worlds.exchange.decisions import decide, next_date, take
from simengine.worlds.exchange.delivery import PARTS, take_letter
from simengine.worlds.exchange.floor import HALTS, QUOTES
from simengine.worlds.exchange.notes import note
from simengine.worlds.exchange.state import MEMORIES, REACH, STRETCH
from streams.jit import branch, jit, leaf
from streams.quantile import normal_quantile

LOOK = 60
"""Ticks between two looks at the depth of a book."""

ROOM = 8192
"""Rows of a kind that a tick may note in a replica, at most."""


@branch
def hear_news(f, h, r, tick, key):
    """What instruments are worth changes when news comes, of one or of all."""
    k, symbols = f.market, f.market.bid.shape[1]
    own, shared = (h.news_sd * (1.0 - h.news_common) ** 0.5, h.news_sd * h.news_common**0.5)
    if uniform_at(key, -1) < h.news_chance:
        change = shared * normal_quantile(uniform_at(key, -2))
        for s in range(symbols):
            k.worth[r, s] += change
    for s in range(symbols):
        if uniform_at(key, 2 * s) < h.news_chance:
            k.worth[r, s] += own * normal_quantile(uniform_at(key, 2 * s + 1))


@branch
def obey_shocks(f, h, r, tick):
    """What shocks have ordered: news that becomes known, lots that a broker trades in slices or at once."""
    v, k = f.levers, f.market
    for s in range(k.bid.shape[1]):
        k.worth[r, s] += v.news[r, s]
        v.news[r, s] = 0.0
        part = min(max(v.program[r, s], -h.program_lots), h.program_lots)
        v.program[r, s] -= part
        for lots in (int(part), int(v.at_once[r, s])):
            if lots != 0:
                take(f, r, f.brokers[s], tick * PARTS, lots, abs(lots))
        v.at_once[r, s] = 0.0


@branch
def learn_flow(f, h, r, s):
    """A stretch is over: what makers think fair follows its surprise, and they learn what flow follows flow.

    Normalised least mean squares (Widrow and Hoff 1960) on past flow over many horizons.
    """
    k, power = f.market, 1.0
    surprise = k.flowing[r, s] - k.expected[r, s]
    k.fair[r, s] += h.maker_impact * k.care[r, s] * surprise
    k.fair[r, s] += h.maker_yielding * (k.middle[r, s] / h.step - k.fair[r, s])
    for j in range(MEMORIES):
        power += k.flow[r, s, j] ** 2 / k.power[r, s, j]
    k.expected[r, s], horizon = 0.0, 1.0
    for j in range(MEMORIES):
        past = k.flow[r, s, j]
        k.weight[r, s, j] += h.maker_learning * surprise * past / (k.power[r, s, j] * power)
        past += (k.flowing[r, s] - past) / horizon
        k.power[r, s, j] += 0.001 * (past**2 - k.power[r, s, j])
        k.expected[r, s] += k.weight[r, s, j] * past
        k.flow[r, s, j] = past
        horizon *= 4.0
    k.flowing[r, s] = 0.0


@branch
def remember_stretch(k, r, s):
    """Where the price is and what was traded at the end of a stretch, for those who observe."""
    for j in range(PAST, 0, -1):
        k.path[r, s, j] = k.path[r, s, j - 1]
    for j in range(PAST - 1, 0, -1):
        k.turnover[r, s, j] = k.turnover[r, s, j - 1]
    k.path[r, s, 0], k.turnover[r, s, 0] = log(k.middle[r, s]), k.turning[r, s]
    k.turning[r, s] = 0


@branch
def look(f, h, r, s, b):
    """Add what a book shows within reach of its best prices to the day's depth profile."""
    k, m = f.market, f.books
    for side in range(2):
        ladder = b * 4 + side
        n = m.count[ladder]
        if n == 0:
            continue
        best = abs(m.ladder[ladder, n - 1].key)
        for at in range(n - 1, -1, -1):
            distance = abs(abs(m.ladder[ladder, at].key) - best) // h.step
            if distance >= REACH:
                break
            k.profile[r, s, distance] += m.levels[r, m.ladder[ladder, at].level].shown
    k.looks[r, s] += 1


@branch
def uncross(f, h, r, s, b, tick):
    """The call after a halt is over: what crosses is traded at one price."""
    row = f.message[0]
    row.book, row.kind = b, UNCROSS
    while not carry_out(f.books, f.answers, row, 0):
        drain(f, h, r, s, tick)
    drain(f, h, r, s, tick)
    f.market.call_until[r, s] = NEVER
    note(f, HALTS, r, tick, s, 0, f.books.books[b].last, 0, 0, 0, 0, 0, 0)


@branch
def watch(f, h, r, s, tick):
    """What a book shows at the end of a tick."""
    k, b = f.market, r * f.market.bid.shape[1] + s
    book = f.books.books[b]
    if book.bid > 0 and book.ask > 0 and book.phase != IN_CALL_PHASE:
        k.middle[r, s] = 0.5 * (book.bid + book.ask)
        k.spread[r, s] += book.ask - book.bid
        k.depth[r, s] += book.bid_shown + book.ask_shown
        k.open_ticks[r, s] += 1
    if k.bid[r, s] != book.bid or k.ask[r, s] != book.ask:
        k.bid[r, s], k.ask[r, s] = book.bid, book.ask
        note(f, QUOTES, r, tick, s, book.bid, book.bid_shown, book.ask, book.ask_shown, 0, 0, 0, 0)
    if tick % STRETCH == STRETCH - 1:
        learn_flow(f, h, r, s)
        remember_stretch(k, r, s)
    if tick % LOOK == LOOK - 1:
        look(f, h, r, s, b)


@leaf
def most(noted):
    """The most rows noted of a kind in a replica."""
    found = 0
    for kind in range(noted.shape[0]):
        for r in range(noted.shape[1]):
            found = max(found, noted[kind, r])
    return found


@jit
def ticks(f, habits, bits, acting, start, until):
    """Run ticks from `start` until `until` or a full buffer of notes: the first tick that has not run."""
    t, k, h = f.traders, f.market, habits[0]
    replicas, symbols = k.bid.shape
    tick = start
    while tick < until and most(f.noted) + ROOM <= f.notes.shape[2]:
        for r in range(replicas):
            key, news = tick_at(f.streams[r, 0], tick), tick_at(f.streams[r, 1], tick)
            hear_news(f, h, r, tick, news)
            obey_shocks(f, h, r, tick)
            for i in range(take_due(bits, r, t.due, t.alive, tick, acting)):
                a = acting[i]
                decide(f, h, r, a, tick, key)
                t.due[r, a] = next_date(f, h, r, a, tick, key)
                put(bits, r, t.due[r, a], a)
                if t.seated[r, a]:
                    t.meeting[r, a] = t.due[r, a]
                    until = min(until, t.due[r, a])
            for s in range(symbols):
                if k.call_until[r, s] <= tick:
                    uncross(f, h, r, s, r * symbols + s, tick)
            letter = take_letter(f, r, tick)
            while letter >= 0:
                deliver(f, h, r, tick, letter)
                letter = take_letter(f, r, tick)
            for s in range(symbols):
                watch(f, h, r, s, tick)
        tick += 1
    return tick
