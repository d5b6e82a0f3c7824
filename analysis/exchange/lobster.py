"""A recorded book as the files that microstructure people exchange: LOBSTER's messages and order book.

A row of both files for each change of the book (Huang and Polak 2011), without headers: seconds after the
opening, type, order, lots, price and direction; and the best prices and lots after it, ask before bid, level
by level, with ±9,999,999,999 and 0 where there is none. Prices are in ticks of .0001.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from analysis.run import Run

NEW, PARTLY, DELETED, EXECUTED, HIDDEN, CROSSED = range(1, 7)
SECOND = 60
"""Ticks in a second of exchange time."""

NOWHERE = 9_999_999_999
BUYS = {"buy": 1, "sell": -1}


class Message(NamedTuple):
    """A row of a message file."""

    seconds: float
    kind: int
    order: int
    lots: int
    price: int
    direction: int


class Book:
    """What waits, as messages tell it: orders by number, lots by price on each side (1 buys, -1 sells)."""

    def __init__(self) -> None:
        self.orders: dict[int, tuple[int, int, int]] = {}
        self.lots: dict[int, dict[int, int]] = {1: {}, -1: {}}

    def change(self, number: int, by: int, price: int = 0, direction: int = 0) -> tuple[int, int]:
        """Add lots to an order, or take some off: its price and direction."""
        lots, price, direction = self.orders.pop(number, (0, price, direction))
        if lots + by > 0:
            self.orders[number] = lots + by, price, direction
        side = self.lots[direction]
        side[price] = side.get(price, 0) + by
        if side[price] == 0:
            del side[price]
        return price, direction

    def best(self, levels: int) -> list[int]:
        """Ask price and lots, bid price and lots, level by level."""
        asks, bids = sorted(self.lots[-1])[:levels], sorted(self.lots[1], reverse=True)[:levels]
        row = []
        for n in range(levels):
            for side, prices in ((-1, asks), (1, bids)):
                row += [prices[n], self.lots[side][prices[n]]] if n < len(prices) else [-side * NOWHERE, 0]
        return row


def changes(orders: pl.DataFrame, trades: pl.DataFrame, book: Book) -> Iterator[Message]:
    """The messages that orders and trades of one instrument make, in their order; the book follows them."""
    waiting = deque(trades.iter_rows(named=True))

    def before(tick: int) -> Iterator[Message]:
        """What traded before a tick, and in it without a taker."""
        while waiting and (waiting[0]["tick"] < tick or _free(waiting[0], tick)):
            yield from _traded(waiting.popleft(), book)

    def taken(tick: int, taker: int, most: int) -> Iterator[Message]:
        """What an order took in a tick, up to all it wanted: the same number may come again."""
        while waiting and (waiting[0]["tick"], waiting[0]["taker"]) == (tick, taker) and most > 0:
            most -= waiting[0]["quantity"]
            yield from _traded(waiting.popleft(), book)

    for row in orders.iter_rows(named=True):
        tick, number = row["tick"], row["number"]
        yield from before(tick)
        held, price, direction = book.orders.get(number, (0, 0, 0))
        seconds = tick / SECOND
        if row["status"] == "cancelled" and row["kind"] == "cancel" and held:
            book.change(number, -held)
            yield Message(seconds, DELETED, number, held, price, direction)
            continue
        if row["status"] == "replaced" and held:
            kept = row["price"] == price and row["quantity"] <= held
            cut = held - row["quantity"] if kept else held
            if cut:
                book.change(number, -cut)
                yield Message(seconds, PARTLY if kept else DELETED, number, cut, price, direction)
            if kept:
                continue
        took = yield from _sum(taken(tick, number, row["quantity"]))
        if row["status"] in ("resting", "replaced") and row["quantity"] > took:
            left = row["quantity"] - took
            price, direction = book.change(number, left, row["price"], BUYS[row["side"]])
            yield Message(seconds, NEW, number, left, price, direction)
    yield from before(2**62)


def _free(trade: dict[str, Any], tick: int) -> bool:
    return trade["tick"] == tick and trade["side"] not in BUYS


def _sum(messages: Iterator[Message]) -> Any:
    """Hand messages on, and return how many lots they speak of."""
    lots = 0
    for message in messages:
        lots += message.lots
        yield message
    return lots


def _traded(trade: dict[str, Any], book: Book) -> Iterator[Message]:
    seconds, lots, price = trade["tick"] / SECOND, trade["quantity"], trade["price"]
    if trade["side"] in BUYS:
        _, direction = book.change(trade["maker"], -lots)
        yield Message(seconds, EXECUTED, trade["maker"], lots, price, direction)
    elif trade["side"] == "auction":
        for number in (trade["taker"], trade["maker"]):
            book.change(number, -lots)
        yield Message(seconds, CROSSED, -1, lots, price, -1)
    else:
        yield Message(seconds, HIDDEN, 0, lots, price, 1)


def write_lobster(
    run: Run, folder: Path | None = None, replica: int = 0, instrument: int = 0, levels: int = 10
) -> tuple[Path, Path]:
    """Write message and order book file of one instrument of a recorded run, and return them.

    NotRecorded without its Order and Trade events, all of which must be there.
    """
    mine = (pl.col("replica") == replica) & (pl.col("instrument") == instrument)
    orders, trades = (run.events(name).filter(mine).collect() for name in ("Order", "Trade"))
    folder = folder or run.path / "lobster"
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{run.world}{instrument}_replica{replica}"
    files = tuple(folder / f"{name}_{what}_{levels}.csv" for what in ("message", "orderbook"))
    book = Book()
    with files[0].open("w", newline="") as message_file, files[1].open("w", newline="") as book_file:
        messages, books = csv.writer(message_file), csv.writer(book_file)
        for message in changes(orders, trades, book):
            messages.writerow((f"{message.seconds:.9f}", *message[1:]))
            books.writerow(book.best(levels))
    return files[0], files[1]
