"""A span on the clock: how far one call may run, the call, and the telling of what it published.

Too early an end is always right, because a cut changes nothing; too late an end never is. So pulses that no
longer count need no care, and a cut anywhere is how a span is tested.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simengine.kernel.calendar import DueColumn
from simengine.kernel.errors import KernelError, whole
from simengine.kernel.timetable import Span

if TYPE_CHECKING:
    from simengine.kernel.simulation import Simulation


class Spanning:
    """The span of one simulation; `columns` are the due columns that other rows follow."""

    def __init__(self, sim: Simulation, row: Span, columns: list[DueColumn]) -> None:
        self.sim, self.row, self.columns = sim, row, columns

    def horizon(self, start: int) -> int:
        """The first tick after `start` at which anything else may be due.

        Due columns are scanned again, since rows before the span have moved dates.
        """
        sim = self.sim
        until = min(start + self.row.longest, sim.goal, sim.env.peek(), sim.bus.next_due(start))
        if until > start + 1:
            for column in self.columns:
                until = min(until, column.soonest())
        return max(start + 1, int(until))

    def run(self) -> int:
        """Run one call from this instant on and tell what it published; the first tick it has not run."""
        sim, start = self.sim, self.sim.tick
        sim.frontier = until = self.horizon(start)
        sim.counts.rows += 1
        sim.bus.gather(start, until)
        sim.noise.spanning = True
        try:
            stop = self.row.act(sim, start, until)
            if type(stop) is not int or not start < stop <= until:
                stop = self._checked(stop, start, until)
        except BaseException as error:
            tick = getattr(error, "tick", None)
            self._end(tick if type(tick) is int and start < tick < until else start, failed=True)
            raise
        self._end(stop)
        sim.env.forward(stop - 1)
        return stop

    def _end(self, stop: int, failed: bool = False) -> None:
        sim = self.sim
        sim.noise.spanning, sim.frontier = False, stop
        sim.bus.tell(stop, sim.reach, failed)

    def _checked(self, stop: Any, start: int, until: int) -> int:
        stop = whole(stop, f"what the span at tick {start} returned", start + 1)
        if stop > until:
            raise KernelError(f"the span at tick {start} ran to {stop}: valid is at most {until}")
        return stop
