"""The memory of order books, walked from end to end: every list, sum and place is what the orders say."""

from __future__ import annotations

from typing import Any

import numpy as np

from markets.order_memory import CONTINUOUS, FREE, IN_BOOK, NOTHING, QUEUED, WAITING
from markets.order_messages import BUY, SELL

GOLDEN = 0x9E3779B97F4A7C15


def chain(records: Any, first: int, forward: str) -> list[int]:
    """The places of a list in memory."""
    found = []
    while first != NOTHING:
        assert first not in found, "a list bites its tail"
        found.append(first)
        first = int(records[first][forward])
    return found


def audit_level(orders: Any, level: Any, number: int, which: int) -> list[int]:
    """One level: its queue is linked both ways, its sums are those of its orders."""
    slots = chain(orders, int(level["head"]), "next")
    assert slots, "an empty level"
    assert slots[-1] == level["tail"]
    assert orders["previous"][slots].tolist() == [NOTHING, *slots[:-1]]
    assert set(orders["state"][slots].tolist()) == {IN_BOOK if which < 2 else WAITING}
    assert set(orders["side"][slots].tolist()) == {which % 2}
    assert set(orders["level"][slots].tolist()) == {number}
    assert set(orders["price" if which < 2 else "trigger"][slots].tolist()) == {abs(int(level["key"]))}
    shown, hidden = orders["shown"][slots].tolist(), orders["hidden"][slots].tolist()
    assert min(shown) > 0
    assert min(hidden) >= 0
    assert (level["shown"], level["open"]) == (sum(shown), sum(shown) + sum(hidden))
    return slots


def audit_book(m: Any, book: int) -> tuple[list[int], list[int]]:
    """One book's levels and orders: ladders ascend, stops and lots are where they count."""
    symbols = int(m.sizes[0])
    orders, levels = m.orders[book // symbols], m.levels[book // symbols]
    used: list[int] = []
    slots = chain(orders, int(m.books["queue_head"][book]), "next")
    assert set(orders["state"][slots].tolist()) <= {QUEUED}
    assert slots[-1:] == [m.books["queue_tail"][book]][: len(slots)]
    assert m.books["phase"][book] != CONTINUOUS or not slots, "a triggered stop has not entered"
    for which in range(4):
        rungs = m.ladder[book * 4 + which, : m.count[book * 4 + which]]
        assert (np.diff(rungs["key"]) > 0).all()
        numbers = rungs["level"].tolist()
        assert levels["key"][numbers].tolist() == rungs["key"].tolist()
        if which < 2:
            assert m.lots[book * 2 + which] == sum(levels["open"][numbers].tolist())
        used += numbers
        for number in numbers:
            slots += audit_level(orders, levels[number], number, which)
    assert set(orders["symbol"][slots].tolist()) <= {book % symbols}
    return used, slots


def audit_directory(m: Any, replica: int, slots: list[int]) -> None:
    """Every live number leads to its order, no other to anything."""
    table, orders = m.directory[replica], m.orders[replica]
    used, shift = table["slot"] != NOTHING, int(m.sizes[1])
    entries = {(int(place["number"]), int(place["slot"])) for place in table[used]}
    assert entries == {(int(orders["number"][slot]), slot) for slot in slots}
    assert used.sum() == len(slots)
    for at in np.flatnonzero(used).tolist():
        home = (int(table["number"][at]) * GOLDEN % 2**64) >> shift
        between = (home + np.arange((at - home) % len(table))) % len(table)
        assert used[between].all(), "a number cannot be found"


def audit(books: Any) -> None:
    """All of it; AssertionError where something is not what the orders say."""
    m, symbols = books.memory, int(books.memory.sizes[0])
    for replica, (orders, levels, work) in enumerate(zip(m.orders, m.levels, m.work)):
        used: list[int] = []
        slots: list[int] = []
        for book in range(replica * symbols, (replica + 1) * symbols):
            more_levels, more_slots = audit_book(m, book)
            used += more_levels
            slots += more_slots
        audit_directory(m, replica, slots)
        free = chain(orders, int(work["orders_free"]), "next")
        assert set(orders["state"][free].tolist()) <= {FREE}
        assert sorted(slots + free) == list(range(len(orders) - 1))
        unused = chain(levels, int(work["levels_free"]), "head")
        assert sorted(used + unused) == list(range(len(levels)))


def crossed(books: Any, book: int) -> bool:
    """Whether a book stands crossed or locked."""
    bids, asks = books.ladder(book, BUY)[0], books.ladder(book, SELL)[0]
    return bool(len(bids) and len(asks) and bids[0] >= asks[0])
