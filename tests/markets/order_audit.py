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


def audit_level(m: Any, number: int, state: int, which: int) -> list[int]:
    """One level: its queue is linked both ways, its sums are those of its orders."""
    level = m.levels[number]
    slots = chain(m.orders, int(level["head"]), "next")
    assert slots, "an empty level"
    assert slots[-1] == level["tail"]
    assert m.orders["previous"][slots].tolist() == [NOTHING, *slots[:-1]]
    assert set(m.orders["state"][slots].tolist()) == {state}
    assert set(m.orders["side"][slots].tolist()) == {which % 2}
    assert set(m.orders["level"][slots].tolist()) == {number}
    shown, hidden = m.orders["shown"][slots].tolist(), m.orders["hidden"][slots].tolist()
    assert min(shown) > 0
    assert min(hidden) >= 0
    assert (level["shown"], level["open"]) == (sum(shown), sum(shown) + sum(hidden))
    return slots


def audit_book(m: Any, book: int) -> tuple[list[int], list[int]]:
    """One book's levels and orders: ladders ascend, stops and lots are where they count."""
    levels: list[int] = []
    slots = chain(m.orders, int(m.books["queue_head"][book]), "next")
    assert set(m.orders["state"][slots].tolist()) <= {QUEUED}
    assert slots[-1:] == [m.books["queue_tail"][book]][: len(slots)]
    assert m.books["phase"][book] != CONTINUOUS or not slots, "a triggered stop has not entered"
    for which in range(4):
        first = (book * 4 + which) * int(m.sizes[2])
        rungs = m.ladder[first : first + m.count[book * 4 + which]]
        assert (np.diff(rungs["key"]) > 0).all()
        assert m.levels["key"][rungs["level"]].tolist() == rungs["key"].tolist()
        mine = [
            audit_level(m, number, IN_BOOK if which < 2 else WAITING, which)
            for number in rungs["level"].tolist()
        ]
        name = "price" if which < 2 else "trigger"
        for key, level in zip(np.abs(rungs["key"]).tolist(), mine):
            assert set(m.orders[name][level].tolist()) == {key}
        if which < 2:
            held = sum(m.levels["open"][rungs["level"]].tolist())
            assert m.lots[book * 2 + which] == held
        levels += rungs["level"].tolist()
        slots += [slot for level in mine for slot in level]
    assert set(m.orders["book"][slots].tolist()) <= {book}
    return levels, slots


def audit_directory(m: Any, replica: int, slots: list[int]) -> None:
    """Every live number leads to its order, no other to anything."""
    places, shift = int(m.sizes[3]), int(m.sizes[4])
    table = m.directory[replica * places : (replica + 1) * places]
    used = table["slot"] != NOTHING
    entries = {(int(place["number"]), int(place["slot"])) for place in table[used]}
    assert entries == {(int(m.orders["number"][slot]), slot) for slot in slots}
    assert used.sum() == len(slots)
    for at in np.flatnonzero(used).tolist():
        home = (int(table["number"][at]) * GOLDEN % 2**64) >> shift
        assert used[(home + np.arange((at - home) % places)) % places].all(), "a number cannot be found"


def audit(books: Any) -> None:
    """All of it; AssertionError where something is not what the orders say."""
    m = books.memory
    symbols, room = int(m.sizes[0]), int(m.sizes[1])
    for replica in range(len(m.work)):
        levels: list[int] = []
        slots: list[int] = []
        for book in range(replica * symbols, (replica + 1) * symbols):
            more_levels, more_slots = audit_book(m, book)
            levels += more_levels
            slots += more_slots
        audit_directory(m, replica, slots)
        free = chain(m.orders, int(m.work["orders_free"][replica]), "next")
        assert set(m.orders["state"][free].tolist()) <= {FREE}
        assert sorted(slots + free) == list(range(replica * (room + 1), replica * (room + 1) + room))
        unused = chain(m.levels, int(m.work["levels_free"][replica]), "head")
        assert sorted(levels + unused) == list(range(replica * room, (replica + 1) * room))


def crossed(books: Any, book: int) -> bool:
    """Whether a book stands crossed or locked."""
    bids, asks = books.ladder(book, BUY)[0], books.ladder(book, SELL)[0]
    return bool(len(bids) and len(asks) and bids[0] >= asks[0])
