"""What a batch is answered with, as compiled code writes it down: fills, ends of orders, touches."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from markets.order_limits import fee
from markets.order_messages import END, FILL, TOUCH
from streams.bundle import Bundle
from streams.jit import leaf

FILLS, ENDS, TOUCHES = range(3)
STEP = 4  # rows of a kind that one step of a message may write


class Answers(Bundle, fields=("fills", "ends", "touches", "count")):
    """Buffers of rows, and how many of each are in use: `count` (3,)."""

    fills: NDArray[Any]
    ends: NDArray[Any]
    touches: NDArray[Any]
    count: NDArray[np.int64]

    def written(self) -> tuple[NDArray[Any], ...]:
        """The rows in use: fills, ends, touches."""
        return tuple(rows[:n] for rows, n in zip((self.fills, self.ends, self.touches), self.count))


def buffers(rows: int) -> Answers:
    """Empty buffers of so many rows each: at least `STEP`."""
    rows = max(rows, STEP)
    return Answers(np.empty(rows, FILL), np.empty(rows, END), np.empty(rows, TOUCH), np.zeros(3, np.int64))


@leaf
def roomy(out):
    """Whether there is room for what the next step of a message may write."""
    return (
        out.count[FILLS] + STEP <= out.fills.size
        and out.count[ENDS] + STEP <= out.ends.size
        and out.count[TOUCHES] + STEP <= out.touches.size
    )


@leaf
def note_fill(out, i, b, side, taker, maker, price, quantity, taker_ppm, maker_ppm):
    """A trade of two orders, after it: what is open of the maker is known."""
    row = out.fills[out.count[FILLS]]
    out.count[FILLS] += 1
    row.message, row.book, row.side, row.price, row.quantity = i, b, side, price, quantity
    row.taker, row.maker, row.taker_owner, row.maker_owner = (
        taker.number, maker.number, taker.owner, maker.owner,
    )  # fmt: skip
    row.taker_fee, row.maker_fee = fee(price, quantity, taker_ppm), fee(price, quantity, maker_ppm)
    row.maker_left = maker.shown + maker.hidden


@leaf
def note_end(out, i, b, order, status, reason, left):
    """What an order has come to."""
    row = out.ends[out.count[ENDS]]
    out.count[ENDS] += 1
    row.message, row.book, row.number, row.owner = i, b, order.number, order.owner
    row.status, row.reason, row.left = status, reason, left


@leaf
def note_touch(m, out, r, i, b):
    """The touch, if it is not what was told last."""
    bid_ladder = b * 4
    bid, bid_shown = best(m, r, bid_ladder)
    ask, ask_shown = best(m, r, bid_ladder + 1)
    book = m.books[b]
    if bid == book.bid and bid_shown == book.bid_shown and ask == book.ask and ask_shown == book.ask_shown:
        return
    book.bid, book.bid_shown, book.ask, book.ask_shown = bid, bid_shown, ask, ask_shown
    row = out.touches[out.count[TOUCHES]]
    out.count[TOUCHES] += 1
    row.message, row.book = i, b
    row.bid, row.bid_shown, row.ask, row.ask_shown = bid, bid_shown, ask, ask_shown


@leaf
def best(m, r, ladder):
    """The best price of a ladder and what is shown there; 0 where it is empty."""
    n = m.count[ladder]
    if n == 0:
        return np.int64(0), np.int64(0)
    rung = m.ladder[ladder, n - 1]
    return abs(rung.key), m.levels[r, rung.level].shown
