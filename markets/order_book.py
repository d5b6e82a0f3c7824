"""Order books: many symbols and replicas, messages in, fills and the fate of every order out.

    books = OrderBooks(symbols=2)
    answer = books.submit(messages(kind=LIMIT, side=[BUY, SELL], price=100, quantity=[5, 3], number=[1, 2]))
    answer.fills["quantity"]                                                   # 3
    books.ladder(0, BUY)                                                       # price 100, shown 2, open 2

The semantics: price, then time; icebergs, stops, five times in force, self-trade prevention, call auctions,
bands that halt, collars and fees, as `markets.order_messages` names them and `markets.matching` does them.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from markets.matching import carry_out
from markets.order_answers import buffers
from markets.order_memory import Memory, allocate
from markets.order_messages import MESSAGE, NO_BOOK, REJECTED
from streams.jit import jit, leaf

SMALL = 64
EVERY = np.zeros(0, np.int64)


class Answer(NamedTuple):
    """What a batch is answered with: by message `(n,)` status, reason and what is left; rows in order.

    `fills`, `ends` and `touches` are `FILL`, `END` and `TOUCH` rows, by book, then by message.
    """

    status: NDArray[np.int8]
    reason: NDArray[np.int8]
    left: NDArray[np.int64]
    fills: NDArray[Any]
    ends: NDArray[Any]
    touches: NDArray[Any]


class OrderBooks:
    """The books of `symbols` in `replicas`: book number = replica × symbols + symbol.

    A replica has room for `orders` live orders, stops included, a ladder for `levels` prices. `rules`
    (books,) may be changed between batches. `room` is that for answers, in rows, before they are drained; 0
    for as many as there are messages. ValueError for sizes below 1.
    """

    def __init__(
        self, replicas: int = 1, symbols: int = 1, orders: int = 1024, levels: int = 1024, room: int = 0
    ) -> None:
        for name, size in {
            "replicas": replicas, "symbols": symbols, "orders": orders, "levels": levels,
        }.items():  # fmt: skip
            if size < 1:
                raise ValueError(f"order books: {name} is {size} (valid: 1 or more)")
        self.replicas, self.symbols, self.room = replicas, symbols, room
        self.memory = allocate(replicas, symbols, orders, levels)
        self.rules: NDArray[Any] = self.memory.rules

    def submit(self, rows: NDArray[Any]) -> Answer:
        """Carry out a batch `(n,)` of `MESSAGE` rows, each book's in turn. TypeError for other rows."""
        if rows.dtype != MESSAGE or rows.ndim != 1:
            raise TypeError(f"submit: rows {rows.shape} of {rows.dtype}: valid are those of messages(...)")
        books, n = self.replicas * self.symbols, len(rows)
        sender, rows = (EVERY, rows) if books == 1 else by_book(rows, books)
        status, reason, left = np.zeros(n, np.int8), np.zeros(n, np.int8), np.zeros(n, np.int64)
        parts: list[tuple[NDArray[Any], ...]] = []
        done = 0
        while done < n or not parts:
            out = buffers(self.room or n + SMALL)
            done = run(self.memory, out, rows, sender, done, status, reason, left)
            parts.append(out.written())
        fills, ends, touches = parts[0] if len(parts) == 1 else map(np.concatenate, zip(*parts))
        return Answer(status, reason, left, fills, ends, touches)

    def ladder(self, book: int, side: int) -> tuple[NDArray[np.int64], ...]:
        """A side of a book, best price first: prices, lots shown there, lots open there (hidden ones too)."""
        m, ladder = self.memory, book * 4 + side
        rungs = m.ladder[ladder, : m.count[ladder]][::-1]
        levels = m.levels[book // self.symbols, rungs["level"]]
        return np.abs(rungs["key"]), levels["shown"].copy(), levels["open"].copy()

    def columns(self) -> dict[str, NDArray[np.int64]]:
        """Everything the books remember, int64 (R, …) by name: write it back to restore."""
        return {
            name: array.view(np.int64).reshape(self.replicas, -1)
            for name, array in zip(Memory._fields, self.memory)
            if name != "sizes"
        }

    def phase(self, book: int) -> int:
        """0 in continuous trading, 1 in a call phase."""
        return int(self.memory.books["phase"][book])


@jit
def by_book(rows, books):
    """Where each of a batch's rows, sorted by book, came from, int64 (n,), and the rows so sorted."""
    first = np.zeros(books + 2, np.int64)
    for i in range(rows.size):
        first[_place(rows[i].book, books) + 1] += 1
    for b in range(books + 1):
        first[b + 1] += first[b]
    sender, out = np.empty(rows.size, np.int64), np.empty_like(rows)
    for i in range(rows.size):
        b = _place(rows[i].book, books)
        sender[first[b]] = i
        out[first[b]] = rows[i]
        first[b] += 1
    return sender, out


@leaf
def _place(book, books):
    """A book's place in the order of books; those that do not exist come last."""
    return book if 0 <= book < books else books


@jit
def run(m, out, rows, sender, start, status, reason, left):
    """Carry out the rows from `start` on: the place of the first that is not done.

    `sender` says which message of the batch a row is; without any, it is the row itself.
    """
    for k in range(start, rows.size):
        i = sender[k] if sender.size else k
        b = rows[k].book
        if not 0 <= b < m.books.size:
            status[i], reason[i] = REJECTED, NO_BOOK
            continue
        if not carry_out(m, out, rows[k], i):
            return k
        work = m.work[b // m.sizes[0]]
        status[i], reason[i], left[i] = work.status, work.reason, work.left
    return rows.size
