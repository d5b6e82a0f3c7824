"""Batches of many ticks: what a span publishes, and how it is held until it is told."""

from collections.abc import Container, Iterator
from operator import attrgetter, itemgetter
from typing import Any

import numpy as np

from streams.batch import Array, Batch, frozen
from streams.event import Names, declared
from streams.jit import jit


@jit
def _add_in_turn(values, bounds, into):
    """Add values[bounds[r]:bounds[r + 1]] to into[r] one by one: the same bits however rows are cut."""
    for r in range(into.size):
        total = into[r]
        for i in range(bounds[r], bounds[r + 1]):
            total += values[i]
        into[r] = total


@jit
def _first_stray(ticks, bounds, start, stop):
    """The first row whose tick is outside [start, stop) or before that of the row above it, or -1."""
    for r in range(bounds.size - 1):
        low = start
        for i in range(bounds[r], bounds[r + 1]):
            if ticks[i] < low or ticks[i] >= stop:
                return i
            low = ticks[i]
    return -1


class TickedBatch(Batch):
    """Rows sorted by replica, then by tick: `batch.ticks` (rows,) says when each happened.

    `batch.tick` raises. `add` sums row after row, so that a fold of floats has the same bits however the span
    that published was cut; `total` is that of the rows at hand.
    """

    __slots__ = ("_ticks",)

    _add_up = staticmethod(_add_in_turn)
    _when = property(attrgetter("_ticks"))

    def __init__(
        self,
        event: type,
        ticks: Array,
        replicas: int,
        columns: dict[str, Any],
        size: int,
        names: Names,
        bounds: Array | None = None,
    ):
        super().__init__(event, 0, replicas, columns, size, names, bounds=bounds)
        self._ticks = ticks

    def __repr__(self) -> str:
        when = f"{self._ticks.min()} to {self._ticks.max()}" if len(self) else "none"
        return f"Batch({declared(self._event).name}, ticks={when}, rows={len(self)})"

    @property
    def tick(self) -> int:
        """TypeError: there are many."""
        raise TypeError(f"{self!r} has a tick for each row: use batch.ticks, or listen without whole=True")

    @property
    def ticks(self) -> Array:
        """(rows,) int32, ascending within a replica."""
        return self._ticks

    def by_tick(self) -> Iterator[Batch]:
        """One batch for each tick that has rows, in time order."""
        batch = self.in_time()
        ticks, columns = batch._ticks, batch._columns.items()
        edges = [0, *(np.flatnonzero(ticks[1:] != ticks[:-1]) + 1).tolist(), len(ticks)]
        for tick, start, stop in zip(ticks[edges[:-1]].tolist(), edges, edges[1:]):
            part = {
                name: value[start:stop] if type(value) is np.ndarray else value for name, value in columns
            }
            yield Batch(self._event, tick, self._replicas, part, stop - start, self._names)

    def in_time(self, rows: Array | None = None) -> "TickedBatch":
        """All rows, or those at some positions, sorted by tick and then by replica: read it by columns."""
        if rows is None:
            if self._replicas == 1:
                return self
            rows = np.arange(len(self))
        rows = rows[np.argsort(self._ticks[rows], kind="stable")]
        columns = {
            name: frozen(value[rows]) if type(value) is np.ndarray else value
            for name, value in self._columns.items()
        }
        ticks = frozen(self._ticks[rows])
        return TickedBatch(self._event, ticks, self._replicas, columns, len(rows), self._names)

    def _some(self, rows: Any, columns: dict[str, Any], size: int) -> Batch:
        ticks = frozen(self._ticks[rows].copy())
        return TickedBatch(self._event, ticks, self._replicas, columns, size, self._names)


class Gathered:
    """What one call of a span publishes, held until it has returned: at most one batch of each event type.

    The call runs ticks `start` to `until` - 1. ValueError for a batch of any other shape or ticks.
    """

    def __init__(self, start: int, until: int):
        self.start, self.until = start, until
        self._batches: dict[type, Batch] = {}  # by event type, in the order published

    def take(self, batch: Batch) -> None:
        """Hold a batch."""
        if not isinstance(batch, TickedBatch):
            raise self._refused(batch, "it has one tick; valid is ticks=, the tick of each row")
        if batch.event in self._batches:
            raise self._refused(batch, "it is published twice; valid is one batch of all its rows")
        stray = _first_stray(batch.ticks, batch.bounds, self.start, self.until)
        if stray >= 0:
            given = f"tick of row {stray} is {batch.ticks[stray]}"
            raise self._refused(batch, f"{given}; valid: inside the span, ascending within a replica")
        self._batches[batch.event] = batch

    def _refused(self, batch: Batch, why: str) -> ValueError:
        name = declared(batch.event).name
        return ValueError(f"{name} of the span over ticks {self.start} to {self.until - 1}: {why}")

    def end(self, stop: int, failed: bool) -> None:
        """The call ran up to tick `stop`, or `failed` there: later rows are dropped, else refused."""
        if stop == self.until:
            return
        for event, batch in tuple(self._batches.items()):
            kept = batch.ticks < stop
            if kept.all():
                continue
            if not failed:
                raise ValueError(f"{batch!r}: published by a span over ticks {self.start} to {stop - 1}")
            self._batches[event] = batch.where(kept)

    def batches(self, wanted: Container[type]) -> list[Batch]:
        """The batches of some event types that have rows, in the order published."""
        if not self._batches:
            return []
        return [batch for batch in self._batches.values() if len(batch) and batch.event in wanted]

    def parted(self, wanted: Container[type]) -> list[Batch]:
        """The same, one for each tick: by tick, then in the order published."""
        batches = self.batches(wanted)
        if len(batches) < 2:
            return [part for batch in batches for part in batch.by_tick()]
        parts = [(part.tick, order, part) for order, batch in enumerate(batches) for part in batch.by_tick()]
        parts.sort(key=itemgetter(0, 1))
        return [part for _, _, part in parts]
