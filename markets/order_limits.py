"""How far an order may go: bands around the last trade, collars at the touch, what can be filled whole."""

import numpy as np

from markets.order_memory import NOTHING
from markets.order_messages import BUY, MOST, NONE, OLDEST
from streams.jit import branch, leaf

TEN_THOUSAND, MILLION = 10_000, 1_000_000


@leaf
def share(value, parts, whole):
    """`value` × parts / whole, rounded down, without overflow: parts at most whole."""
    return value // whole * parts + value % whole * parts // whole


@leaf
def fee(price, quantity, ppm):
    """The fee of a trade in parts per million of price × lots, rounded down; negative is a rebate."""
    return share(price * quantity, ppm, MILLION) if ppm else np.int64(0)


@leaf
def beyond(price, middle, bp):
    """Whether a price is farther from another than so many basis points of it; 0 of either is no bound."""
    return bp > 0 and middle > 0 and abs(price - middle) > share(middle, bp, TEN_THOUSAND)


@leaf
def band_stops(rules, price, last):
    """Whether a trade at a price would leave the band around the last trade, or around the reference."""
    return beyond(price, last, rules.band_bp) or beyond(price, rules.reference, rules.static_bp)


@leaf
def collared(rules, side, touch):
    """The limit of a market order that meets a touch."""
    if rules.collar_bp == 0:
        return MOST if side == BUY else np.int64(0)
    way = share(touch, rules.collar_bp, TEN_THOUSAND)
    return touch + way if side == BUY else touch - way


@leaf
def within(side, price, limit):
    """Whether an order of a side takes at a price."""
    return price <= limit if side == BUY else price >= limit


@branch
def fillable(m, r, b, slot, limit):
    """Whether all an order wants can be traded at once within its limit, the band and its own orders.

    Hidden lots count. Own lots that would be cancelled do not; an order that would end or shrink at an own
    one gets what lies before it, and the hidden lots of an iceberg lie behind.
    """
    order, rules = m.orders[r, slot], m.rules[b]
    ladder = b * 4 + 1 - order.side
    wanted, last = order.shown, m.books[b].last
    for at in range(m.count[ladder] - 1, -1, -1):
        level = m.levels[r, m.ladder[ladder, at].level]
        price = abs(level.key)
        if not within(order.side, price, limit):
            return False
        hidden, other = np.int64(0), level.head
        while other != NOTHING and wanted > 0:
            maker = m.orders[r, other]
            if order.prevention == NONE or maker.owner != order.owner:
                if band_stops(rules, price, last):
                    return False
                last = price
                wanted -= maker.shown
                hidden += maker.hidden
            elif order.prevention != OLDEST:
                return False
            other = maker.next
        wanted -= hidden
        if wanted <= 0:
            return True
    return False
