"""How fast a run goes: ticks a second wanted and achieved, pauses and steps; wall time, never a bit."""

from __future__ import annotations

import time
from collections import deque

RATE = 60.0
"""Ticks a second at speed 1 where nothing is said."""

LONGEST_WAIT = 0.05
"""Seconds after which a run that waits looks at its commands and at Ctrl-C again."""

LATEST = 0.25
"""Seconds that a run may fall behind and catch up; what is more than that is forgotten: no backlog."""

SHORTEST_WAIT = 1e-5
"""Seconds: less may be lost in the digits of a clock."""


class Pace:
    """Ticks a second: `rate` is wanted (None: as fast as can be), times `factor`; `achieved` is measured.

    `paused`, a run takes only the `steps` that it was given.
    """

    def __init__(self, rate: float | None = None, factor: float = 1.0) -> None:
        self.rate, self.factor = rate, factor
        self.paused, self.steps = False, 0
        self._origin: tuple[float, int] | None = None
        self._told: deque[tuple[float, int]] = deque(maxlen=64)
        self._began: tuple[float, int] | None = None
        self._idle = 0.0

    @property
    def wanted(self) -> float | None:
        """Ticks a second wanted, None where there is no limit."""
        return self.rate * self.factor if self.rate and self.factor else None

    def change(
        self, rate: float | None = None, factor: float | None = None, paused: bool | None = None
    ) -> None:
        """Go on at another pace from now."""
        self.rate = self.rate if rate is None else rate
        self.factor = self.factor if factor is None else factor
        self.paused = self.paused if paused is None else paused
        self.steps = 0
        self._origin = None

    def ticks(self, tick: int, most: int) -> int:
        """How many ticks may run now, at most `most`; where it is none yet, this waits a little first."""
        now = time.perf_counter()
        self._note(now, tick)
        if self.paused:
            if self.steps:
                taken = min(self.steps, most)
                self.steps -= taken
                return taken
            self._origin = None
            return self._wait(LONGEST_WAIT)
        if self.wanted is None:
            return most
        if self._origin is None:
            self._origin = now, tick
        began, first = self._origin
        due = (now - began) * self.wanted - (tick - first)
        if due > max(1.0, LATEST * self.wanted):
            self._origin, due = (now, tick), 1.0
        if due < 1.0:
            return self._wait(max(SHORTEST_WAIT, (1.0 - due) / self.wanted))
        return min(most, int(due))

    def _wait(self, seconds: float) -> int:
        before = time.perf_counter()
        time.sleep(min(seconds, LONGEST_WAIT))
        if self.paused:
            self._idle += time.perf_counter() - before
        return 0

    def _note(self, now: float, tick: int) -> None:
        if self._began is None:
            self._began = now, tick
        if not self._told or now - self._told[-1][0] > LONGEST_WAIT:
            self._told.append((now - self._idle, tick))

    @property
    def achieved(self) -> float:
        """Ticks a second of late, pauses left out."""
        if len(self._told) < 2:
            return 0.0
        (began, first), (now, last) = self._told[0], self._told[-1]
        return (last - first) / max(now - began, 1e-9)

    def text(self) -> str:
        """What a progress bar says of it: `58.9 of 60 ticks/s`; nothing where there is no limit."""
        return f"{self.achieved:.1f} of {self.wanted:g} ticks/s" if self.wanted else ""

    def told(self, tick: int) -> dict[str, float | None]:
        """What a manifest says of it: ticks a second wanted, and achieved in all, pauses left out."""
        if self._began is None:
            return {}
        began, first = self._began
        spent = max(time.perf_counter() - began - self._idle, 1e-9)
        return {"wanted": self.wanted, "achieved": (tick - first) / spent}
