"""How an order meets the reference book: what it takes, what is prevented, what halts, what crosses."""

from __future__ import annotations

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
    IOC,
    KILLED,
    MOST,
    NEWEST,
    NONE,
    OLDEST,
    OWN_ORDER,
    POST,
    REJECTED,
    RESTING,
    SLIDE,
    TOO_LARGE,
    UNFILLED,
    WOULD_CROSS,
)  # fmt: skip
from tests.markets.reference_auction import auction_price
from tests.markets.reference_orders import LARGEST, Order, best, share, worse
from tests.markets.reference_places import CONTINUOUS, IN_A_CALL, Places, Verdict


class Matching(Places):
    """An order taken through the levels, by price and then time."""

    def enter(self, order: Order, lived: bool) -> Verdict:
        """Take what can be taken, rest what may rest: how that ended."""
        trades = len(self.fills)
        status, reason = self.meet(order)
        if status == REJECTED and (lived or trades < len(self.fills)):
            status = KILLED
        return status, reason, order.left

    def meet(self, order: Order) -> tuple[int, int]:
        """Status and reason of an order that has come to the book."""
        if self.phase == IN_A_CALL:
            return self.rest(order)
        if order.limited:
            order.price, refusal = self.entry_price(order)
            if refusal:
                return REJECTED, refusal
        elif not self.sides[1 - order.side]:
            return KILLED, UNFILLED
        limit = self.limit(order)
        if order.tif == FOK and not self.fillable(order, limit):
            return KILLED, UNFILLED
        if self.sweep(order, limit):
            return CANCELLED, OWN_ORDER
        if not order.left:
            return DONE, FINE
        if not order.limited or order.tif == IOC:
            return KILLED, BEYOND_BAND if self.phase == IN_A_CALL else UNFILLED
        return self.rest(order)

    def limit(self, order: Order) -> int:
        """The worst price it takes: its own, or for a market order the collar's."""
        if order.limited:
            return order.price
        if not self.rules["collar_bp"]:
            return LARGEST if order.side == BUY else 0
        touch = best(1 - order.side, self.sides[1 - order.side])
        away = share(touch, self.rules["collar_bp"], 10_000)
        return touch + away if order.side == BUY else touch - away

    def crosses(self, order: Order) -> bool:
        """Whether the other side has something at its price."""
        other = self.sides[1 - order.side]
        return bool(other) and not worse(order.side, best(1 - order.side, other), order.price)

    def entry_price(self, order: Order) -> tuple[int, int]:
        """The price at which a limit order meets the book, and why it may not."""
        if self.phase == IN_A_CALL or order.tif not in (POST, SLIDE) or not self.crosses(order):
            return order.price, FINE
        if order.tif == POST:
            return order.price, WOULD_CROSS
        touch, tick = best(1 - order.side, self.sides[1 - order.side]), self.rules["tick"]
        price = touch - tick if order.side == BUY else touch + tick
        if price < 1:
            return order.price, WOULD_CROSS
        if price > MOST or price * order.left > LARGEST:
            return order.price, TOO_LARGE
        return price, FINE

    def fillable(self, order: Order, limit: int) -> bool:
        """Whether every lot would be traded, were it to go ahead."""
        wanted, last, side = order.left, self.last, 1 - order.side
        for price in sorted(self.sides[side], reverse=side == BUY):
            if worse(order.side, price, limit):
                break
            line = [(o.owner, o.shown, o.left - o.shown, o.peak) for o in self.sides[side][price]]
            while line:
                owner, shown, hidden, peak = line.pop(0)
                if order.prevention != NONE and owner == order.owner:
                    if order.prevention == OLDEST:
                        continue
                    return False
                if self.beyond_band(price, last):
                    return False
                last = price
                if wanted <= shown:
                    return True
                wanted -= shown
                if hidden:
                    slice_ = min(peak, hidden)
                    line.append((owner, slice_, hidden - slice_, peak))
        return False

    def sweep(self, taker: Order, limit: int) -> bool:
        """Trade until nothing is left or in reach; whether prevention ended the taker."""
        other = self.sides[1 - taker.side]
        while taker.left and other:
            price = best(1 - taker.side, other)
            if worse(taker.side, price, limit):
                break
            maker = other[price][0]
            if taker.prevention != NONE and maker.owner == taker.owner:
                if self.prevent(taker, maker):
                    return True
                continue
            if self.beyond_band(price, self.last):
                self.phase = IN_A_CALL
                break
            lots = min(taker.left, maker.shown)
            self.fill(taker.side, price, lots, taker, maker, "taker_ppm", "maker_ppm")
            self.traded(maker)
            self.last = price
            self.trigger(price)
        return False

    def beyond_band(self, price: int, last: int) -> bool:
        """Whether a trade at a price would be too far from the last one, or from the reference."""
        return any(
            middle and width and abs(price - middle) > share(middle, width, 10_000)
            for middle, width in (
                (last, self.rules["band_bp"]),
                (self.rules["reference"], self.rules["static_bp"]),
            )
        )

    def prevent(self, taker: Order, maker: Order) -> bool:
        """End whom the taker's mode says; whether that is the taker."""
        mode = taker.prevention
        if mode in (OLDEST, BOTH):
            self.leave(maker)
            self.end(maker, CANCELLED, OWN_ORDER, maker.left)
        if mode == DECREMENT:
            lots = min(taker.left, maker.left)
            taker.left -= lots
            self.reduce(maker, maker.left - lots)
            if not maker.left:
                self.leave(maker)
            self.end(maker, RESTING if maker.left else CANCELLED, OWN_ORDER, maker.left)
            return not taker.left
        return mode in (NEWEST, BOTH)

    def reduce(self, order: Order, left: int) -> None:
        """Fewer lots open, hidden ones first."""
        order.left = left
        order.shown = min(order.shown, left)

    def fill(
        self, side: int, price: int, lots: int, taker: Order, maker: Order, taker_fee: str, maker_fee: str
    ) -> None:
        """One trade, written down."""
        for order in (taker, maker):
            order.left -= lots
        maker.shown -= lots
        fees = [share(price * lots, self.rules[name], 1_000_000) for name in (taker_fee, maker_fee)]
        self.fills.append(
            (
                self.row, self.book, side, price, lots, taker.number, maker.number, taker.owner, maker.owner,
                *fees, maker.left,
            )
        )  # fmt: skip

    def uncross(self) -> None:
        """End a call: what crosses trades at one price, by price, time and displayed slice."""
        if self.phase != IN_A_CALL:
            return
        self.phase = CONTINUOUS
        bids, asks = ([(o.price, o.left) for level in side.values() for o in level] for side in self.sides)
        price, volume = auction_price(bids, asks, self.rules["tick"], self.last or self.rules["reference"])
        if not volume:
            return
        while volume:
            buyer, seller = (levels[best(side, levels)][0] for side, levels in enumerate(self.sides))
            lots = min(volume, buyer.shown, seller.shown)
            volume -= lots
            buyer.shown -= lots
            self.fill(AUCTION, price, lots, buyer, seller, "auction_ppm", "auction_ppm")
            self.traded(buyer)
            self.traded(seller)
        self.last = self.rules["reference"] = price
        self.trigger(price)
