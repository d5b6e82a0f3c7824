"""The call auction: one price for all who can trade at it, by most volume, then least surplus, then nearness.

Between two prices at which somebody would begin or cease to trade nothing changes. So the prices to compare
are those of the orders, those one step beyond them, and the reference.
"""

import numpy as np

from markets.order_memory import BUYING, SELLING
from streams.jit import branch, leaf

UNLIMITED = 2**63 - 1


@leaf
def wanted(m, r, b, which, price):
    """The lots, hidden ones too, that one side of a book trades at a price."""
    ladder = b * 4 + which
    lots = np.int64(0)
    for at in range(m.count[ladder] - 1, -1, -1):
        key = m.ladder[ladder, at].key
        if (key < price) if which == BUYING else (-key > price):
            break
        lots += m.levels[r, m.ladder[ladder, at].level].open
    return lots


@leaf
def better(m, r, b, price, reference, found):
    """The better of a price and the best one found: (volume, surplus, distance, price)."""
    if price < 1:
        return found
    bought, sold = wanted(m, r, b, BUYING, price), wanted(m, r, b, SELLING, price)
    volume, surplus, distance = min(bought, sold), abs(bought - sold), abs(price - reference)
    best_volume, best_surplus, best_distance, best_price = found
    if volume != best_volume:
        return (volume, surplus, distance, price) if volume > best_volume else found
    if surplus != best_surplus:
        return (volume, surplus, distance, price) if surplus < best_surplus else found
    if distance != best_distance:
        return (volume, surplus, distance, price) if distance < best_distance else found
    return (volume, surplus, distance, min(price, best_price))


@branch
def auction_price(m, r, b):
    """The price of an auction and its volume; (0, 0) where nobody can trade.

    The reference is the last trade, or the book's where there is none yet. A tie of distances goes to the
    lower price.
    """
    step, reference = m.rules[b].tick, m.books[b].last or m.rules[b].reference
    found = np.int64(0), np.int64(UNLIMITED), np.int64(UNLIMITED), np.int64(0)
    bids, asks = b * 4 + BUYING, b * 4 + SELLING
    if m.count[bids] == 0 or m.count[asks] == 0:
        return np.int64(0), np.int64(0)
    highest = m.ladder[bids, m.count[bids] - 1].key
    lowest = -m.ladder[asks, m.count[asks] - 1].key
    if highest < lowest:
        return np.int64(0), np.int64(0)
    for ladder in (bids, asks):
        beyond = step if ladder == bids else -step
        for at in range(m.count[ladder] - 1, -1, -1):
            price = abs(m.ladder[ladder, at].key)
            if price < lowest or price > highest:
                break
            found = better(m, r, b, price, reference, found)
            if lowest <= price + beyond <= highest:
                found = better(m, r, b, price + beyond, reference, found)
    on_tick = reference // step * step
    for price in (on_tick, on_tick + step):
        if lowest <= price <= highest:
            found = better(m, r, b, price, reference, found)
    return found[3], found[0]
