"""Flows of random messages of every kind to random books: small, full, halting, at the ends of 64 bits.

A flow is drawn from its seed alone. Numbers go round in a ring, so that they are used again while they live
and after; a cancel or a replace names an order of some age, often one that is gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from markets.order_messages import (
    BUY,
    CANCEL,
    FOK,
    IOC,
    MARKET,
    MESSAGE,
    MOST,
    POST,
    REPLACE,
    STOP,
    STOP_LIMIT,
)  # fmt: skip

LEAST, LARGEST = -(2**63), 2**63 - 1
EXTREMES = (0, -1, 1, LEAST, LARGEST, MOST, MOST + 1, MOST - 1, 2**31, 2**32 - 1, 2**40, 2**62)
ODD = 0.02
KINDS = (0.5, 0.06, 0.05, 0.05, 0.14, 0.15, 0.004, 0.046)
TIFS = (0.62, 0.1, 0.1, 0.09, 0.09)
PREVENTIONS = (0.4, 0.15, 0.15, 0.15, 0.15)
SCALES = {  # centre and width in ticks, least and most lots
    "plain": (1000, 20, 1, 12),
    "deep": (5000, 60, 1, 40),
    "wide": (20_000, 500, 1, 40),
    "low": (4, 3, 1, 12),
    "high": (-10, 8, 1, 3),
    "heavy": (2, 1, 2**56, 2**61),
}


@dataclass
class Flow:
    """Books to open, their rules, and batches: before each, `(field, book, value)` of rules to change."""

    sizes: dict[str, int]
    rules: dict[str, NDArray[np.int64]]
    batches: list[NDArray[Any]]
    changes: list[list[tuple[str, int, int]]] = field(default_factory=list)

    def opened(self, make: Any, **more: Any) -> Any:
        """Books of these sizes and rules."""
        books = make(**self.sizes, **more)
        for name, values in self.rules.items():
            books.rules[name] = values
        return books

    def play(self, books: Any) -> Iterator[Any]:
        """The answers of books, batch by batch."""
        for batch, changes in zip(self.batches, self.changes):
            for name, book, value in changes:
                books.rules[name][book] = value
            yield books.submit(batch)


def random_rules(rng: np.random.Generator, books: int, scale: str) -> dict[str, NDArray[np.int64]]:
    """Rules of each book."""
    large = scale in ("high", "heavy")
    narrow = [0, 0, 1, 30, 100, 500] if scale != "low" else [0, 0, 3000, 5000]
    choices = {
        "tick": [1] if large else [1, 1, 5],
        "lot": [1] if large else [1, 1, 4],
        "reference": [0, 1, SCALES[scale][0] + 3 if SCALES[scale][0] > 0 else MOST - 5],
        "collar_bp": [0, 0, 20, 200, 10_000],
        "band_bp": narrow,
        "static_bp": [0, 0, 0, 100, 1000],
        "maker_ppm": [0, -300, 7, -1_000_000],
        "taker_ppm": [0, 500, 333_333, 1_000_000],
        "auction_ppm": [0, 100, -1],
    }
    return {name: rng.choice(np.array(valid, np.int64), books) for name, valid in choices.items()}


def changed_rules(rng: np.random.Generator, books: int, scale: str) -> list[tuple[str, int, int]]:
    """Now and then, one of the rules of one book anew; never its tick, which orders that rest stand on."""
    if rng.random() > 0.1:
        return []
    name = str(rng.choice(["reference", "collar_bp", "band_bp", "static_bp", "maker_ppm", "lot"]))
    book = int(rng.integers(books))
    return [(name, book, int(random_rules(rng, books, scale)[name][book]))]


def walk(rng: np.random.Generator, n: int, centre: int, width: int) -> NDArray[np.int64]:
    """A price in ticks that wanders between bounds."""
    steps = np.cumsum(rng.integers(-1, 2, n)) + rng.integers(4 * width)
    return centre - width + np.abs(steps % (4 * width) - 2 * width)


def drawn(rng: np.random.Generator, shares: tuple[float, ...], n: int) -> NDArray[np.int64]:
    """Words by their shares."""
    weights = np.array(shares)
    return rng.choice(len(shares), n, p=weights / weights.sum()).astype(np.int64)


def fields(rng: np.random.Generator, n: int, scale: str, rules: dict, owners: int) -> NDArray[Any]:
    """Rows with all but their numbers; a share of them with an odd field."""
    centre, width, least, most = SCALES[scale]
    rows = np.zeros(n, MESSAGE)
    books = len(rules["tick"])
    rows["book"] = rng.integers(books, size=n)
    tick, lot = rules["tick"][rows["book"]], rules["lot"][rows["book"]]
    rows["kind"], rows["side"] = drawn(rng, KINDS, n), rng.integers(2, size=n)
    rows["tif"] = drawn(rng, TIFS, n)
    unlimited = (rows["kind"] == MARKET) | (rows["kind"] == STOP)
    rows["tif"] = np.where(unlimited & (rows["tif"] >= POST) & (rng.random(n) < 0.9), 0, rows["tif"])
    rows["prevention"], rows["owner"] = drawn(rng, PREVENTIONS, n), rng.integers(owners, size=n)
    middle = walk(rng, n, centre if centre > 0 else MOST + centre, width)
    away = np.floor(rng.normal(-1.0, max(1.0, width / 6), n)).astype(np.int64)
    towards = np.where(rows["side"] == BUY, 1, -1)
    stops = (rows["kind"] == STOP) | (rows["kind"] == STOP_LIMIT)
    beyond = np.floor(rng.normal(1.0, 2.0, n)).astype(np.int64)
    rows["trigger"] = np.where(stops, (middle + towards * beyond) * tick, 0)
    rows["price"] = np.where(unlimited, 0, (middle + towards * away) * tick)
    rows["quantity"] = rng.integers(least, most + 1, n) * lot
    slices = rng.integers(1, 9, n)
    rows["peak"] = np.where(rng.random(n) < 0.2, np.maximum(1, rows["quantity"] // slices), 0)
    return rows


def numbered(rng: np.random.Generator, rows: NDArray[Any], ring: int) -> None:
    """Give numbers out round a ring; cancels and replaces name orders of some age, mostly where they are."""
    first, stride = int(rng.choice([0, 7, 2**40, LARGEST - 3 * ring])), int(rng.integers(1, 4))
    new = rows["kind"] < CANCEL
    rows["number"] = first + np.maximum(np.cumsum(new) - 1, 0) % ring * stride
    lasts = new & (rows["kind"] != MARKET) & ~np.isin(rows["tif"], (IOC, FOK))
    makers = np.flatnonzero(lasts if rng.random() < 0.8 and lasts.any() else new | (new.sum() == 0))
    recent = rng.random(len(rows)) < 0.5
    age = rng.geometric(np.where(recent, 0.3, min(1.0, 3 / ring)))
    maker = makers[np.maximum(np.searchsorted(makers, np.arange(len(rows))) - age, 0)]
    rows["number"] = np.where(new, rows["number"], rows["number"][maker])
    at_home = ~new & (rng.random(len(rows)) < 0.95)
    rows["book"] = np.where(at_home, rows["book"][maker], rows["book"])
    same = (rows["kind"] == REPLACE) & (rng.random(len(rows)) < 0.5)
    rows["price"] = np.where(same, rows["price"][maker], rows["price"])
    rows["trigger"] = np.where(same, rows["trigger"][maker], rows["trigger"])
    less = np.maximum(1, (rows["quantity"][maker] // rng.integers(1, 4, len(rows))))
    rows["quantity"] = np.where(same, less, rows["quantity"])


def spoil(rng: np.random.Generator, rows: NDArray[Any], tick: int) -> None:
    """Put odd numbers into some fields: no such word, off the tick, the ends of 64 bits."""
    for name in ("price", "quantity", "trigger", "peak", "number"):
        hit = np.flatnonzero(rng.random(len(rows)) < ODD / 4)
        rows[name][hit] = rng.choice(np.array(EXTREMES), len(hit))
    for name in ("price", "trigger", "quantity"):
        hit = np.flatnonzero(rng.random(len(rows)) < ODD)
        rows[name][hit] += rng.integers(-1, 2, len(hit))
    for name, words in (("kind", 8), ("side", 2), ("tif", 5), ("prevention", 5), ("book", 10)):
        hit = np.flatnonzero(rng.random(len(rows)) < ODD / 20)
        rows[name][hit] = rng.choice(np.array([-1, words, 99]), len(hit))


def random_flow(seed: int | tuple[int, ...], messages: int) -> Flow:
    """So many messages in batches of one to some hundred."""
    rng = np.random.default_rng(seed)
    scale = str(rng.choice(list(SCALES), p=[0.3, 0.15, 0.15, 0.15, 0.1, 0.15]))
    replicas, symbols = [(1, 1), (1, 1), (1, 2), (2, 3)][rng.integers(4)]
    orders = int(rng.choice([4, 12, 40, 200], p=[0.1, 0.2, 0.4, 0.3]))
    sizes = {
        "replicas": replicas,
        "symbols": symbols,
        "orders": orders,
        "levels": int(rng.choice([1, 3, 8, 64, 200], p=[0.03, 0.12, 0.25, 0.3, 0.3])),
    }
    rules = random_rules(rng, replicas * symbols, scale)
    rows = fields(rng, messages, scale, rules, owners=int(rng.choice([2, 4, 12])))
    numbered(rng, rows, ring=int(rng.choice([2, 5])) * orders * replicas)
    spoil(rng, rows, int(rules["tick"][0]))
    ends = np.cumsum(rng.geometric(1 / 120, messages // 60 + 2))
    batches = [part for part in np.split(rows, ends[ends < messages]) if len(part)]
    changes = [changed_rules(rng, replicas * symbols, scale) for _ in batches]
    return Flow(sizes, rules, batches, changes)
