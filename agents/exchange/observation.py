"""What a trader sees when it is asked: 256 numbers of the book, the past, itself and the time.

    see(f, replica, agent, tick, day, step, scale)        # (rows, 256) float32, in the order of `FEATURES`

`f` is the floor of the exchange. Prices are told in steps of the book, from the middle of its best prices.
"""

from math import cos, log, pi, sin

import numpy as np

from agents.observation import Feature
from streams.jit import jit, leaf

DEPTH, PAST, SIGNS, PLACES, HORIZONS = 12, 64, 24, 8, 12
"""Prices a side, stretches of the past, signs of trades, own orders and horizons that are seen."""

KINDS = ("value", "noise", "parents", "makers", "fast", "funds", "momentum", "pool")
INFORMED = (0, 5)
"""Kinds that know what an instrument is worth: value traders and funds."""

FEATURES = (
    *(
        Feature(f"{side} {n}: {what}", unit, scale)
        for side in ("bid", "ask")
        for n in range(1, DEPTH + 1)
        for what, unit, scale in (("distance", "steps", 0.1), ("lots", "log of 1 + lots", 0.2))
    ),
    *(Feature(f"return {n} stretches ago", "log", 1000.0) for n in range(PAST)),
    *(Feature(f"volume {n} stretches ago", "log of 1 + lots", 0.1) for n in range(PAST)),
    *(
        Feature(f"own order {n}: {what}", unit, scale)
        for n in range(PLACES)
        for what, unit, scale in (("lots, below 0 to sell", "lots", 0.02), ("distance", "steps", 0.05))
    ),
    *(Feature(f"sign of trade {n} before", "1 bought, -1 sold") for n in range(SIGNS)),
    *(Feature(f"volatility over horizon {n}", "of the usual") for n in range(HORIZONS)),
    *(Feature(f"kind: {kind}", "0 or 1") for kind in KINDS),
    Feature("spread", "steps", 0.1),
    Feature("lean of the best lots", "-1 all to sell to 1 all to buy"),
    Feature("time of day, sine", "-1 to 1"),
    Feature("time of day, cosine", "-1 to 1"),
    Feature("units beyond the opening's", "share of them"),
    Feature("money that is free", "share of wealth"),
    Feature("loans", "share of wealth"),
    Feature("large order left", "lots", 0.001),
    Feature("in a call", "0 or 1"),
    Feature("trend", "log a day", 100.0),
    Feature("sentiment", "1"),
    Feature("return of the day", "log", 100.0),
    Feature("volume of the day", "log of 1 + lots", 0.1),
    Feature("worth over price, to the informed", "log", 100.0),
    Feature("last trade from the middle", "steps", 0.1),
    Feature("own activity", "times usual"),
    Feature("lots at the best bid", "log of 1 + lots", 0.2),
    Feature("lots at the best ask", "log of 1 + lots", 0.2),
    Feature("high of the day from the middle", "steps", 0.01),
    Feature("low of the day from the middle", "steps", 0.01),
)
"""Each of the 256, with its unit and the scale it is told in."""


@leaf
def see_side(f, out, i, n, r, ladder, middle, step):
    """The best prices of a side, with what they show; 0 where there are fewer."""
    m = f.books
    count = m.count[ladder]
    for k in range(DEPTH):
        if k < count:
            rung = m.ladder[ladder, count - 1 - k]
            out[i, n] = 0.1 * (abs(rung.key) - middle) / step
            out[i, n + 1] = 0.2 * log(1.0 + m.levels[r, rung.level].shown)
        n += 2
    return n


@leaf
def see_past(f, out, i, n, r, s):
    """Returns and volumes of past stretches, latest first."""
    k = f.market
    for j in range(PAST):
        out[i, n + j] = 1000.0 * (k.path[r, s, j] - k.path[r, s, j + 1])
        out[i, n + PAST + j] = 0.1 * log(1.0 + k.turnover[r, s, j])
    return n + 2 * PAST


@leaf
def see_self(f, out, i, n, r, a, s, middle, step):
    """Own orders, signs of trades, volatility by horizon, and one's kind."""
    t, k = f.traders, f.market
    for place in range(PLACES):
        lots = t.place_open[r, a, place]
        if lots != 0:
            out[i, n], out[i, n + 1] = 0.02 * lots, 0.05 * (t.place_price[r, a, place] - middle) / step
        n += 2
    for j in range(min(SIGNS, k.signs[r, s])):
        out[i, n + j] = k.sign[r, s, (k.signs[r, s] - 1 - j) % k.sign.shape[2]]
    n += SIGNS
    for j in range(HORIZONS):
        out[i, n + j] = (k.seen[r, s, j] / k.usual[r, s]) ** 0.5
    n += HORIZONS
    out[i, n + t.kind[r, a]] = 1.0
    return n + len(KINDS)


@jit
def see(f, replica, agent, tick, day, step, scale):
    """What each row of an ask sees, float32 (rows, 256)."""
    t, k = f.traders, f.market
    out = np.zeros((replica.size, len(FEATURES)), np.float32)
    for i in range(replica.size):
        r, a = replica[i], agent[i]
        s, kind = t.home[r, a], t.kind[r, a]
        b, middle = r * k.bid.shape[1] + s, k.middle[r, s]
        book = f.books.books[b]
        n = see_side(f, out, i, 0, r, b * 4, middle, step)
        n = see_side(f, out, i, n, r, b * 4 + 1, middle, step)
        n = see_past(f, out, i, n, r, s)
        n = see_self(f, out, i, n, r, a, s, middle, step)
        price, units = k.last[r, s] * scale, f.units[r, s, a]
        owed, cash = -f.loans[r, a], f.cash[r, a]
        wealth = max(cash - owed + units * float(price), 1.0)
        both = book.bid_shown + book.ask_shown
        angle = 2.0 * pi * (tick % day) / day
        informed = kind in INFORMED
        last = (
            0.1 * (book.ask - book.bid) / step if book.bid and book.ask else 0.0,
            (book.bid_shown - book.ask_shown) / both if both else 0.0,
            sin(angle),
            cos(angle),
            (units - f.opening_units[a]) / max(f.opening_units[a], 1),
            (cash - t.cash_held[r, a]) / wealth,
            owed / wealth,
            0.001 * t.remaining[r, a],
            float(book.phase),
            100.0 * k.trend[r, s],
            k.sentiment[r, s],
            100.0 * log(middle / k.closing[r, s]),
            0.1 * log(1.0 + k.volume[r, s]),
            100.0 * (k.worth[r, s] - log(middle)) if informed else 0.0,
            0.1 * (k.last[r, s] - middle) / step,
            k.busy[r, s, t.horizon[r, a]],
            0.2 * log(1.0 + book.bid_shown),
            0.2 * log(1.0 + book.ask_shown),
            0.01 * (k.high[r, s] - middle) / step if k.trades[r, s] else 0.0,
            0.01 * (k.low[r, s] - middle) / step if k.trades[r, s] else 0.0,
        )
        for j in range(len(last)):
            out[i, n + j] = last[j]
    return out
