"""The timetable: rows of (when, act); order inside an instant is the order of the rows.

def timetable(self):
    return (
        decide(ask(every(MONTH), "firms", head="hire"), ask(due(f.review), "firms", head="price")),
        due(f.review, self.reprice),
        every(WEEK, self.clear_goods),
        every(MONTH, self.settle, on=-1, closes=True),
    )

A row that acts at every tick, in compiled code that runs many ticks a call, is a `span`:

        decide(ask(due(t.meeting), "traders")),
        span(self.trade),                                   # up to the next tick at which another row is due
        every(DAY, self.settle, on=-1, closes=True),
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simengine.kernel.errors import KernelError, whole

LONGEST = 4096
"""Ticks a span runs in one call at most: what they publish stays in the cache, and Ctrl-C is soon heard."""


@dataclass(frozen=True)
class Every:
    """Fires at each tick t with (t - on) a multiple of period."""

    period: int
    on: int
    act: Callable[[Any], Any] | None
    closes: bool

    def first(self, tick: int) -> int:
        """The first tick at or after `tick` at which this fires."""
        return tick + (self.on - tick) % self.period


@dataclass(frozen=True, eq=False)
class Due:
    """Fires at the ticks that stand in a column, for the live agents whose tick has come."""

    column: NDArray[np.int64]
    act: Callable[[Any, Any], Any] | None


@dataclass(frozen=True, eq=False)
class AskFor:
    """At `when`, a population is asked for the heads named (None: all of them)."""

    when: Every | Due
    population: str
    heads: tuple[str, ...] | None


@dataclass(frozen=True, eq=False)
class Decide:
    """A barrier: everything asked at this instant is answered here, one forward pass per policy."""

    asks: tuple[AskFor, ...]


@dataclass(frozen=True, eq=False)
class Span:
    """Fires at every tick; one call may run up to `longest` of them."""

    act: Callable[[Any, int, int], int]
    longest: int


Row = Every | Due | Decide | Span


def every(period: int, act: Callable[[Any], Any] | None = None, on: int = 0, closes: bool = False) -> Every:
    """A row at every tick t with (t - on) % period == 0; on=-1 is a period's last tick.

    `act(sim)` is called there; a row that `closes` then extends the digests and asserts the invariants.
    """
    _callable(act, f"every({period}, ...)")
    return Every(whole(period, "every(...): period", 1), whole(on, "every(...): on"), act, closes)


def due(column: NDArray[np.int64], act: Callable[[Any, Any], Any] | None = None) -> Due:
    """A row for the live agents whose tick in `column` (int64, (R, N) or (R,)) has come.

    `act(sim, rows)` gets long-form `rows.replica`, `.agent`, `.tick` and writes each one's next tick.
    """
    _callable(act, "due(...)")
    if not isinstance(column, np.ndarray) or column.dtype != np.int64 or column.ndim > 2:
        raise KernelError(f"due({column!r:.60}): valid is a declared int64 column with one tick per agent")
    return Due(column, act)


def ask(when: Every | Due, population: str, head: str | tuple[str, ...] | None = None) -> AskFor:
    """Inside `decide`: at `when`, ask a population's policy for one head, several, or all."""
    if not isinstance(when, (Every, Due)) or when.act is not None or getattr(when, "closes", False):
        raise KernelError(
            f"ask(..., {population!r}): when is {when!r:.80}: valid is every(period) or due(column), no act"
        )
    return AskFor(when, population, (head,) if isinstance(head, str) else head)


def decide(*asks: AskFor) -> Decide:
    """A barrier row; a population may be asked at several of them (quote, fill, quote again)."""
    for each in asks:
        if not isinstance(each, AskFor):
            raise KernelError(f"decide({each!r:.60}): valid are ask(when, population, head) rows")
    if not asks:
        raise KernelError("decide() asks nobody: valid is decide(ask(when, population), ...)")
    return Decide(asks)


def span(act: Callable[[Any, int, int], int], longest: int = LONGEST) -> Span:
    """A row at every tick, many of them in one call: `act(sim, start, until)` runs ticks start … until - 1.

    `until` is the next tick at which anything else is due: a row, a process, a shock, an observer's timer,
    the goal of the run, at most `longest` ticks away. `act` returns the first tick it has not run: `until`,
    or an earlier one where a buffer is full or a row is due by what it did. One tick a call is the
    definition: it must do and publish (`ticks=`) the same wherever it is cut. A KernelError with the `tick`
    at which it happened fails there, and what earlier ticks published is told; any other fails at `start`.
    """
    _callable(act, "span(...)")
    return Span(act, whole(longest, "span(...): longest", 1))


def checked(rows: Any) -> tuple[Row, ...]:
    """The rows of a timetable, each with something to do."""
    rows = tuple(rows)
    for i, row in enumerate(rows):
        if not isinstance(row, (Every, Due, Decide, Span)):
            raise KernelError(f"timetable row {i} is {row!r:.60}: valid are every, due, decide and span")
        if not isinstance(row, Decide) and row.act is None:
            raise KernelError(f"timetable row {i} has no act: give every(period, act) or due(column, act)")
    if sum(isinstance(row, Span) for row in rows) > 1:
        raise KernelError("timetable has two spans, which would cut each other at every tick: valid is one")
    return rows


def _callable(act: Any, where: str) -> None:
    if act is not None and not callable(act):
        raise KernelError(f"{where}: act is {act!r:.60}: valid is a function of the simulation")
