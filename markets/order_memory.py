"""Where order books keep what they know: records of orders, prices, books, in arrays that kernels share.

A replica's books draw orders and prices from one pool. A book has four ladders, each sorted with the best
price at its end: those who buy, those who sell, and the triggers of stops that will buy and that will sell.
Keys grow towards the best: a bid's price, an ask's price negated; a buying stop's trigger negated.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from streams.bundle import Bundle

BUYING, SELLING, BUY_STOPS, SELL_STOPS = range(4)
"""Ladders of a book; those of stops follow those of the sides."""

CONTINUOUS, IN_CALL_PHASE = range(2)

FREE, TAKING, IN_BOOK, WAITING, QUEUED = range(5)
"""What a record holds: nothing, a taker, an order that rests, a stop before and after its trigger."""

IDLE, ENTER, SWEEP, CONCLUDE, REST, CLOSE, CROSS, CASCADE = range(8)
"""How far a message has come: see `markets.matching`."""

NEW, CHANGED, OTHER = range(3)
"""Whose entry it is: the message's new order, the order it replaces, that of a triggered stop."""

NOTHING = -1

ORDER = np.dtype(
    {
        "names": [
            "price", "shown", "hidden", "number", "owner", "next", "previous", "level",
            "side", "tif", "prevention", "kind", "state", "symbol", "peak", "trigger", "entered",
        ],
        "formats": ["i8"] * 5 + ["i4"] * 3 + ["i1"] * 5 + ["i4"] + ["i8"] * 3,
        "offsets": [0, 8, 16, 24, 32, 40, 44, 48, 52, 53, 54, 55, 56, 60, 64, 72, 80],
        "itemsize": 128,
    },
    align=True,
)  # fmt: skip
"""An order; what every message touches lies in its first 64 bytes. A taker has all it wants in `shown`."""

LEVEL = np.dtype([("shown", "i8"), ("open", "i8"), ("key", "i8"), ("head", "i4"), ("tail", "i4")], align=True)
"""The orders at one price, first to last; `open` counts hidden lots too. A free one points on with `head`."""

RUNG = np.dtype([("key", "i8"), ("level", "i8")], align=True)
"""A price of a ladder."""

PLACE = np.dtype([("number", "i8"), ("slot", "i8")], align=True)
"""A place of the directory: an order's number and where its record lies."""

RULES = np.dtype(
    [(name, np.int64) for name in (
        "tick", "lot", "reference", "collar_bp", "band_bp", "static_bp", "maker_ppm", "taker_ppm",
        "auction_ppm",
    )],
    align=True,
)  # fmt: skip
"""What a book is told: price and quantity steps; the auction's reference before any trade; how far a market
order may go from the touch, a trade from the last one, a trade from the reference (basis points, 0 for any);
fees, parts per million."""

BOOK = np.dtype(
    [(name, np.int64) for name in (
        "last", "phase", "queue_head", "queue_tail", "entered", "bid", "bid_shown", "ask", "ask_shown",
    )],
    align=True,
)  # fmt: skip
"""A book: last trade (0 before any), phase, triggered stops first to last, entries so far, the touch told."""

WORK = np.dtype(
    [(name, np.int64) for name in (
        "stage", "slot", "own", "fate", "why", "ended", "limit", "traded", "volume", "price", "status",
        "reason", "left", "orders_free", "levels_free",
    )],
    align=True,
)  # fmt: skip
"""A replica: how far the message at hand has come, its taker and what becomes of it; heads of the free."""


class Memory(
    Bundle,
    fields=(
        "orders", "levels", "ladder", "count", "lots", "directory", "books", "rules", "work", "sizes",
    ),
):  # fmt: skip
    """All arrays of the books of some replicas.

    `orders` (R, room + 1), the last of each replica for a taker; `levels` (R, room); `ladder` (books × 4,
    prices) and `count` (books × 4,) of it in use; `lots` (books × 2,) open; `directory` (R, places); `books`
    and `rules` (books,); `work` (R,); `sizes` (2,): symbols, and how far a hash is shifted to a place of the
    directory. Slots, levels and symbols are counted within their replica.
    """

    orders: NDArray[Any]
    levels: NDArray[Any]
    ladder: NDArray[Any]
    count: NDArray[np.int64]
    lots: NDArray[np.int64]
    directory: NDArray[Any]
    books: NDArray[Any]
    rules: NDArray[Any]
    work: NDArray[Any]
    sizes: NDArray[np.int64]


def allocate(replicas: int, symbols: int, orders: int, levels: int) -> Memory:
    """Memory of empty books: `orders` live ones a replica, `levels` prices a ladder."""
    bits = max(3, int(2 * orders - 1).bit_length())
    books = replicas * symbols
    memory = Memory(
        np.zeros((replicas, orders + 1), ORDER),
        np.zeros((replicas, orders), LEVEL),
        np.zeros((books * 4, levels), RUNG),
        np.zeros(books * 4, np.int64),
        np.zeros(books * 2, np.int64),
        np.zeros((replicas, 1 << bits), PLACE),
        np.zeros(books, BOOK),
        np.zeros(books, RULES),
        np.zeros(replicas, WORK),
        np.array([symbols, 64 - bits], np.int64),
    )
    memory.rules["tick"] = memory.rules["lot"] = 1
    clear(memory)
    return memory


def clear(memory: Memory) -> None:
    """Forget all orders and trades; rules stay."""
    room = memory.levels.shape[1]
    for array in (memory.orders, memory.levels, memory.books, memory.work, memory.count, memory.lots):
        array[:] = 0
    memory.directory["slot"] = NOTHING
    for name in ("queue_head", "queue_tail"):
        memory.books[name] = NOTHING
    memory.orders["next"][:, :room] = memory.levels["head"] = np.arange(1, room + 1)
    memory.orders["next"][:, room - 1] = memory.levels["head"][:, room - 1] = NOTHING
