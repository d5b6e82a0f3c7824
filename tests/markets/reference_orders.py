"""What an order is to the reference book: its fields, what may be in them, plain reckonings with prices."""

from __future__ import annotations

from collections import namedtuple
from typing import Any

from markets.order_messages import (
    BAD_PRICE,
    BAD_QUANTITY,
    BAD_TRIGGER,
    BUY,
    LIMIT,
    MESSAGE,
    MOST,
    OFF_LOT,
    OFF_TICK,
    STOP,
    STOP_LIMIT,
    TOO_LARGE,
)  # fmt: skip

LARGEST = 2**63 - 1
SLICES = 4096
Message = namedtuple("Message", MESSAGE.names or ())


class Refused(Exception):
    """Why a message has no effect."""

    def __init__(self, reason: int) -> None:
        super().__init__(reason)
        self.reason = reason


class Order:
    """An order that may live: `left` is open, `shown` of it displayed; `book` is where it was given."""

    def __init__(self, book: Any, message: Any) -> None:
        self.book = book
        self.kind, self.side, self.tif = message.kind, message.side, message.tif
        self.prevention, self.owner, self.number = message.prevention, message.owner, message.number
        self.price, self.trigger = message.price, message.trigger
        self.peak = message.peak if self.limited else 0
        self.left: int = message.quantity
        self.shown = 0

    @property
    def limited(self) -> bool:
        """Whether it has a price of its own."""
        return self.kind in (LIMIT, STOP_LIMIT)

    @property
    def slice(self) -> int:
        """What it shows when it joins a level's tail."""
        return min(self.peak, self.left) if self.peak else self.left


def check(order: Order, tick: int, lot: int) -> None:
    """Refuse fields that no order may have."""
    if order.left < 1:
        raise Refused(BAD_QUANTITY)
    if order.left % lot:
        raise Refused(OFF_LOT)
    if order.limited:
        if not 1 <= order.price <= MOST:
            raise Refused(BAD_PRICE)
        if order.price % tick:
            raise Refused(OFF_TICK)
    if order.kind in (STOP, STOP_LIMIT):
        if not 1 <= order.trigger <= MOST:
            raise Refused(BAD_TRIGGER)
        if order.trigger % tick:
            raise Refused(OFF_TICK)
    worth = order.price if order.limited else order.trigger if order.kind == STOP else 0
    if order.left > MOST or worth * order.left > LARGEST:
        raise Refused(TOO_LARGE)
    if order.peak < 0:
        raise Refused(BAD_QUANTITY)
    if order.peak and order.left > order.peak * SLICES:
        raise Refused(TOO_LARGE)


def best(side: int, prices: Any) -> int:
    """The best of the prices of a side."""
    return max(prices) if side == BUY else min(prices)


def worse(side: int, price: int, limit: int) -> bool:
    """Whether a price is worse for a taker of that side than its limit."""
    return price > limit if side == BUY else price < limit


def share(amount: int, parts: int, whole: int) -> int:
    """So many parts of an amount, as without a product beyond 64 bits: rounded down twice."""
    return amount // whole * parts + amount % whole * parts // whole
