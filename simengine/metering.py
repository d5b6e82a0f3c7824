"""Where the time of a run goes: exclusive time by part, with every part's calls wrapped from outside."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from simengine.kernel.barrier import Barrier
from simengine.kernel.digest import Digest
from simengine.kernel.timetable import Decide
from simengine.simulation import Simulation
from simengine.worlds.contract import World


@dataclass
class Meter:
    """Seconds spent in each part; what runs inside another part is taken off that part's time."""

    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    part: str = "kernel"
    since: float = 0.0

    def switch(self, part: str) -> str:
        """From now on time belongs to `part`; returns the part it belonged to."""
        now, before = time.perf_counter(), self.part
        self.seconds[before] += now - self.since
        self.part, self.since = part, now
        return before

    def start(self) -> None:
        """Begin counting."""
        self.seconds.clear()
        self.since = time.perf_counter()

    def timed(self, part: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """`call`, with its time counted under `part`."""

        def run(*arguments: Any, **named: Any) -> Any:
            before = self.switch(part)
            try:
                return call(*arguments, **named)
            finally:
                self.switch(before)

        return run


def metered(world: World, meter: Meter) -> World:
    """The world, its acts and invariants counted as `world` from now on."""
    timed, rows, invariants = meter.timed, world.timetable, world.invariants

    def timetable() -> tuple[Any, ...]:
        return tuple(
            row if isinstance(row, Decide) else replace(row, act=timed("world", row.act)) for row in rows()
        )

    world.timetable = timetable  # type: ignore[method-assign]
    world.invariants = timed("world", lambda sim: list(invariants(sim)))  # type: ignore[method-assign]
    return world


class MeteredSimulation(Simulation):
    """A simulation whose policies and observations are counted; `agents` are seated in each replica."""

    def __init__(self, world: World, meter: Meter, **named: Any) -> None:
        self.meter, self.agents = meter, 0
        super().__init__(metered(world, meter), **named)

    def seat(self, population: str, columns: Any, *more: Any, **named: Any) -> None:
        """Seat a population, then wrap what its seat will call."""
        super().seat(population, columns, *more, **named)
        self.agents += int(np.sum(columns.alive)) // self.R
        seat, timed = self._seat(population), self.meter.timed
        seat.policy.act = timed("policies", seat.policy.act)
        if seat.observe is not None:
            seat.observe = timed("world", seat.observe)


@contextmanager
def meter_kernel(meter: Meter) -> Iterator[None]:
    """Count barriers (without policies) and digests apart from the rest of the kernel, while it lasts."""
    answer, extend = Barrier.answer, Digest.extend
    Barrier.answer = meter.timed("barriers", answer)  # type: ignore[method-assign]
    Digest.extend = meter.timed("digests", extend)  # type: ignore[method-assign]
    try:
        yield
    finally:
        Barrier.answer, Digest.extend = answer, extend  # type: ignore[method-assign]


def meter_streams(bus: Any, meter: Meter) -> None:
    """Count publishing as `streams` and what observers do as `observers`; call it before anything listens."""
    listen = bus.listen
    bus.listen = lambda event, take, *more, **named: listen(
        event, meter.timed("observers", take), *more, **named
    )
    bus.publish_columns = meter.timed("streams", bus.publish_columns)
    bus.advance = meter.timed("streams", bus.advance)
