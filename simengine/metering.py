"""Where the time of a run goes: exclusive time by part, with every part's calls wrapped from outside."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from simengine.kernel.timetable import Decide


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


class MeteredWorld:
    """A world whose acts and invariants are counted as `world`."""

    def __init__(self, world: Any, meter: Meter) -> None:
        self._world, self._meter = world, meter
        self.invariants = meter.timed("world", world.invariants)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._world, name)

    def timetable(self) -> tuple[Any, ...]:
        """The world's rows, each act timed."""
        timed = self._meter.timed
        rows = self._world.timetable()
        return tuple(
            row if isinstance(row, Decide) else replace(row, act=timed("world", row.act)) for row in rows
        )


def meter_streams(bus: Any, meter: Meter) -> None:
    """Count publishing as `streams` and what observers do as `observers`; call it before anything listens."""
    listen = bus.listen
    bus.listen = lambda event, take: listen(event, meter.timed("observers", take))
    bus.publish = meter.timed("streams", bus.publish)
    bus.advance = meter.timed("streams", bus.advance)
