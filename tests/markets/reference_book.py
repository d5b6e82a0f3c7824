"""One order book in plain Python, slow and plainly right: what the kernel is judged by.

Choices where venues differ, beside the rules of the cases:

- Checks come in this order: words; then quantity, lot, price, tick, trigger, tick, price × quantity, peak,
  slices, number in use, lots of the side, what cannot wait in a call. A refused order leaves nothing.
- Stops enter first in first out, by the trade that triggered them and then by entry. One whose condition
  holds when it is given is queued at once. Queued stops wait through a call and enter before those that its
  price triggers.
- What a new order would be refused for when it meets the book (would take, no room, too large) kills one that
  lived before, a triggered stop or an order replaced, and one that has traded.
- Of an own order beyond the band nothing would trade, so that prevention acts first and nothing halts.
- In an auction an iceberg shares its level: each slice waits at the tail. Prevention does not act there.
- A verdict tells how the message ended by itself, before the stops that it triggered. `ends` tell of other
  orders than the message's own: makers that are done, whom prevention ended or made smaller, all that an
  auction fills, and triggered stops once they have entered.
"""

from __future__ import annotations

from copy import copy
from typing import Any

from markets.order_messages import (
    ACCEPTED,
    BAD_WORD,
    BUY,
    CALL,
    CANCEL,
    CANCELLED,
    DUPLICATE,
    FINE,
    FOK,
    IN_CALL,
    IOC,
    LIMIT,
    MARKET,
    NO_ROOM,
    POST,
    REJECTED,
    REPLACE,
    REPLACED,
    RESTING,
    SELL,
    SLIDE,
    STOP,
    STOP_LIMIT,
    TOO_LARGE,
    UNCROSS,
    UNKNOWN,
)  # fmt: skip
from tests.markets.reference_matching import Matching
from tests.markets.reference_orders import LARGEST, Order, Refused, check
from tests.markets.reference_places import CONTINUOUS, IN_A_CALL, Verdict

ORDERS = (LIMIT, MARKET, STOP, STOP_LIMIT)


class Book(Matching):
    """One book: `take` acts on a message, `fills`, `ends` and `touches` are what came of it, as rows."""

    def take(self, message: Any, row: int = 0) -> Verdict:
        """Act on a message and on every stop that it triggers: status, reason and what is left."""
        self.row, before = row, self.touch()
        verdict = self.act(message)
        while self.queue and self.phase == CONTINUOUS:
            self.enter_stop(self.queue.pop(0))
        if self.touch() != before:
            self.touches.append((row, self.book, *self.touch()))
        return verdict

    def act(self, m: Any) -> Verdict:
        """The message itself."""
        if m.kind not in range(8):
            return REJECTED, BAD_WORD, 0
        try:
            if m.kind == CANCEL:
                return self.cancel(m)
            if m.kind == REPLACE:
                return self.replace(m)
            if m.kind == CALL:
                self.phase = IN_A_CALL
                return ACCEPTED, FINE, 0
            if m.kind == UNCROSS:
                self.uncross()
                return ACCEPTED, FINE, 0
            return self.new(m)
        except Refused as refused:
            return REJECTED, refused.reason, self.wanted(m)

    def wanted(self, m: Any) -> int:
        """What stays open after a refusal: lots that a new order wanted, or of the one to be replaced."""
        if m.kind in ORDERS:
            return m.quantity
        order = self.live.get(m.number)
        return order.left if m.kind == REPLACE and order and order.book is self else 0

    def new(self, m: Any) -> Verdict:
        """A new order: checked, then it waits for its trigger or meets the book."""
        if m.side not in (BUY, SELL) or m.tif not in range(5) or m.prevention not in range(5) or m.number < 0:
            raise Refused(BAD_WORD)
        if m.kind in (MARKET, STOP) and m.tif in (POST, SLIDE):
            raise Refused(BAD_WORD)
        order = Order(self, m)
        check(order, self.rules["tick"], self.rules["lot"])
        if order.number in self.live:
            raise Refused(DUPLICATE)
        self.check_side(order, 0)
        waits = m.kind in (STOP, STOP_LIMIT)
        if self.phase == IN_A_CALL and not waits and (m.kind == MARKET or m.tif in (IOC, FOK)):
            raise Refused(IN_CALL)
        if not waits:
            return self.enter(order, lived=False)
        if not self.room_for_stop(order):
            raise Refused(NO_ROOM)
        return self.wait(order)

    def check_side(self, order: Order, given_back: int) -> None:
        """Refuse what would push the lots of a side beyond 64 bits."""
        if self.open_lots(order.side) - given_back + order.left > LARGEST:
            raise Refused(TOO_LARGE)

    def enter_stop(self, order: Order) -> None:
        """A triggered stop meets the book."""
        del self.live[order.number]
        order.kind = LIMIT if order.limited else MARKET  # from now on it is replaced as one
        self.end(order, *self.enter(order, lived=True))

    def named(self, number: int) -> Order:
        """The live order of that number in this book."""
        order = self.live.get(number)
        if order is None or order.book is not self:
            raise Refused(UNKNOWN)
        return order

    def cancel(self, m: Any) -> Verdict:
        """Take an order away."""
        order = self.named(m.number)
        self.leave(order)
        return CANCELLED, FINE, order.left

    def replace(self, m: Any) -> Verdict:
        """Change an order as if its message had come with other numbers."""
        order = self.named(m.number)
        if order in self.queue:
            raise Refused(IN_CALL)
        waits = order in self.waiting
        heir = copy(order)
        heir.left = m.quantity
        if waits:
            heir.trigger = m.trigger or order.trigger
            heir.price = (order.limited and m.price) or order.price
        else:
            heir.price = m.price
        check(heir, self.rules["tick"], self.rules["lot"])
        if not waits:
            self.check_side(heir, order.left)
        same = (heir.price, heir.trigger) == (order.price, order.trigger)
        if same and heir.left <= order.left:
            self.reduce(order, heir.left)
            return REPLACED, FINE, order.left
        return REPLACED, FINE, (self.wait_anew if waits else self.enter_anew)(order, heir)

    def wait_anew(self, order: Order, heir: Order) -> int:
        """A stop goes behind those that wait; what is open of it."""
        if not self.room_for_stop(heir, leaving=order):
            raise Refused(NO_ROOM)
        self.leave(order)
        self.wait(heir)
        return heir.left

    def enter_anew(self, order: Order, heir: Order) -> int:
        """A resting order leaves and comes back, unless that must fail; what is open of it then."""
        heir.price, refusal = self.entry_price(heir)
        if refusal:
            raise Refused(refusal)
        takes = self.phase == CONTINUOUS and self.crosses(heir)
        if not takes and not self.room_for_price(heir, leaving=order):
            raise Refused(NO_ROOM)
        self.leave(order)
        status, _, left = self.enter(heir, lived=True)
        return left if status == RESTING else 0
