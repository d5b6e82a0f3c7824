"""The bus: events are published once as columns, and every observer sees them in the same order."""

from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from reactivex import Observable, abc
from reactivex.disposable import Disposable

from streams.batch import Array, Batch
from streams.build import build
from streams.clock import SimulatedClock
from streams.event import declared, path_of
from streams.guard import LIMIT, Failure, Guard
from streams.stream import Stream

DEEPEST = 64
Memory = dict[str, Array]
Take = Callable[[Batch], Any]


class Bus:
    """Typed event streams of one run with `replicas` replicas.

    Nothing is built for an event type that nobody listens to. What is published from inside an observer
    is delivered after the batch at hand, so that all see the same order. Not thread-safe.
    """

    def __init__(self, replicas: int = 1):
        if replicas < 1:
            raise ValueError(f"Bus: replicas={replicas} given; valid: 1 or more")
        self.replicas = replicas
        self.clock = SimulatedClock()
        self.failures: list[Failure] = []
        self.tick = 0
        self._listeners: dict[type, tuple[Take, ...]] = {}
        self._met: dict[type, None] = {}
        self._choosers: list[Callable[[type], Take | None]] = []
        self._queue: deque[tuple[Batch, int]] = deque()
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

        Nothing is checked or built when nobody listens; a batch without rows is not delivered. Fresh arrays
        become read-only and are not copied; a number, or a label, stands for a constant column.
        """
        self.publish_columns(event, tick, replica, dense, columns)

    def publish_columns(
        self, event: type, tick: int, replica: Any, dense: tuple[int, ...] | None, columns: dict[str, Any]
    ) -> None:
        """`publish` for a caller who has a dictionary of columns, which becomes the batch's own."""
        if event not in self._listeners and not self.wants(event):
            return
        if self._depth >= DEEPEST:
            name = declared(event).name
            raise RuntimeError(f"{name} at tick {tick}: observers publish in a circle, {DEEPEST} deep")
        batch = build(event, self.replicas, tick, replica, dense, columns)
        if len(batch):
            self._queue.append((batch, self._depth + 1))
            if not self._delivering:
                self._deliver()

    def _deliver(self) -> None:
        self._delivering = True
        queue, listeners = self._queue, self._listeners
        try:
            while queue:
                batch, self._depth = queue.popleft()
                self.tick = batch.tick
                for take in listeners.get(batch.event, ()):
                    take(batch)
                self.clock.settle()
        finally:
            queue.clear()
            self._delivering = False
            self._depth = 0

    def listen(self, event: type, take: Take) -> Callable[[], None]:
        """Call `take(batch)` for every batch, without a guard: what it raises stops the run.

        Returns a function that ends it.
        """
        self._meet(event)
        self._listeners[event] = (*self._listeners.get(event, ()), take)

        def stop() -> None:
            rest = tuple(other for other in self._listeners.get(event, ()) if other is not take)
            if rest:
                self._listeners[event] = rest
            else:
                self._listeners.pop(event, None)

        return stop

    def listen_to_all(self, choose: Callable[[type], Take | None]) -> None:
        """Ask `choose(event)` once about every event type, and listen with the function it returns."""
        self._choosers.append(choose)
        for event in tuple(self._met):
            self._ask(event, choose)

    def _meet(self, event: type) -> None:
        if event not in self._met:
            name = declared(event).name
            for other in self._met:
                if declared(other).name == name:
                    both = f"{path_of(other)} and {path_of(event)}"
                    raise ValueError(f"two event types are named {name}, {both}: valid is one of them")
            self._met[event] = None
            for choose in self._choosers:
                self._ask(event, choose)

    def _ask(self, event: type, choose: Callable[[type], Take | None]) -> None:
        take = choose(event)
        if take is not None:
            self.listen(event, take)

    def events(self, event: type) -> Stream:
        """The stream of batches of an event type."""
        name = declared(event).name

        def subscribe(
            observer: abc.ObserverBase[Batch], _: abc.SchedulerBase | None = None
        ) -> abc.DisposableBase:
            def take(batch: Batch) -> None:
                try:
                    observer.on_next(batch)
                except Exception as error:  # an operator raised: its chain ends as the grammar of Rx has it
                    self._guard(name, name).contain(observer.on_error)(error)

            stop = self.listen(event, take)
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
            self._guard(name, name).contain(observer.on_completed)()

    def _guard(self, name: str, event: str, limit: int = LIMIT) -> Guard:
        return Guard(name, event, self.failures, lambda: self.tick, limit)

    def fold(
        self,
        event: type | tuple[type, ...],
        name: str,
        memory: Memory,
        step: Callable[[Batch, Memory], Any],
        limit: int = LIMIT,
    ) -> Memory:
        """Call `step(batch, memory)` for every batch of one event type, or of several; returns the memory.

        The arrays of `memory` are changed in place, belong to the checkpoint and resume exactly; `step` may
        add one when it knows its shape. Keys hold no dot.
        """
        events = event if isinstance(event, tuple) else (event,)
        self.keep(name, memory)
        guard = self._guard(name, "+".join(declared(event).name for event in events), limit)
        take = guard.tolerate(step, memory)
        stops = [self.listen(event, take) for event in events]

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
        guard = self._guard(name, f"every {period} ticks", limit)
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
        for now in range(reached + 1, tick + 1) if self._periods else ():
            for period, acts in self._periods.items():
                if now % period == 0:
                    self._run(now - 1, acts)
        self._run(tick, (self.clock.advance,))

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
