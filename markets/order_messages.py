"""What may be said to an order book, and what it answers: the words of a batch, its rows and its verdicts.

    rows = messages(kind=LIMIT, side=BUY, price=[100, 101], quantity=5, number=[1, 2], owner=[7, 8])
    answer = books.submit(rows)

Prices are in ticks, quantities in lots, fees in parts per million of price × lots. An order's `number` is
chosen by whoever sends it; no two live orders of a replica have the same. A cancel
or a replace names the order by it.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

LIMIT, MARKET, STOP, STOP_LIMIT, CANCEL, REPLACE, CALL, UNCROSS = range(8)
"""Kinds: four orders, two changes of one, the beginning and the end of a call phase."""

BUY, SELL = range(2)
"""Sides."""

GTC, IOC, FOK, POST, SLIDE = range(5)
"""How long: until cancelled, immediate or cancelled, all or nothing, never taking: refused or moved off."""

NONE, NEWEST, OLDEST, BOTH, DECREMENT = range(5)
"""Whom a match of one owner's orders ends: nobody, the taker, the resting one, both, the smaller."""

RESTING, PENDING, DONE, KILLED, CANCELLED, REJECTED, REPLACED, ACCEPTED = range(8)
"""Where an order, or a message about one, is: in the book, waiting for its trigger, filled, ended by its own
kind, ended by a message or by self-trade prevention, refused; replaced, accepted are said of messages."""

(
    FINE, BAD_WORD, BAD_PRICE, OFF_TICK, BAD_QUANTITY, OFF_LOT, BAD_TRIGGER, TOO_LARGE, DUPLICATE, UNKNOWN,
    WOULD_CROSS, NO_ROOM, IN_CALL, BEYOND_BAND, UNFILLED, OWN_ORDER, NO_BOOK, FUNDS, SHORT,
) = range(19)  # fmt: skip
"""Why a message was refused, or an order ended without a trade."""

REASONS = (
    "fine", "no such kind, side, time in force or prevention", "price below 1 or too large",
    "price is no multiple of the book's tick",
    "quantity below 1", "quantity is no multiple of the book's lot",
    "trigger below 1 or too large", "price × quantity, or the lots of a side, beyond 64 bits",
    "number of a live order", "no live order of this number in this book", "would take",
    "no room for another order or price", "cannot wait in a call", "beyond the band",
    "cannot be filled whole, or nothing left to take", "own order", "no such book", "too little money",
    "too few units",
)  # fmt: skip
"""The reasons in words, by their numbers."""

NO_WORD = -1

MOST = 2**61
"""The largest price, trigger and quantity."""

SLICES = 4096
"""The most slices that an iceberg may come in: each is a fill of its own."""

MESSAGE = np.dtype(
    [
        *((name, np.int64) for name in ("price", "quantity", "peak", "trigger", "owner", "number")),
        ("book", np.int32),
        *((name, np.int8) for name in ("kind", "side", "tif", "prevention")),
    ],
    align=True,
)
"""A row of a batch: the book (replica × symbols + symbol), what is wanted of it, and by whom.

`quantity` of a replace is the new open quantity; `peak` above 0 makes an iceberg that shows so many lots at a
time; `trigger` is that of a stop.
"""

FILL = np.dtype(
    [(name, np.int64) for name in (
        "message", "book", "side", "price", "quantity", "taker", "maker", "taker_owner", "maker_owner",
        "taker_fee", "maker_fee", "maker_left",
    )],
    align=True,
)  # fmt: skip
"""A trade: the row of the batch in which it happened, the taker's side, both orders' numbers and owners,
their fees (negative is a rebate), what is still open of the maker. In an auction the taker is the buyer, and
`side` is `AUCTION`."""

AUCTION = 2
"""The side of a fill in an auction."""

END = np.dtype(
    [(name, np.int64) for name in ("message", "book", "number", "owner", "status", "reason", "left")],
    align=True,
)
"""What has become of an order other than the message's own: a maker that is done, or was cancelled or
decremented by prevention, a stop whose entry is over; and what was open of it then."""

TOUCH = np.dtype(
    [(name, np.int64) for name in ("message", "book", "bid", "bid_shown", "ask", "ask_shown")],
    align=True,
)
"""Best prices and what is shown there, after a message that changed them; 0 for a side that is empty."""


def messages(**columns: Any) -> NDArray[Any]:
    """A batch `(n,)` of `MESSAGE` rows from columns or numbers; what is not named is 0.

    A word or a book that does not fit its column becomes `NO_WORD`, which books refuse.

    TypeError for a column that is not there or no whole number, ValueError for lengths that differ.
    """
    fields = MESSAGE.names or ()
    arrays = {}
    for name, values in columns.items():
        if name not in fields:
            raise TypeError(f"messages: no column {name!r}: valid are {', '.join(fields)}")
        arrays[name] = np.asarray(values)
        if arrays[name].dtype.kind not in "iub":
            raise TypeError(f"messages: {name} is {arrays[name].dtype}: valid are whole numbers")
    lengths = {array.size for array in arrays.values() if array.ndim}
    if len(lengths) > 1 or any(array.ndim > 1 for array in arrays.values()):
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        raise ValueError(f"messages: {shapes}: valid are columns of one length, and numbers")
    rows = np.zeros(lengths.pop() if lengths else 1, MESSAGE)
    for name, array in arrays.items():
        rows[name] = array
        if rows[name].dtype != np.int64:
            rows[name][rows[name] != array] = NO_WORD
    return rows
