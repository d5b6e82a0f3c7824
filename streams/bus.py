"""The bus: events are published once as columns, and every observer sees them in the same order."""

from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from math import inf
from typing import Any

import numpy as np
from reactivex import Observable, abc
from reactivex.disposable import Disposable

from streams.batch import Array, Batch
from streams.build import build
from streams.clock import SimulatedClock
from streams.event import Names, declared
from streams.guard import LIMIT, Failure, Guard, ObserverFailed
from streams.stream import Stream
from streams.ticked import Gathered

DEEPEST = 64
Memory = dict[str, Array]
Take = Callable[[Batch], Any]
Step = Callable[[Batch, Memory], Any]
Listeners = dict[type, tuple[Take, ...]]


class Bus:
    """Typed event streams of one run with `replicas` replicas.

    Nothing is built for an event type that nobody listens to. What is published from inside an observer
    is delivered after the batch at hand, so that all see the same order. Not thread-safe.

    What a span publishes is gathered, then told tick by tick; after that, in one batch, to those who listen
    with `whole=True`.
    """

    def __init__(self, replicas: int = 1):
        if replicas < 1:
            raise ValueError(f"Bus: replicas={replicas} given; valid: 1 or more")
        self.replicas = replicas
        self.clock = SimulatedClock()
        self.names = Names()
        self.failures: list[Failure] = []
        self.tick = 0
        self._halted: ObserverFailed | None = None
        self._listeners: Listeners = {}
        self._singly: Listeners = {}
        self._whole: Listeners = {}
        self._met: dict[type, None] = {}
        self._read: dict[type, tuple[tuple[Take, range], ...]] = {}
        self._reach: dict[type, range] = {}
        self._guests: list[Callable[[type], Any]] = []
        self._queue: deque[tuple[Batch, int, Listeners]] = deque()
        self._gathered: Gathered | None = None
        self._delivering = False
        self._depth = 0
        self._folds: dict[str, Memory] = {}
        self._saved: dict[str, Array] = {}
        self._periods: dict[int, list[Callable[[int], Any]]] = {}
        self._reached: int | None = None
        self._sources: dict[abc.ObserverBase[Any], str] = {}

    def wants(self, event: type) -> bool:
        """Whether somebody listens to this event type."""
        if event in self._listeners:
            return True
        if event in self._met:
            return False
        self._meet(event)
        return event in self._listeners

    def publish(
        self,
        event: type,
        /,
        *,
        tick: int,
        replica: Any = None,
        dense: tuple[int, ...] | None = None,
        **columns: Any,
    ) -> None:
        """Publish a batch: `replica` is the sorted index of each row, or `dense` is (R, agents) or (R,).

        With both, `replica` is a range, and the snapshot one of these replicas alone, such as `reach(event)`.
        Nothing is checked or built when nobody listens; a batch without rows is not delivered. Fresh arrays
        become read-only and are not copied; a number, or a label, stands for a constant column.
        """
        self.publish_columns(event, tick, replica, dense, columns)

    def publish_columns(
        self,
        event: type,
        tick: int,
        replica: Any,
        dense: tuple[int, ...] | None,
        columns: dict[str, Any],
        ticks: Any = None,
    ) -> None:
        """`publish` for a caller who has a dictionary of columns, which becomes the batch's own.

        Inside a span `ticks` (rows,) is the tick of each row.
        """
        if event not in self._listeners and not self.wants(event):
            return
        if self._depth >= DEEPEST:
            name = declared(event).name
            raise RuntimeError(f"{name} at tick {tick}: observers publish in a circle, {DEEPEST} deep")
        batch = build(event, self.names, self.replicas, tick, replica, dense, columns, ticks)
        if self._gathered is not None:
            self._gathered.take(batch)
        elif ticks is not None:
            raise ValueError(f"{batch!r}: valid is ticks= inside a span, and nowhere else")
        elif len(batch):
            self._queue.append((batch, self._depth + 1, self._listeners))
            if not self._delivering:
                self._deliver()

    def _deliver(self) -> None:
        self._delivering = True
        queue = self._queue
        try:
            while queue:
                batch, self._depth, listeners = queue.popleft()
                if listeners is not self._whole:
                    self.tick = batch.tick
                for take in listeners.get(batch.event, ()):
                    take(batch)
                self.clock.settle()
                self._heed()
        finally:
            queue.clear()
            self._delivering = False
            self._depth = 0

    def gather(self, start: int, until: int) -> None:
        """Hold what is published from now on, by a span over ticks `start` to `until` - 1, until `tell`."""
        self._gathered = Gathered(start, until)

    def tell(self, stop: int, now: Callable[[int], Any], failed: bool = False) -> None:
        """Deliver what was gathered from a span that ran up to tick `stop`, or `failed` there.

        First tick by tick: time operators, and `now(tick)`, move on before each; after that to those who
        listen to it whole. A span that failed is told of the ticks before.
        """
        assert self._gathered is not None
        gathered, self._gathered = self._gathered, None
        gathered.end(stop, failed)
        for part in gathered.parted(self._singly):
            self._catch_up(part.tick, now)
            self._queue.append((part, 1, self._singly))
            self._deliver()
        last = stop if failed else stop - 1
        self._catch_up(last, now)
        self.tick = last
        for batch in gathered.batches(self._whole):
            self._queue.append((batch, 1, self._whole))
            self._deliver()

    def _catch_up(self, tick: int, now: Callable[[int], Any]) -> None:
        """Move time on to `tick`, one action that is due after the other."""
        while self._reached is not None and self._reached < tick:
            step = int(min(self.next_due(self._reached), tick))
            now(step)
            self.advance(step)

    def next_due(self, tick: int) -> float:
        """The first tick after `tick` before which a period closes or a time operator acts, or inf."""
        due = min((tick - tick % period + period for period in self._periods), default=inf)
        return max(tick + 1, min(due, self.clock.next_due()))

    def listen(
        self, event: type, take: Take, whole: bool = False, replicas: range | None = None
    ) -> Callable[[], None]:
        """Call `take(batch)` for every batch, without a guard: what it raises stops the run.

        `whole`: what a span publishes comes as one batch of many ticks. `replicas`: no others are read, so
        that batches may lack them (`reach`). Returns a function that ends it.
        """
        self._meet(event)
        reads = range(self.replicas) if replicas is None else replicas
        self._reads(event, (*self._read.get(event, ()), (take, reads)))
        tables = (self._listeners, self._whole if whole else self._singly)
        own = partial(take)  # the same function may listen twice, and stop once
        for table in tables:
            table[event] = (*table.get(event, ()), own)

        def stop() -> None:
            self._reads(event, tuple(pair for pair in self._read[event] if pair[0] is not take))
            for table in tables:
                rest = tuple(other for other in table.get(event, ()) if other is not own)
                if rest:
                    table[event] = rest
                else:
                    table.pop(event, None)

        return stop

    def reach(self, event: type) -> range:
        """The replicas that somebody reads of this event type, and those between: no others need be built."""
        return self._reach.get(event, range(0))

    def _reads(self, event: type, readers: tuple[tuple[Take, range], ...]) -> None:
        self._read[event] = readers
        read = [replicas for _, replicas in readers] or [range(0)]
        self._reach[event] = range(min(each.start for each in read), max(each.stop for each in read))

    def introduce(self, meet: Callable[[type], Any]) -> None:
        """Call `meet(event)` once for every event type that this bus has met or will meet: it may listen."""
        self._guests.append(meet)
        for event in tuple(self._met):
            meet(event)

    def _meet(self, event: type) -> None:
        if event not in self._met:
            declared(event)  # refuses what is no event type
            self._met[event] = None
            for meet in self._guests:
                meet(event)

    def events(self, event: type, whole: bool = False) -> Stream:
        """The stream of batches of an event type; `whole`: of a span in one batch."""
        name = declared(event).name

        def subscribe(
            observer: abc.ObserverBase[Batch], _: abc.SchedulerBase | None = None
        ) -> abc.DisposableBase:
            def take(batch: Batch) -> None:
                try:
                    observer.on_next(batch)
                except KeyboardInterrupt:
                    raise
                except BaseException as error:  # an operator raised: its chain ends, as Rx has it
                    self.guard(name, name).contain(observer.on_error)(error)

            stop = self.listen(event, take, whole)
            self._sources[observer] = name

            def dispose() -> None:
                stop()
                self._sources.pop(observer, None)

            return Disposable(dispose)

        return Stream(self, Observable(subscribe), name)

    def stream(self, observable: Observable[Any], name: str = "combined streams") -> Stream:
        """An observable made from several streams, as a stream with this bus's clock and a guard."""
        return Stream(self, observable, name)

    def complete(self) -> None:
        """Tell every subscriber that no more events will come."""
        for observer, name in tuple(self._sources.items()):
            self.guard(name, name).contain(observer.on_completed)()
        self._heed()

    def guard(self, name: str, event: str, limit: int = LIMIT, strict: bool = False) -> Guard:
        """What runs the code of an observer; one that is strict stops the run when it fails."""
        return Guard(name, event, self.failures, lambda: self.tick, limit, self._halt if strict else None)

    def _halt(self, failure: ObserverFailed) -> None:
        self._halted = self._halted or failure

    def _heed(self) -> None:
        """Raise what a strict observer failed of, once all have been told."""
        if self._halted is not None:
            failure, self._halted = self._halted, None
            raise failure

    def fold(
        self,
        event: type | tuple[type, ...],
        name: str,
        memory: Memory,
        step: Step,
        limit: int = LIMIT,
        whole: bool = False,
    ) -> Memory:
        """Call `step(batch, memory)` for every batch of one event type, or of several; returns the memory.

        The arrays of `memory` are changed in place, belong to the checkpoint and resume exactly; `step` may
        add one when it knows its shape. Keys hold no dot. A fold that takes spans `whole` adds row after row,
        as `batch.add` does, so that its bits do not depend on how they are cut.
        """
        events = event if isinstance(event, tuple) else (event,)
        self.keep(name, memory)
        guard = self.guard(name, "+".join(declared(event).name for event in events), limit)
        take = guard.tolerate(step, memory)
        stops = [self.listen(event, take, whole) for event in events]

        def detach() -> None:
            for stop in stops:
                stop()

        guard.detach = detach
        return memory

    def shared(self, name: str, install: Callable[[], Memory]) -> Memory:
        """The memory of a fold that several observers read, which `install()` adds for the first of them."""
        return self._folds[name] if name in self._folds else install()

    def keep(self, name: str, memory: Memory) -> Memory:
        """Make arrays part of the checkpoint, and restore them from one that has been read."""
        if name in self._folds:
            raise ValueError(f"fold {name!r}: the name is taken; taken names: {', '.join(self._folds)}")
        for key, array in memory.items():
            if not isinstance(array, np.ndarray) or "." in key:
                kind = type(array).__name__
                raise TypeError(
                    f"fold {name!r}: memory {key!r} is a {kind}; valid: an array, no dot in its name"
                )
        self._recall(name, memory)
        self._folds[name] = memory
        return memory

    def every(self, period: int, name: str, act: Callable[[int], Any], limit: int = LIMIT) -> None:
        """Call `act(tick)` when a period's last instant is over: tick 3, 7, 11 for a period of 4."""
        if period < 1:
            raise ValueError(f"every: period {period} given; valid: 1 or more ticks")
        guard = self.guard(name, f"every {period} ticks", limit)
        self._periods.setdefault(period, []).append(guard.tolerate(act))

    def advance(self, tick: int) -> None:
        """Say that the instant `tick` begins, or that the run ended before it.

        Periods that are over are closed, then time operators that are due run. The same tick twice is one.
        """
        reached = tick if self._reached is None else self._reached
        if tick < reached:
            raise ValueError(f"advance: tick {tick} given after tick {reached}; time does not run backwards")
        self._reached = tick
        self._saved = {}
        if self._periods:
            self._close_periods(reached, tick)
        self._run(tick, (self.clock.advance,))

    def _close_periods(self, reached: int, tick: int) -> None:
        ends = {end for p in self._periods for end in range(reached + p - reached % p, tick + 1, p)}
        for now in sorted(ends):
            for period, acts in self._periods.items():
                if now % period == 0:
                    self._run(now - 1, acts)

    def _run(self, tick: int, actions: Iterable[Callable[[int], Any]]) -> None:
        """Run what may publish, then deliver."""
        self.tick = tick
        self._delivering = True
        try:
            for action in actions:
                action(tick)
        finally:
            self._delivering = False
        if self._queue:
            self._deliver()
        self._heed()

    def memory(self) -> dict[str, Array]:
        """Everything a checkpoint needs: the memory of all folds as `fold.key`, and how far time has come."""
        kept = {
            f"{name}.{key}": array for name, memory in self._folds.items() for key, array in memory.items()
        }
        if self._reached is not None:
            kept[_REACHED] = np.array(self._reached, np.int64)
        return kept

    def restore(self, saved: dict[str, Array]) -> None:
        """Give folds the memory of a checkpoint, those that exist and those added before the next `advance`.

        A fold that the checkpoint does not know starts as it is.
        """
        self._saved = dict(saved)
        if _REACHED in saved:
            self._reached = int(saved[_REACHED])
        for name, memory in self._folds.items():
            self._recall(name, memory)

    def _recall(self, name: str, memory: Memory) -> None:
        for path, old in self._saved.items():
            owner, _, key = path.rpartition(".")
            if owner == name:
                new = memory.setdefault(key, np.empty_like(old))
                if old.shape != new.shape or old.dtype != new.dtype:
                    given = f"fold {name!r}: the checkpoint holds {key} as {old.dtype}{old.shape}"
                    raise ValueError(f"{given}; valid: {new.dtype}{new.shape}")
                new[...] = old


_REACHED = "reached"
