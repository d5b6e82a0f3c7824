"""The price of a call auction by trying prices: the slow, plain way, to judge the fast one by."""

from __future__ import annotations

from collections.abc import Iterable

Lots = list[tuple[int, int]]
FEW = 500


def volumes(bids: Lots, asks: Lots, price: int) -> tuple[int, int]:
    """Lots wanted and lots offered at a price, from `(price, open lots)` of every order."""
    wanted = sum(lots for limit, lots in bids if limit >= price)
    offered = sum(lots for limit, lots in asks if limit <= price)
    return wanted, offered


def every_price(low: int, high: int, tick: int) -> range:
    """All multiples of the tick from one price to another."""
    return range(-(-low // tick) * tick, high + 1, tick)


def telling_prices(bids: Lots, asks: Lots, low: int, high: int, tick: int, reference: int) -> set[int]:
    """Those at which volumes change, their neighbours, those beside the reference."""
    found = set()
    for price in (low, high, reference, *(price for price, _ in bids + asks)):
        below = price // tick * tick
        found |= {below - tick, below, below + tick, below + 2 * tick}
    return {price for price in found if low <= price <= high}


def auction_price(
    bids: Lots, asks: Lots, tick: int, reference: int, all_prices: bool | None = None
) -> tuple[int, int]:
    """Price and volume: most volume, least imbalance, nearest to the reference, lowest.

    `(0, 0)` where nothing crosses. Every price of a range of up to `FEW` is tried, of a wider one
    those that can matter.
    """
    if not bids or not asks:
        return 0, 0
    low, high = min(price for price, _ in asks), max(price for price, _ in bids)
    if all_prices is None:
        all_prices = (high - low) // tick <= FEW
    candidates: Iterable[int] = (
        every_price(low, high, tick) if all_prices else telling_prices(bids, asks, low, high, tick, reference)
    )
    best = None
    for price in candidates:
        wanted, offered = volumes(bids, asks, price)
        rank = (-min(wanted, offered), abs(wanted - offered), abs(price - reference), price)
        if best is None or rank < best:
            best = rank
    return (best[3], -best[0]) if best else (0, 0)
