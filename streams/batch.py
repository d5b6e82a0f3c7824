"""A batch: the columns of one event type at one instant, for all replicas, read-only."""

import math
from collections import namedtuple
from collections.abc import Iterator
from functools import lru_cache
from operator import attrgetter
from typing import Any

import numpy as np
import polars as pl

from streams.event import EventType, Names, declared
from streams.jit import jit

Array = np.ndarray[Any, np.dtype[Any]]


@jit
def _find_bounds(replica, bounds):
    """Write the first row of each replica, then the number of rows; a row out of order or range, else -1."""
    size, top = replica.size, bounds.size - 2
    descents = 0
    for i in range(1, size):
        descents += replica[i] < replica[i - 1]
    if size and (descents or replica[0] < 0 or replica[size - 1] > top):
        for i in range(size):
            if replica[i] < 0 or replica[i] > top or (i and replica[i] < replica[i - 1]):
                return i
    for r in range(top + 1):
        bounds[r] = np.searchsorted(replica, r)
    bounds[top + 1] = size
    return -1


@jit
def sum_stretch(values, start, stop):
    """The sum of values[start:stop]; four sums side by side hide the latency."""
    a = b = c = d = values.dtype.type(0)
    i = start
    while i + 3 < stop:
        a += values[i]
        b += values[i + 1]
        c += values[i + 2]
        d += values[i + 3]
        i += 4
    while i < stop:
        a += values[i]
        i += 1
    return (a + b) + (c + d)


@jit
def _add_stretches(values, bounds, into):
    """Add the sum of values[bounds[r]:bounds[r + 1]] to into[r]."""
    for r in range(into.size):
        into[r] += sum_stretch(values, bounds[r], bounds[r + 1])


def find_bounds(replica: Array, replicas: int, name: str) -> Array:
    """(R + 1,) positions of each replica's rows; ValueError if rows are not sorted or out of range."""
    bounds = np.empty(replicas + 1, np.int64)
    wrong = _find_bounds(replica, bounds)
    if wrong >= 0:
        given = f"{name}: replica of row {wrong} is {replica[wrong]}"
        raise ValueError(f"{given}; valid: sorted indices from 0 to {replicas - 1}")
    bounds.setflags(False)  # type: ignore[call-arg]
    return bounds


@lru_cache(maxsize=256)
def places(name: str, start: int, stop: int, shape: tuple[int, ...]) -> Array:
    """`replica` or `agent` of rows `start` to `stop` of a dense snapshot, kept for the next one."""
    rows, agents = np.arange(start, stop, dtype=np.int32), math.prod(shape[1:])
    return frozen(rows // agents if name == "replica" else rows % agents)


@lru_cache(maxsize=256)
def even_bounds(replicas: int, rows: int) -> Array:
    """(R + 1,) positions of each replica's rows where each has so many, kept for the next snapshot."""
    return frozen(np.arange(replicas + 1) * rows)


@lru_cache(maxsize=256)
def _row_type(name: str, columns: tuple[str, ...]) -> Any:
    return namedtuple(name, ["tick", *columns])


def to_frame(kind: EventType, columns: dict[str, Array], names: Names) -> pl.DataFrame:
    """A polars frame of columns, with a bus's names instead of codes where it names them, else null."""
    labelled = {c.name: names.of(c.labels).names for c in kind.columns.values() if c.labels is not None}
    named = [
        pl.col(name).replace_strict(list(range(len(given))), given, default=None, return_dtype=pl.String)
        for name, given in labelled.items()
    ]
    return pl.DataFrame(columns).with_columns(named)


def frozen(array: Array) -> Array:
    """The array itself, read-only from now on."""
    array.setflags(False)  # type: ignore[call-arg]  # by position: half the time
    return array


class Batch:
    """Rows sorted by replica; a column is an attribute: `batch.amount`, an array of `len(batch)`.

    `batch.replica` is the index 0..R-1 of each row. A dense snapshot of shape (R, agents) also has
    `batch.agent`, and `batch.grid("amount")` gives its columns in that shape. What a span publishes has a
    tick for each row (`TickedBatch`); whoever did not ask for it whole is told one of these for each tick.
    """

    __slots__ = (
        *("_event", "_tick", "_replicas", "_shape"),
        *("_columns", "_size", "_bounds", "_totals", "_names"),
    )

    _add_up = staticmethod(_add_stretches)

    event = property(attrgetter("_event"), doc="The event type.")
    tick = property(attrgetter("_tick"), doc="When it happened.")
    _when = property(attrgetter("_tick"))  # one tick for all rows, or an array of theirs
    replicas = property(attrgetter("_replicas"), doc="R, the number of replicas of the run.")
    shape = property(attrgetter("_shape"), doc="(R, agents) or (R,) of a dense snapshot, else None.")

    def __init__(
        self,
        event: type,
        tick: int,
        replicas: int,
        columns: dict[str, Any],
        size: int,
        names: Names,
        shape: tuple[int, ...] | None = None,
        bounds: Array | None = None,
    ):
        self._event = event
        self._tick = tick
        self._replicas = replicas
        self._shape = shape
        self._columns = columns
        self._size = size
        self._bounds = bounds
        self._names = names
        self._totals: dict[str, Array] = {}

    def __len__(self) -> int:
        return self._size

    def __repr__(self) -> str:
        return f"Batch({declared(self._event).name}, tick={self._tick}, rows={self._size})"

    def __getattr__(self, name: str) -> Array:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            value = self._columns[name]
        except KeyError:
            return self._implicit(name)
        if type(value) is not np.ndarray:
            dtype = declared(self._event).columns[name].dtype
            value = self._columns[name] = frozen(np.full(self._size, value, dtype))
        return value

    def __getitem__(self, name: str) -> Array:
        """A column by its name, for names in variables."""
        if name not in self.columns:
            raise KeyError(f"no column {name!r} in an event of type {self._event.__name__}: {self.columns}")
        return getattr(self, name)

    __iter__ = None
    """Rows are iterated by `rows()`."""

    def _implicit(self, name: str) -> Array:
        if self._shape is None or name not in self._implied:
            raise AttributeError(f"no column {name!r} in an event of type {self._event.__name__}")
        self._columns[name] = places(name, 0, self._size, self._shape)
        return self._columns[name]

    @property
    def _implied(self) -> tuple[str, ...]:
        """What a dense snapshot knows without being told."""
        if self._shape is None:
            return ()
        agents = len(self._shape) > 1 and "agent" not in declared(self._event).columns
        return ("replica", "agent") if agents else ("replica",)

    @property
    def ticks(self) -> Array:
        """(rows,) int32, the tick of each row."""
        return np.full(self._size, self._tick, np.int32)

    def by_tick(self) -> "Iterator[Batch]":
        """One batch for each tick that has rows, in time order."""
        yield self

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of all columns, `replica` first; `tick` is a number of the batch."""
        own = declared(self._event).columns
        if "agent" not in own and ("agent" in self._implied or "agent" in self._columns):
            return ("replica", "agent", *own)
        return ("replica", *own)

    @property
    def bounds(self) -> Array:
        """(R + 1,) positions: rows bounds[r] to bounds[r + 1] are those of replica r."""
        if self._bounds is None:
            if self._shape is None:
                self._bounds = find_bounds(self.replica, self._replicas, self._event.__name__)
            else:
                self._bounds = even_bounds(self._replicas, self._size // self._replicas)
        return self._bounds

    @property
    def counts(self) -> Array:
        """(R,) rows of each replica."""
        return np.diff(self.bounds)

    def only(self, name: str) -> Any:
        """The value of a column that holds the same in every row, else None."""
        value = self._columns.get(name)
        if type(value) is not np.ndarray and value is not None:
            return value
        array = getattr(self, name)
        if self._size and array[0] == array[-1] and (array == array[0]).all():
            return array[0].item()
        return None

    def label(self, name: str) -> str | None:
        """The name behind the code that a column of codes holds in every row, None if there are several."""
        code, labels = self.only(name), declared(self._event).columns[name].labels
        return None if code is None or labels is None else self._names.of(labels)[code]

    def total(self, values: str | Array, where: Array | None = None) -> Array:
        """(R,) sum by replica of a column, or of any array of `len(batch)`, over all rows or those of a mask.

        int64 and exact for integers, else float64. The order of additions within a replica depends on
        nothing but its own rows, so that a replica gives the same bits alone and in company.
        """
        if isinstance(values, str) and where is None:
            if values not in self._totals:
                self._totals[values] = frozen(self._sum(getattr(self, values)))
            return self._totals[values]
        rows: Array = getattr(self, values) if isinstance(values, str) else values.view()
        if where is not None:
            rows = np.where(where, rows, rows.dtype.type(0))
        return self._sum(rows)

    def _sum(self, rows: Array) -> Array:
        result = np.zeros(self._replicas, np.float64 if rows.dtype.kind == "f" else np.int64)
        self._add_up(frozen(rows), self.bounds, result)
        return result

    def add(self, name: str, into: Array) -> None:
        """Add the total of a column to `into`, (R,), float64 for a column of floats: what most folds do."""
        values = self._columns.get(name)
        if type(values) is not np.ndarray:
            values = getattr(self, name)
        if values.dtype.kind == "f" and into.dtype.kind != "f":
            raise TypeError(f"{self._event.__name__}.{name}: floats into {into.dtype}; valid: float64")
        self._add_up(values, self.bounds, into)

    def grid(self, name: str) -> Array:
        """A column of a dense snapshot in its shape, (R, agents) or (R,). ValueError for a batch of rows."""
        if self._shape is None:
            raise ValueError(f"{self!r} is not a dense snapshot: use batch.{name} or batch.total({name!r})")
        return getattr(self, name).reshape(self._shape)

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Where the rows of replicas `first` to `last` - 1 begin and end."""
        if (first, last) == (0, self._replicas):
            return 0, self._size
        bounds = self.bounds
        return int(bounds[first]), int(bounds[last])

    def of(self, replica: int) -> "Batch":
        """The rows of one replica."""
        return self.part(replica, replica + 1)

    def part(self, first: int, last: int) -> "Batch":
        """The rows of replicas `first` to `last` - 1, copied; the batch itself if these are all."""
        return self.stretch(*self.span(first, last))

    def stretch(self, start: int, stop: int) -> "Batch":
        """Rows `start` to before `stop`, copied; the batch itself if these are all."""
        if (start, stop) == (0, self._size):
            return self
        columns = {
            name: frozen(value[start:stop].copy()) if type(value) is np.ndarray else value
            for name, value in self._columns.items()
        }
        for name in self._implied:
            columns[name] = places(name, start, stop, self._shape or ())
        return self._some(slice(start, stop), columns, stop - start)

    def write(self, start: int, stop: int, into: dict[str, Array], at: int) -> None:
        """Write rows `start` to before `stop` of the columns named, or `tick`, `into` arrays from `at` on."""
        columns, end = self._columns, at + stop - start
        for name, room in into.items():
            value = columns.get(name)
            if value is None:
                value = self._when if name == "tick" else self._implicit(name)
            room[at:end] = value[start:stop] if type(value) is np.ndarray else value

    def where(self, mask: Array) -> "Batch":
        """The rows that a boolean mask of `len(batch)` keeps, copied."""
        columns = {name: frozen(getattr(self, name)[mask]) for name in self.columns}
        return self._some(mask, columns, int(np.count_nonzero(mask)))

    def _some(self, rows: Any, columns: dict[str, Any], size: int) -> "Batch":
        """Some of the rows, whose columns are given, as a batch of their own."""
        return Batch(self._event, self._tick, self._replicas, columns, size, self._names)

    def rows(self) -> Iterator[Any]:
        """One named tuple per event, with Python numbers: tick, replica, then the columns."""
        make = _row_type(declared(self._event).name, self.columns)
        columns = (getattr(self, name).tolist() for name in self.columns)
        for values in zip(self.ticks.tolist(), *columns, strict=True):
            yield make(*values)

    def frame(self) -> pl.DataFrame:
        """A polars frame: tick, replica, then the columns, with names instead of codes."""
        columns = {"tick": self.ticks}
        columns.update((name, getattr(self, name)) for name in self.columns)
        return to_frame(declared(self._event), columns, self._names)
