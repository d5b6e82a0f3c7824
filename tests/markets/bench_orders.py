"""Messages a second of an order book along five price paths, of many books, and of two other books.

python -m tests.markets.bench_orders

CPU time of one thread in one run. The others get the beginning of each path, and must trade the same lots;
the last columns say how many trades and which share of cancels and replaces a path has.
"""

from __future__ import annotations

import argparse
import logging
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from markets.order_book import OrderBooks
from markets.order_messages import BUY, CANCEL, LIMIT, REPLACE, SELL
from tests.markets.price_paths import PATHS, along, interleaved

BATCH = 1 << 14
LIVE = 10_000
ROOM = 1 << 15  # for three times as many
Messages = list[tuple[int, ...]]


class SortedBook:
    """A plain limit order book: a sorted dict of levels a side, each a dict of orders by time."""

    def __init__(self) -> None:
        from sortedcontainers import SortedDict

        self.sides = SortedDict(), SortedDict()
        self.orders: dict[int, list[int]] = {}
        self.traded = 0

    def order(self, number: int, side: int, price: int, quantity: int) -> None:
        """Take what can be taken; the rest stands at the tail of its level."""
        other = self.sides[1 - side]
        while quantity and other:
            best, level = other.peekitem(0 if side == BUY else -1)
            if best > price if side == BUY else best < price:
                break
            while quantity and level:
                maker, order = next(iter(level.items()))
                lots = min(quantity, order[2])
                quantity -= lots
                order[2] -= lots
                self.traded += lots
                if not order[2]:
                    del level[maker], self.orders[maker]
            if not level:
                del other[best]
        if quantity:
            self.orders[number] = order = [side, price, quantity]
            self.sides[side].setdefault(price, {})[number] = order

    def cancel(self, number: int) -> list[int] | None:
        """Take an order away, if it is there."""
        order = self.orders.pop(number, None)
        if order:
            levels = self.sides[order[0]]
            level = levels[order[1]]
            del level[number]
            if not level:
                del levels[order[1]]
        return order

    def replace(self, number: int, price: int, quantity: int) -> None:
        """Fewer lots at the same price keep their place; all else enters anew."""
        order = self.orders.get(number)
        if order and order[1] == price and quantity <= order[2]:
            order[2] = quantity
        elif order:
            self.cancel(number)
            self.order(number, order[0], price, quantity)


class PyOrderBook(SortedBook):
    """pyorderbook behind the same three calls; it has no replace, so that one is cancelled and entered."""

    def __init__(self) -> None:
        from pyorderbook import Book, Order, Side

        self.book, self.make, self.names = Book(), Order, {BUY: Side.BID, SELL: Side.ASK}
        self.known: dict[int, Any] = {}
        self.traded = 0

    def order(self, number: int, side: int, price: int, quantity: int) -> None:
        """Match an order; one that is filled at once is forgotten."""
        order = self.make(self.names[side], "X", price, quantity)
        for trade in self.book.match(order).trades:
            self.traded += trade.fill_quantity
        self.known[number] = order

    def cancel(self, number: int) -> list[int] | None:
        """Take an order away, if it is there."""
        order = self.known.get(number)
        if order is not None and order.id in self.book.order_map:
            self.book.cancel(order)
        return None

    def replace(self, number: int, price: int, quantity: int) -> None:
        """Fewer lots at the same price are written into the order; all else enters anew."""
        order = self.known.get(number)
        if order is None or order.id not in self.book.order_map:
            return
        if order.price == price and quantity <= order.quantity:
            order.quantity = quantity
        else:
            side = BUY if order.side == self.names[BUY] else SELL
            self.book.cancel(order)
            self.order(number, side, price, quantity)


def kernel(rows: NDArray[Any], books: int = 1) -> tuple[float, int, int]:
    """CPU seconds, lots traded and trades of the kernel, in batches."""
    ours = OrderBooks(symbols=books, orders=ROOM, levels=4096 if books == 1 else 1024)
    answers, began = [], time.process_time()
    for first in range(0, len(rows), BATCH):
        answers.append(ours.submit(rows[first : first + BATCH]))
    spent = time.process_time() - began
    lots = sum(int(answer.fills["quantity"].sum()) for answer in answers)
    return spent, lots, sum(len(answer.fills) for answer in answers)


def peer(make: Callable[[], SortedBook], rows: NDArray[Any]) -> tuple[float, int]:
    """CPU seconds and lots traded of a book of Python objects, one call a message."""
    said: Messages = list(
        zip(*(rows[name].tolist() for name in ("kind", "number", "side", "price", "quantity")))
    )
    book, began = make(), time.process_time()
    for kind, number, side, price, quantity in said:
        if kind == LIMIT:
            book.order(number, side, price, quantity)
        elif kind == CANCEL:
            book.cancel(number)
        elif kind == REPLACE:
            book.replace(number, price, quantity)
    return time.process_time() - began, book.traded


def best(times: int, rows: NDArray[Any], books: int = 1) -> tuple[float, str]:
    """Messages a CPU second of the kernel, the best of several runs; shares of trades and of changes."""
    spent, _, trades = min(kernel(rows, books) for _ in range(times))
    shares = trades / len(rows), np.isin(rows["kind"], (CANCEL, REPLACE)).mean()
    return len(rows) / spent, "".join(f"{share:>9.0%}" for share in shares)


def main(given: list[str] | None = None) -> int:
    """Print the table; 1 where a peer trades other lots than the kernel."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=2_000_000)
    parser.add_argument("--prefix", type=int, default=100_000, help="messages of each path for the others")
    parser.add_argument("--times", type=int, default=3, help="runs of the kernel, of which the best counts")
    asked = parser.parse_args(given)
    logging.disable(logging.CRITICAL)
    peers: dict[str, Callable[[], SortedBook]] = {"SortedDict": SortedBook}
    if find_spec("pyorderbook"):
        peers["pyorderbook"] = PyOrderBook
    else:
        print("pyorderbook is not installed: pip install pyorderbook")
    kernel(along("still", 2000, 100))
    same = True
    heads = "".join(f"{name + ' k/s':>18}{'ratio':>7}" for name in peers)
    print(f"{'path':<12}{'M msg/s':>9}{heads}{'trades':>9}{'changes':>9}")
    for path in PATHS:
        rows = along(path, asked.messages, LIVE)
        rate, shares = best(asked.times, rows)
        cells = f"{path:<12}{rate / 1e6:>9.2f}"
        beginning = rows[: asked.prefix]
        _, lots, _ = kernel(beginning)
        for make in peers.values():
            seconds, traded = peer(make, beginning)
            same &= traded == lots
            other = len(beginning) / seconds
            cells += f"{other / 1e3:>18.1f}{rate / other:>7.0f}"
        print(cells + shares, flush=True)
    rows = interleaved(100, asked.messages, LIVE // 100)
    rate, shares = best(asked.times, rows, 100)
    print(f"{'100 books':<12}{rate / 1e6:>9.2f}{'':{25 * len(peers)}}{shares}")
    print(f"the others trade {'the same' if same else 'OTHER'} lots")
    return int(not same)


if __name__ == "__main__":
    sys.exit(main())
