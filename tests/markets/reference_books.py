"""Many reference books behind the face of the kernel's, so that both can be asked the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from markets.order_messages import END, FILL, NO_BOOK, REJECTED, TOUCH
from tests.markets.reference_book import Book
from tests.markets.reference_orders import Message
from tests.markets.reference_places import RULES


@dataclass
class Answer:
    """What a batch is answered with: a verdict for each message, and rows in order of processing."""

    status: NDArray[np.int64]
    reason: NDArray[np.int64]
    left: NDArray[np.int64]
    fills: NDArray[Any]
    ends: NDArray[Any]
    touches: NDArray[Any]


class ReferenceBooks:
    """Books of replicas: those of one share numbers and the room for orders."""

    def __init__(self, replicas: int = 1, symbols: int = 1, orders: int = 1024, levels: int = 1024) -> None:
        self.rules = np.zeros(replicas * symbols, [(name, np.int64) for name in RULES])
        for name, value in RULES.items():
            self.rules[name] = value
        lives: list[dict] = [{} for _ in range(replicas)]
        self.books = [Book(b, orders, levels, lives[b // symbols]) for b in range(replicas * symbols)]

    def submit(self, rows: NDArray[Any]) -> Answer:
        """Take a batch book by book, each in its order."""
        verdicts = np.zeros((3, len(rows)), np.int64)
        found: tuple[list, list, list] = ([], [], [])
        for number in sorted({*rows["book"].tolist()}):
            mine = np.flatnonzero(rows["book"] == number)
            if not 0 <= number < len(self.books):
                verdicts[:, mine] = np.array([[REJECTED], [NO_BOOK], [0]])
                continue
            book = self.books[number]
            book.rules = {name: int(self.rules[name][number]) for name in RULES}
            for row, message in zip(mine.tolist(), rows[mine].tolist()):
                verdicts[:, row] = book.take(Message(*message), row)
            self.rules["reference"][number] = book.rules["reference"]
            for kept, new in zip(found, (book.fills, book.ends, book.touches)):
                kept += new
                new.clear()
        fills, ends, touches = (np.array(kept, kind) for kept, kind in zip(found, (FILL, END, TOUCH)))
        return Answer(*verdicts, fills, ends, touches)

    def ladder(self, book: int, side: int) -> tuple[NDArray[np.int64], ...]:
        """Price, lots shown and lots open of each level of a side, best first."""
        return tuple(np.array(self.books[book].ladder(side), np.int64).reshape(-1, 3).T)

    def phase(self, book: int) -> int:
        """0 in continuous trading, 1 in a call."""
        return self.books[book].phase
