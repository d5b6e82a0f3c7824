"""Messages along price paths: new, cancel and replace round a price that stands, wanders, swings or falls.

About half of the messages are about orders that live. Who lives is learned from a rehearsal: each piece of a
path is carried out before the next is written.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from markets.order_book import OrderBooks
from markets.order_messages import BUY, CANCEL, LIMIT, MESSAGE, REPLACE, REPLACED, RESTING

START, DEEP, TAKES = 10_000, 30.0, 0.1


def still(rng: np.random.Generator, n: int) -> NDArray[np.float64]:
    """One price."""
    return np.full(n, float(START))


def normal(rng: np.random.Generator, n: int) -> NDArray[np.float64]:
    """A random walk, of a hundred ticks or two in all."""
    return START + np.cumsum(rng.normal(0, 150 / np.sqrt(n), n))


def slow_swing(rng: np.random.Generator, n: int) -> NDArray[np.float64]:
    """Up and down by 10 %, twice."""
    return START * (1 + 0.1 * np.sin(np.linspace(0, 4 * np.pi, n)))


def fast_swing(rng: np.random.Generator, n: int) -> NDArray[np.float64]:
    """Up and down by 1 %, twenty times."""
    return START * (1 + 0.01 * np.sin(np.linspace(0, 40 * np.pi, n)))


def crash(rng: np.random.Generator, n: int) -> NDArray[np.float64]:
    """Down by 40 % within a twentieth of the time, half of it back by the end."""
    at = np.array([0, 0.45, 0.5, 1.0]) * n
    return np.interp(np.arange(n), at, START * np.array([1.0, 1.0, 0.6, 0.8]))


PATHS = {
    "still": still, "normal": normal, "slow swing": slow_swing, "fast swing": fast_swing, "crash": crash,
}  # fmt: skip


class Living:
    """Numbers, prices and sides of the orders that live, as far as is known before the next piece."""

    def __init__(self, most: int) -> None:
        self.alive = np.zeros(most, bool)
        self.price = np.zeros(most, np.int64)
        self.quantity = np.zeros(most, np.int64)
        self.side = np.zeros(most, np.int64)

    def learn(self, rows: NDArray[Any], answer: Any) -> None:
        """Note what a piece has changed."""
        set_now = (answer.status == RESTING) | ((answer.status == REPLACED) & (answer.left > 0))
        numbers = rows["number"]
        new = rows["kind"] == LIMIT
        self.side[numbers[new]] = rows["side"][new]
        self.price[numbers[set_now]] = rows["price"][set_now]
        self.quantity[numbers[set_now]] = answer.left[set_now]
        self.alive[numbers] = set_now
        self.alive[answer.ends["number"]] = False


def piece(
    rng: np.random.Generator, middle: NDArray[np.float64], living: Living, first: int, many: int
) -> NDArray[Any]:
    """The next messages: half new, half cancels and replaces; the more live, the more cancels."""
    n = len(middle)
    rows = np.zeros(n, MESSAGE)
    alive = np.flatnonzero(living.alive)
    cancels = np.clip(0.25 + (len(alive) - many) / many, 0.0, 0.5)
    rows["kind"] = rng.choice([LIMIT, CANCEL, REPLACE], n, p=[0.5, cancels, 0.5 - cancels])
    about = np.flatnonzero(rows["kind"] != LIMIT)
    rows["kind"][about[len(alive) :]] = LIMIT
    about = about[: len(alive)]
    new = rows["kind"] == LIMIT
    rows["number"][new] = first + np.arange(new.sum())
    rows["number"][about] = rng.permutation(alive)[: len(about)]
    rows["side"] = np.where(new, rng.integers(2, size=n), living.side[rows["number"]])
    away = 3 + rng.exponential(DEEP, n)
    away = np.where(new & (rng.random(n) < TAKES), -6.0, away)
    rows["price"] = np.rint(middle + np.where(rows["side"] == BUY, -away, away)).astype(np.int64)
    rows["quantity"] = rng.integers(1, 101, n)
    less = (rows["kind"] == REPLACE) & (rng.random(n) < 0.5)
    rows["price"][less] = living.price[rows["number"][less]]
    rows["quantity"][less] = np.maximum(1, living.quantity[rows["number"][less]] // 2)
    rows["owner"] = rows["number"] % 997
    return rows


def along(path: str, messages: int, live: int, seed: int = 1) -> NDArray[Any]:
    """So many messages along a path, round about so many orders living."""
    rng = np.random.default_rng([seed, *path.encode()])
    middle, living = PATHS[path](rng, messages), Living(messages)
    books = OrderBooks(orders=4 * live + 10_000, levels=16_384)
    size, first, parts = max(live // 10, 50), 0, []
    for begin in range(0, messages, size):
        rows = piece(rng, middle[begin : begin + size], living, first, live)
        living.learn(rows, books.submit(rows))
        first += int((rows["kind"] == LIMIT).sum())
        parts.append(rows)
    return np.concatenate(parts)


def interleaved(books: int, messages: int, live: int) -> NDArray[Any]:
    """Flows of so many books along normal paths, in a random order that keeps each book's own."""
    rng, each = np.random.default_rng(books), messages // books
    flows, times = [], []
    for book in range(books):
        rows = along("normal", each, live, seed=book)
        rows["book"], rows["number"] = book, rows["number"] * books + book
        flows.append(rows)
        times.append(np.sort(rng.random(each)))
    return np.concatenate(flows)[np.argsort(np.concatenate(times), kind="stable")]
