"""What is measured of a run: the mean over its time of every metric and series column, by replica."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.histories import columns, series_types
from simengine.registry import within_reach
from simengine.scenarios.scenario import Scenario
from simengine.simulation import Simulation
from simengine.studies.sources import files_behind
from simengine.worlds.contract import World
from streams.event import declared
from streams.events import Metric

NOT_ITS_FAULT = (MemoryError, OSError)
"""What may happen to a run without its settings being to blame: it is no result."""


class Work(NamedTuple):
    """Points for one worker: their runs by number, from which tick on to measure what of them.

    `sources` are files of the user's own modules, as `simengine.registry.sources` tells them.
    """

    runs: Mapping[int, Scenario]
    since: int
    outcomes: tuple[str, ...]
    sources: Mapping[str, str]


class Measured(NamedTuple):
    """What became of a point: who decided, outcomes by name, a number for each replica; or why it failed."""

    point: int
    who: str
    outcomes: dict[str, list[float]]
    failed: str = ""


def units_of(world: World) -> dict[str, str]:
    """Every outcome of a world with its unit: columns of the series that it imports, then metrics."""
    files = files_behind(type(world).__module__)
    homes = {event: sys.modules[event.__module__].__file__ for event in series_types()}
    series = [event for event, home in homes.items() if home and Path(home) in files]
    found = {c.name: c.unit for event in series for c in declared(event).columns.values()}
    return found | {m.name: m.unit for m in world.metrics if m.name not in found}


def measured_all(work: Work) -> list[Measured]:
    """Run the points of a worker, one after the other; one that fails does not keep the next from it."""
    within_reach(work.sources)
    return [_measured(point, run, work.since, work.outcomes) for point, run in work.runs.items()]


def _measured(point: int, run: Scenario, since: int, outcomes: tuple[str, ...]) -> Measured:
    try:
        sim = Simulation.of(run)
        means = Means(sim, since, outcomes)
        sim.run(until=run.until(sim.world.ticks_per_year))
    except (ValueError, ArithmeticError, AssertionError) as error:
        if isinstance(error.__cause__, NOT_ITS_FAULT):
            raise error.__cause__ from None
        return Measured(point, "", {}, " ".join(str(error).split()) or type(error).__name__)
    told = means.told()
    if not told:
        return Measured(point, sim.who, {}, f"told no outcome from tick {since} to {sim.tick}")
    return Measured(point, sim.who, {name: told[name].tolist() for name in told})


class Means:
    """Means over time, (R,) by name, of what a simulation tells from a tick on, without undefined values.

    A name that a series and a metric have means the series, as in a history.
    """

    def __init__(self, sim: Simulation, since: int, wanted: Collection[str] = ()) -> None:
        self._since, self._wanted, self._replicas = since, wanted, sim.R
        self._series: dict[str, NDArray[np.float64]] = {}
        self._metrics: dict[str, NDArray[np.float64]] = {}
        sim.measure()
        for event in series_types():
            sim.bus.listen(event, lambda batch: self._add(self._series, batch, columns(batch)))
        sim.bus.listen(Metric, lambda b: self._add(self._metrics, b, {b.label("name"): b.value}))

    def told(self) -> dict[str, NDArray[np.float64]]:
        """The means so far; NaN where nothing was defined, and for what was wanted and never told."""
        sums = self._metrics | self._series
        with np.errstate(invalid="ignore", divide="ignore"):
            found = {name: total / count for name, (total, count) in sums.items()}
        untold = np.full(self._replicas, np.nan)
        return {name: found.get(name, untold) for name in self._wanted} if found and self._wanted else found

    def _add(self, sums: dict[str, NDArray[np.float64]], batch: Any, told: Mapping[str, Any]) -> None:
        if batch.tick < self._since:
            return
        for name, values in told.items():
            if self._wanted and name not in self._wanted:
                continue
            defined = np.isfinite(values)
            sums.setdefault(name, np.zeros((2, self._replicas)))
            sums[name] += np.where(defined, values, 0.0), defined
