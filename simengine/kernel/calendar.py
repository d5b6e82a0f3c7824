"""The SimPy side: a clock of whole ticks, events that are armed again, rows and due columns as processes.

Priorities inside an instant, which no public call takes: 0 and 1 are SimPy's own, 2 is shocks, 100 + i
is agent process i, 2**32 + row is a row of the timetable. Ties between first-in and first-out would be
hidden history that a checkpoint cannot keep, so everything that recurs has a priority of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from heapq import heappush
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray
from simpy.events import NORMAL

from simengine.kernel.errors import KernelError, whole
from simengine.kernel.selection import soonest
from simengine.kernel.state import NEVER, Columns

SHOCKS = 2
PROCESSES = 100
ROWS = 2**32

Beat = Generator[simpy.Event, Any, None]


class Clock(simpy.Environment):
    """A SimPy environment that refuses delays which are no whole number of ticks."""

    def schedule(self, event: simpy.Event, priority: Any = NORMAL, delay: Any = 0) -> None:
        """Queue an event `delay` ticks from now."""
        if type(delay) is not int or delay < 0:
            delay = whole(delay, f"delay of {type(event).__name__} in ticks", 0)
        super().schedule(event, priority, delay)

    def schedule_at(self, event: simpy.Event, priority: int, tick: int) -> None:
        """Queue an event at a tick, without the steps of `schedule`: what recurs comes here every time."""
        if tick < self._now:
            raise KernelError(f"{type(event).__name__} at tick {tick}: valid is now, {self._now}, or later")
        heappush(self._queue, (tick, priority, next(self._eid), event))  # type: ignore[misc]

    def begin(self, beat: Beat, failed: Callable[[BaseException], None]) -> None:
        """Start a process; `failed` gets the exception it raises itself, not the copy that SimPy makes."""
        process = self.process(beat)
        assert process.callbacks is not None
        process.callbacks.append(lambda event: None if event.ok else failed(event.value))

    def jump(self, tick: int) -> None:
        """Set the time of a clock on which nothing is scheduled yet."""
        if self._queue:
            raise KernelError(
                f"{len(self._queue)} SimPy events are scheduled before the start: they cannot be resumed"
            )
        self._now = tick

    def forward(self, tick: int) -> None:
        """Move the time on to a tick before which nothing is scheduled."""
        if self.peek() < tick:
            raise KernelError(f"an event at tick {self.peek()}: valid is none before {tick}, which has begun")
        self._now = tick


class Pulse(simpy.Event):
    """A SimPy event that one process waits for again and again, at a priority of its own."""

    armed: int | None = None
    env: Clock

    def __init__(self, env: Clock, priority: int) -> None:
        super().__init__(env)
        self.priority = priority
        self._ok = True
        self._value = None

    def at(self, tick: int) -> None:
        """Fire at `tick`; what was armed before is forgotten by whoever compares `armed` with now."""
        self.armed = tick
        self.env.schedule_at(self, self.priority, tick)

    def wait(self) -> Pulse:
        """Itself, ready to be yielded."""
        self.callbacks = []
        return self

    def came(self) -> bool:
        """True once, at the tick it was last armed for."""
        if self.armed != self.env.now:
            return False
        self.armed = None
        return True


def recurring(pulse: Pulse, tick: int, period: int, fire: Callable[[], None]) -> Beat:
    """The process of a row: fire at tick, tick + period, …"""
    while True:
        pulse.at(tick)
        yield pulse.wait()
        fire()
        tick += period


def spanning(pulse: Pulse, tick: int, fire: Callable[[], int]) -> Beat:
    """The process of a span: fire at tick, then at the tick that firing gives."""
    while True:
        pulse.at(tick)
        yield pulse.wait()
        tick = fire()


def awaited(pulse: Pulse, fire: Callable[[], None]) -> Beat:
    """The process of whatever is armed from outside: a due column, a barrier, the shocks."""
    while True:
        yield pulse.wait()
        if pulse.came():
            fire()


class DueColumn:
    """A column of next due ticks: the only truth, scanned after each instant, so that dates may be moved."""

    def __init__(self, name: str, column: NDArray[np.int64], columns: Columns) -> None:
        self.name = name
        self.alive = columns.alive.reshape(columns.replicas, -1)
        self.column = column.reshape(self.alive.shape)
        self.pulses: list[Pulse] = []
        self._armed = NEVER

    def soonest(self) -> int:
        """The earliest tick of a live agent as the column stands now; NEVER when none."""
        return int(soonest(self.column, self.alive, NEVER)[0])

    def arm(self, earliest: int) -> None:
        """Arm every row that follows this column for its soonest tick; one before `earliest` is an error."""
        tick, replica, agent = soonest(self.column, self.alive, NEVER)
        if tick < earliest:
            raise KernelError(
                f"{self.name} of agent {agent} in replica {replica} is {tick}: it is live and would never "
                f"be woken; valid is a tick of at least {earliest}",
                replica,
            )
        if tick != self._armed:
            self._armed = tick
            if tick < NEVER:
                for pulse in self.pulses:
                    pulse.at(tick)
