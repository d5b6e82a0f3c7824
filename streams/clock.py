"""Simulated time for Rx operators: `buffer_with_time(4)` means four ticks, and no timer thread ever runs."""

from collections.abc import Callable
from datetime import datetime
from math import ceil, inf
from typing import Any

from reactivex import abc
from reactivex.scheduler import VirtualTimeScheduler
from reactivex.scheduler.periodicscheduler import PeriodicScheduler

_ROUNDING = 1e-6  # seconds: datetimes count microseconds


class SimulatedClock(VirtualTimeScheduler):
    """A scheduler that moves only when the simulation does; one tick is one second of Rx.

    What is due at tick t runs before the instant t begins. Times count from the first tick the clock was
    moved to, so that `datetime` never sees a negative one.
    """

    def __init__(self) -> None:
        super().__init__(0.0)
        self._origin: int | None = None

    def advance(self, tick: int) -> None:
        """Move to `tick`, running in order what is due until then."""
        if self._origin is None:
            self._origin = tick
        now = float(tick - self._origin)
        if self._queue:
            self._run(now)
        self._clock = now

    def next_due(self) -> float:
        """The tick before whose instant the next action runs, or inf."""
        while self._queue and self._queue.peek().is_cancelled():
            self._queue.dequeue()
        if not self._queue or self._origin is None:
            return inf
        return self._origin + ceil(self.to_seconds(self._queue.peek().duetime) - _ROUNDING)

    def settle(self) -> None:
        """Run what is due now, for operators that schedule without a delay."""
        if self._queue.items:
            self._run(self.to_seconds(self._clock))

    def _run(self, until: float) -> None:
        limit = self.to_datetime(until)
        while self._queue and self._queue.peek().duetime <= limit:
            item = self._queue.dequeue()
            self._clock = max(self.to_seconds(self._clock), self.to_seconds(item.duetime))
            if not item.is_cancelled():
                item.invoke()


class GuardedClock(PeriodicScheduler):
    """The clock as one observer sees it: what its operators schedule runs under its guard."""

    def __init__(self, clock: SimulatedClock, contain: Callable[[Callable[..., Any]], Callable[..., Any]]):
        super().__init__()
        self._clock = clock
        self._contain = contain

    @property
    def now(self) -> datetime:
        """Simulated time, one second per tick."""
        return self._clock.now

    def _guarded(self, action: Any) -> Any:
        return self._contain(lambda _, state: action(self, state))

    def schedule(self, action: Any, state: Any = None) -> abc.DisposableBase:
        """Run `action` within this instant."""
        return self._clock.schedule(self._guarded(action), state)

    def schedule_relative(self, duetime: Any, action: Any, state: Any = None) -> abc.DisposableBase:
        """Run `action` after `duetime` ticks."""
        return self._clock.schedule_relative(duetime, self._guarded(action), state)

    def schedule_absolute(self, duetime: Any, action: Any, state: Any = None) -> abc.DisposableBase:
        """Run `action` at a simulated time."""
        return self._clock.schedule_absolute(duetime, self._guarded(action), state)
