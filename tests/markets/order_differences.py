"""Where two kinds of books answer the same flow differently, and the shortest prefix that shows it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from markets.order_messages import BUY, SELL
from tests.markets.random_flow import Flow

TOLD = ("status", "reason", "left", "fills", "ends", "touches")


def difference(one: Any, other: Any, answers: tuple[Any, Any]) -> str:
    """What differs of two answers and of the books behind them; empty where nothing does."""
    for name in TOLD:
        first, second = (getattr(answer, name) for answer in answers)
        if len(first) != len(second) or (first != second).any():
            shared = min(len(first), len(second))
            unlike = np.flatnonzero(first[:shared] != second[:shared])
            at = int(unlike[0]) if len(unlike) else shared
            return f"{name}[{at}]: {first[at : at + 1]} and {second[at : at + 1]}"
    for book in range(len(one.rules)):
        if one.phase(book) != other.phase(book):
            return f"phase of book {book}: {one.phase(book)} and {other.phase(book)}"
        if one.rules["reference"][book] != other.rules["reference"][book]:
            return (
                f"reference of book {book}: {one.rules['reference'][book]}, {other.rules['reference'][book]}"
            )
        for side in (BUY, SELL):
            levels = [np.array(books.ladder(book, side)).tolist() for books in (one, other)]
            if levels[0] != levels[1]:
                return f"levels of book {book}, side {side}: {levels[0]} and {levels[1]}"
    return ""


def first_difference(flow: Flow, make: Any, make_other: Any) -> tuple[int, str]:
    """How many batches until two kinds of books differ, and in what; `(0, "")` where they never do."""
    one, other = flow.opened(make), flow.opened(make_other)
    for number, answers in enumerate(zip(flow.play(one), flow.play(other)), 1):
        found = difference(one, other, answers)
        if found:
            return number, found
    return 0, ""


def cut(flow: Flow, batches: int, rows: int) -> Flow:
    """The first batches of a flow, of the last of them only so many rows."""
    return replace(flow, batches=[*flow.batches[: batches - 1], flow.batches[batches - 1][:rows]])


def shortest(flow: Flow, make: Any, make_other: Any) -> tuple[Flow, str]:
    """The shortest prefix of a flow in which two kinds of books differ, and in what."""
    batches, found = first_difference(flow, make, make_other)
    for rows in range(1, len(flow.batches[batches - 1])):
        shorter = cut(flow, batches, rows)
        at, said = first_difference(shorter, make, make_other)
        if at:
            return shorter, said
    return cut(flow, batches, len(flow.batches[batches - 1])), found


def fewest(flow: Flow, make: Any, make_other: Any) -> tuple[Flow, str]:
    """A prefix from which messages are left out, in ever shorter runs, as long as a difference stays."""
    small, found = shortest(flow, make, make_other)
    run = max(map(len, small.batches))
    while run:
        before = sum(map(len, small.batches))
        for batch in range(len(small.batches) - 1, -1, -1):
            for row in range(0, len(small.batches[batch]), run):
                batches = list(small.batches)
                batches[batch] = np.delete(batches[batch], np.s_[row : row + run])
                fewer = replace(small, batches=batches)
                at, said = first_difference(fewer, make, make_other)
                if at:
                    small, found = fewer, said
        run = run // 2 if sum(map(len, small.batches)) == before or run > 1 else run
    return small, found
