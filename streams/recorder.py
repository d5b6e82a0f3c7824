"""The recorder: what happened, as sealed Parquet segments in a run folder."""

import json
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from itertools import pairwise
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from streams.batch import Array, Batch, to_frame
from streams.bus import Bus, Memory
from streams.event import EVENTS, declared, path_of
from streams.events import Metric
from streams.segments import (
    FOLDER,
    METRICS,
    SERIES,
    Segment,
    forget_others,
    read_segments,
    verify,
    write_segment,
)
from streams.ticked import TickedBatch

SEGMENT_ROWS = 1 << 18
SEALED_ROWS = 1 << 14
FIRST_ROOM = 1 << 10


class Recorder:
    """Records a bus into `folder`: events/<Event>/00000.parquet, columns tick, replica and the event's own.

    Where two types of a run have one name, the one that was met later goes by its path, module:name.

    Metric, and the event types marked `series=True`, are recorded of all replicas at every tick. Of the
    others `events` ("default" is all of them) are recorded of the replicas with indices `replicas`, the first
    by default (all for events="all"), in each span of `every` ticks at the first instant at which there are
    any. Ticks below 0 are left out.

    `seal()` goes before every checkpoint, and its result into it: then every recorded row is in a sealed
    segment or in the memory of the bus. `restore` takes that result. What cannot be written stops the run.
    """

    def __init__(
        self,
        folder: str | Path,
        bus: Bus,
        events: str | Iterable[str | type] = "default",
        every: int = 1,
        replicas: Sequence[int] | None = None,
        numbers: Sequence[int] | None = None,
    ):
        if every < 1:
            raise ValueError(f"recorder: every={every} given; valid: 1 or more ticks")
        self.folder = Path(folder)
        self.segments: list[Segment] = []
        self._every = every
        self._names = _selected(events)
        self._numbers = list(range(bus.replicas)) if numbers is None else [int(number) for number in numbers]
        self._all = [(0, bus.replicas)]
        if replicas is None:
            replicas = range(bus.replicas) if events == "all" else [0]
        self._chosen = _stretches(replicas, bus.replicas)
        self._tables: dict[type, _Table] = {}
        self._waiting = bus.keep("recorder", {})
        self._bus = bus
        bus.introduce(self._meet)
        bus.wants(Metric)

    def _meet(self, event: type) -> None:
        kind = declared(event)
        if event is Metric or kind.series:
            table = _Table(event, self._name(event), 1, self._all, self._bus, self._waiting)
        elif self._names is None or {kind.name, path_of(event)} & self._names:
            table = _Table(event, self._name(event), self._every, self._chosen, self._bus, self._waiting)
        else:
            return
        self._refuse_shared_columns(event)
        self._tables[event] = table

        def take(batch: Batch) -> None:
            if isinstance(batch, TickedBatch):
                self._take_span(table, table.recorded(batch))
                return
            table.take(batch)
            if table.fresh >= SEGMENT_ROWS:
                self._write(table)

        self._bus.listen(event, take, whole=True, replicas=table.replicas)

    def _refuse_shared_columns(self, event: type) -> None:
        """Series of all types are one table: ValueError for a column that another type of series has."""
        for other in self._tables:
            shared = declared(event).columns.keys() & declared(other).columns.keys()
            if declared(event).series and declared(other).series and shared:
                raise ValueError(
                    f"series {path_of(event)} and {path_of(other)} both have a column {min(shared)}: "
                    "valid are series with columns of names of their own"
                )

    def _name(self, event: type) -> str:
        """What a type is called in the folder: by its name or, if another has that name, by its path."""
        path, known = path_of(event), {path_of(other): table.name for other, table in self._tables.items()}
        name = (known | self._restored()).get(path, declared(event).name)
        taken = {other for other, called in (known | self._restored()).items() if called == name}
        return name if taken <= {path} else path

    def _restored(self) -> dict[str, str]:
        """Path and name of every event type that a checkpoint knew."""
        found: dict[str, str] = json.loads(bytes(self._waiting.get("types", b"{}")))
        return found

    def _take_span(self, table: "_Table", batch: TickedBatch) -> None:
        """Take rows in time; a segment ends with the tick that fills it, as where each comes alone."""
        ticks, start = batch.ticks, 0
        while start < len(batch):
            full = min(start + SEGMENT_ROWS - table.fresh, len(batch))
            stop = int(np.searchsorted(ticks, ticks[full - 1], "right"))
            table.append(batch, start, stop)
            if table.fresh >= SEGMENT_ROWS:
                self._write(table)
            start = stop

    def _write(self, table: "_Table") -> None:
        name = table.name
        number = sum(segment["event"] == name for segment in self.segments)
        file = f"{FOLDER}/{name.replace(':', '.')}/{number:05d}.parquet"
        self.segments.append(write_segment(self.folder, name, file, table.drain()))
        self.segments.sort(key=itemgetter("file"))  # a span fills those of one type after those of another

    def seal(self, rows: int = SEALED_ROWS) -> list[Segment]:
        """Write a segment of every event type with `rows` rows waiting; returns all segments so far.

        Fewer rows go to the memory of the bus; Metric and Shock events are always written. `seal(1)` leaves
        nothing waiting.
        """
        self._meet_again()
        for table in self._tables.values():
            if table.rows >= (1 if table.open_names else rows):
                self._write(table)
            table.settle()
        return list(self.segments)

    def _meet_again(self) -> None:
        """Have a table for every type that the checkpoint knew: the bus may not have met it since."""
        for path in self._restored():
            if path not in EVENTS:
                raise ValueError(
                    f"recorder: the checkpoint has events of type {path}; here it is not declared"
                )
            self._bus.wants(EVENTS[path])
        types = json.dumps({path_of(event): table.name for event, table in self._tables.items()})
        self._waiting["types"] = np.frombuffer(types.encode(), np.uint8)

    def restore(self, segments: Iterable[Segment]) -> None:
        """Go back to the segments of a checkpoint: check them, delete and forget what came later.

        The bus is restored too, before or after the recorder is made. DamagedSegment names a file that is
        missing or has changed.
        """
        self.segments = list(segments)
        verify(self.folder, self.segments)
        forget_others(self.folder, self.segments)
        for event, table in self._tables.items():
            table.name = self._name(event)
            table.forget()

    def state(self) -> dict[str, Any]:
        """What a manifest says about the recording: segments, replica numbers, columns with their units."""
        return {
            "segments": list(self.segments),
            "numbers": self._numbers,
            "every": self._every,
            "schema": {table.name: _schema(event) for event, table in self._tables.items()},
            "types": {table.name: path_of(event) for event, table in self._tables.items()},
            "series": [table.name for event, table in self._tables.items() if declared(event).series],
        }

    def finish(self) -> list[Segment]:
        """Seal, then write metrics.parquet and series.parquet; returns these two in the form of segments.

        metrics.parquet: tick, replica, name, value. series.parquet: tick, replica, then the columns of the
        event types marked `series=True`, joined by instant.
        """
        self.seal(1)
        written = []
        if Metric in self._tables:
            metrics = self._recorded(Metric).sort("name", "replica", "tick")
            written.append(write_segment(self.folder, "Metric", METRICS, metrics))
        series = [event for event in self._tables if declared(event).series]
        if series:
            frame = self._recorded(series[0])
            for event in series[1:]:
                frame = frame.join(self._recorded(event), on=["replica", "tick"], how="full", coalesce=True)
            name = self._tables[series[0]].name
            frame = frame.sort("replica", "tick")
            written.append(write_segment(self.folder, name, SERIES, frame))
        return written

    def _recorded(self, event: type) -> pl.DataFrame:
        name = self._tables[event].name
        mine = [segment for segment in self.segments if segment["event"] == name]
        return read_segments(self.folder, mine) if mine else self._tables[event].drain()


class _Table:
    """Rows of one event type on their way to a segment.

    At a checkpoint they go to `waiting`, which is memory of the bus: a checkpoint holds what no segment does.
    Codes of names given while the run goes on (`open_names`) mean something on this bus only, so they never
    wait there.
    """

    def __init__(
        self,
        event: type,
        name: str,
        every: int,
        stretches: list[tuple[int, int]],
        bus: Bus,
        waiting: Memory,
    ):
        self.kind, self.name, self._bus = declared(event), name, bus
        self._every = every
        self._stretches = stretches
        self._waiting = waiting
        labels = [column.labels for column in self.kind.columns.values()]
        self.open_names = any(names is not None and names.grows for names in labels)
        self._columns: dict[str, Array] = {}
        self._room = self.fresh = 0

    @property
    def replicas(self) -> range:
        """From the first recorded replica to the last."""
        return range(self._stretches[0][0], self._stretches[-1][1]) if self._stretches else range(0)

    @property
    def rows(self) -> int:
        return self.fresh + len(self._waiting.get(self._key("tick"), ()))

    def _key(self, column: str) -> str:
        return f"{self.name}/{column}"

    def take(self, batch: Batch) -> None:
        if batch.tick < 0:
            return
        for first, last in self._stretches:
            start, stop = batch.span(first, last)
            if stop > start and (self._every == 1 or self._first(np.array([batch.tick]))[0]):
                self.append(batch, start, stop)

    def _first(self, ticks: Array) -> Array:
        """Which of some instants, ascending, are the first of their spans, or the one recorded last."""
        if self._every == 1:
            return np.ones(ticks.size, np.bool_)
        last = self._waiting.setdefault(self._key("last"), np.array([-1]))
        spans = ticks // self._every
        found: Array = (ticks == last) | (np.diff(spans, prepend=last // self._every) > 0)
        if found.any():
            last[0] = ticks[found][-1]
        return found

    def recorded(self, batch: TickedBatch) -> TickedBatch:
        """The rows of a batch of many ticks that are recorded, in time."""
        if self._stretches == [(0, batch.replicas)] and self._every == 1 and batch.ticks.min() >= 0:
            return batch.in_time()
        spans = [batch.span(first, last) for first, last in self._stretches]
        rows = np.concatenate([np.arange(start, stop) for start, stop in spans])
        ticks = batch.ticks[rows]
        instants = np.unique(ticks[ticks >= 0])
        return batch.in_time(rows[np.isin(ticks, instants[self._first(instants)])])

    def append(self, batch: Batch, start: int, stop: int) -> None:
        """Copy rows `start` to `stop` - 1 of a batch behind those at hand."""
        held, self.fresh = self.fresh, self.fresh + stop - start
        if self.fresh > self._room:
            self._make_room(batch, held)
        batch.write(start, stop, self._columns, held)

    def _make_room(self, batch: Batch, held: int) -> None:
        """Have room for twice the rows that are needed, in the columns that batches of this type have."""
        self._room = max(FIRST_ROOM, 2 * self.fresh)
        for name in ("tick", *batch.columns):
            own = self.kind.columns.get(name)
            room = np.empty(self._room, np.int32 if own is None else own.dtype)
            room[:held] = self._columns.get(name, room)[:held]
            self._columns[name] = room

    def settle(self) -> None:
        """Put everything into the memory of the bus."""
        for name, column in self._columns.items() if self.fresh else ():
            key, fresh = self._key(name), column[: self.fresh]
            self._waiting[key] = np.concatenate([self._waiting.get(key, fresh[:0]), fresh])
        self.forget()

    def drain(self) -> pl.DataFrame:
        """All rows as a frame; the table is empty afterwards."""
        self.settle()
        names = ["tick", "replica", "agent", *self.kind.columns]
        columns = {name: self._waiting.pop(self._key(name), None) for name in dict.fromkeys(names)}
        if columns["tick"] is None:
            columns = {name: np.empty(0, np.int32) for name in ("tick", "replica")}
            columns |= {name: np.empty(0, column.dtype) for name, column in self.kind.columns.items()}
        held = {name: values for name, values in columns.items() if values is not None}
        return to_frame(self.kind, held, self._bus.names)

    def forget(self) -> None:
        """Drop what is not in the memory of the bus."""
        self.fresh = 0


def _selected(events: str | Iterable[str | type]) -> set[str] | None:
    """Names or paths of the selected types, None for every type. ValueError for a name that no type has."""
    if events in ("default", "all"):
        return None
    if isinstance(events, str):
        raise ValueError(
            f"recorder: events={events!r} given; valid: 'default', 'all' or a list of event types"
        )
    names = {event if isinstance(event, str) else path_of(event) for event in events}
    valid = {*EVENTS, *(declared(event).name for event in EVENTS.values())}
    for name in sorted(names - valid):
        near = get_close_matches(name, sorted(valid), n=1, cutoff=0.0)
        raise ValueError(f"recorder: no event type is named {name!r}; the nearest is {near[0]}")
    return names


def _stretches(replicas: Sequence[int], count: int) -> list[tuple[int, int]]:
    """The indices as stretches [first, last) of neighbours."""
    wrong = [r for r in replicas if not 0 <= r < count]
    if wrong:
        raise ValueError(f"recorder: replica index {wrong[0]} given; valid: 0 to {count - 1}")
    chosen = sorted(set(replicas))
    breaks = [0, *(i + 1 for i, (a, b) in enumerate(pairwise(chosen)) if b > a + 1), len(chosen)]
    return [(chosen[a], chosen[b - 1] + 1) for a, b in pairwise(breaks) if a < b]


def _schema(event: type) -> dict[str, dict[str, str]]:
    columns = declared(event).columns.values()
    return {
        column.name: {"dtype": str(column.dtype), "unit": column.unit, "doc": column.doc}
        for column in columns
    }
