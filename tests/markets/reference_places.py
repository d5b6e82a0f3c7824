"""Where the orders of the reference book are: levels by price, stops that wait, stops that are triggered."""

from __future__ import annotations

from markets.order_messages import BUY, DONE, FINE, NO_ROOM, PENDING, REJECTED, RESTING, SELL, TOO_LARGE
from tests.markets.reference_orders import LARGEST, Order, best

CONTINUOUS, IN_A_CALL = 0, 1
RULES = {
    "tick": 1, "lot": 1, "reference": 0, "collar_bp": 0, "band_bp": 0, "static_bp": 0,
    "maker_ppm": 0, "taker_ppm": 0, "auction_ppm": 0,
}  # fmt: skip
Verdict = tuple[int, int, int]


class Places:
    """Levels are lists of orders by time, stops a list by entry; the books of a replica share `live`."""

    def __init__(
        self, book: int = 0, orders: int = 1024, levels: int = 1024, live: dict[int, Order] | None = None
    ) -> None:
        self.book, self.orders, self.levels = book, orders, levels
        self.rules = dict(RULES)
        self.live = {} if live is None else live
        self.sides: tuple[dict[int, list[Order]], ...] = ({}, {})
        self.waiting: list[Order] = []
        self.queue: list[Order] = []
        self.last, self.phase, self.row = 0, CONTINUOUS, 0
        self.fills: list[tuple[int, ...]] = []
        self.ends: list[tuple[int, ...]] = []
        self.touches: list[tuple[int, ...]] = []

    def ladder(self, side: int) -> list[tuple[int, int, int]]:
        """Price, lots shown and lots open of each level, best first."""
        return [
            (price, sum(o.shown for o in level), sum(o.left for o in level))
            for price, level in sorted(self.sides[side].items(), reverse=side == BUY)
        ]

    def touch(self) -> tuple[int, int, int, int]:
        """Best bid and lots shown there, best ask and lots shown there; 0 for a side that is empty."""
        found = []
        for side in (BUY, SELL):
            price = best(side, self.sides[side]) if self.sides[side] else 0
            found += [price, sum(o.shown for o in self.sides[side].get(price, ()))]
        return tuple(found)

    def open_lots(self, side: int) -> int:
        """What rests on a side, hidden lots too."""
        return sum(order.left for level in self.sides[side].values() for order in level)

    def room_for_price(self, order: Order, leaving: Order | None = None) -> bool:
        """Whether a level for its price is there or free, once another order has left its own."""
        side = self.sides[order.side]
        prices = {price for price, level in side.items() if level != [leaving]}
        return order.price in prices or len(prices) < self.levels

    def rest(self, order: Order) -> tuple[int, int]:
        """Stand at the tail of its level, if there is room."""
        if self.open_lots(order.side) + order.left > LARGEST:
            return REJECTED, TOO_LARGE
        if len(self.live) >= self.orders or not self.room_for_price(order):
            return REJECTED, NO_ROOM
        self.sides[order.side].setdefault(order.price, []).append(order)
        order.shown = order.slice
        self.live[order.number] = order
        return RESTING, FINE

    def leave(self, order: Order) -> None:
        """Be nowhere any more."""
        del self.live[order.number]
        for line in (self.waiting, self.queue):
            if order in line:
                line.remove(order)
                return
        level = self.sides[order.side][order.price]
        level.remove(order)
        if not level:
            del self.sides[order.side][order.price]

    def end(self, order: Order, status: int, reason: int, left: int) -> None:
        """Write down where an order is now."""
        self.ends.append((self.row, self.book, order.number, order.owner, status, reason, left))

    def traded(self, order: Order) -> None:
        """A resting order after a trade: it is done, or shows a new slice at the tail, or keeps its place."""
        if not order.left:
            self.leave(order)
            self.end(order, DONE, FINE, 0)
        elif not order.shown:
            level = self.sides[order.side][order.price]
            level.remove(order)
            level.append(order)
            order.shown = order.slice

    def holds(self, order: Order, price: int) -> bool:
        """Whether a trade at this price triggers a stop."""
        return price >= order.trigger if order.side == BUY else 0 < price <= order.trigger

    def trigger(self, price: int) -> None:
        """Queue whom a trade at this price triggers."""
        for order in [order for order in self.waiting if self.holds(order, price)]:
            self.waiting.remove(order)
            self.queue.append(order)

    def room_for_stop(self, order: Order, leaving: Order | None = None) -> bool:
        """Whether a stop can wait, once another has left."""
        if len(self.live) - (leaving is not None) >= self.orders:
            return False
        triggers = {o.trigger for o in self.waiting if o.side == order.side and o is not leaving}
        return self.holds(order, self.last) or order.trigger in triggers or len(triggers) < self.levels

    def wait(self, order: Order) -> Verdict:
        """Wait for a trade, or for this message's end where the last trade was one."""
        (self.queue if self.holds(order, self.last) else self.waiting).append(order)
        self.live[order.number] = order
        return PENDING, FINE, order.left
