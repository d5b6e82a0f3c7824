"""Up to which tick a run goes, from what its caller says: a tick, a number of ticks, or years."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simengine.kernel.errors import KernelError, whole

if TYPE_CHECKING:
    from simengine.kernel.simulation import Simulation


def goal_of(
    sim: Simulation, until: int | None = None, ticks: int | None = None, years: float | None = None
) -> int:
    """The first tick that a run does not execute; years are counted from tick 0 if in warm-up.

    A run that is paused inside an instant has at least the rest of it before it.
    """
    if sum(each is not None for each in (until, ticks, years)) != 1:
        raise KernelError("run(): give exactly one of until=, ticks=, years=")
    least = int(sim.paused)
    if until is not None:
        return whole(until, "run(until)", sim.tick + least)
    if ticks is not None:
        return sim.tick + whole(ticks, "run(ticks)", least)
    assert years is not None
    span = years * sim.world.ticks_per_year
    if not least <= span < 2**53 or span != round(span):
        raise KernelError(f"run(years={years}) is {span} ticks: valid is a whole number of ticks")
    return max(sim.tick, 0) + round(span)
