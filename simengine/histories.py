"""Histories in memory: series, metrics and rewards of a simulation as arrays (replica, time)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from simengine import kernel
from streams.event import EVENTS, declared
from streams.events import Metric, Reward

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from simengine.simulation import Simulation

Series = dict[str, NDArray[np.float64]]
"""Column of `series.parquet` -> (replica, period), from tick 0 on; `reward_<population>` is among them."""


class Rewards:
    """The sum and the number of rewards of each population since last taken, per replica, from tick 0 on."""

    def __init__(self, sim: kernel.Simulation, start: int = 0) -> None:
        self.start = start
        self._sums: dict[str, NDArray[np.float64]] = {}
        self._counts: dict[str, int] = {}
        sim.bus.listen(Reward, self._see)

    def _see(self, batch: Any) -> None:
        if batch.tick < self.start:
            return
        name = batch.label("population")
        total = batch.total("amount")
        self._sums[name] = self._sums.get(name, 0.0) + total
        self._counts[name] = self._counts.get(name, 0) + len(batch) // batch.replicas

    def take(self) -> dict[str, NDArray[np.float64]]:
        """Mean reward per agent and batch by `reward_<population>`, (replica,); counting starts anew."""
        found = {f"reward_{name}": self._sums[name] / self._counts[name] for name in self._sums}
        self._sums, self._counts = {}, {}
        return found


FRAME = {"kind": pl.String, "name": pl.String, "tick": pl.Int64, "replica": pl.Int64, "value": pl.Float64}


class Line(NamedTuple):
    """A number through time: the instants (T,) it is told at, its values (R, T) and their unit."""

    ticks: NDArray[np.int64]
    values: NDArray[np.float64]
    unit: str


class History(Mapping[str, NDArray[np.float64]]):
    """What a span of simulated time looked like: `history["gdp"]` is an array (replica, time).

    `series`, `metrics` and `rewards` (`reward_<population>`, means per agent) hold each as a `Line`, with its
    ticks and unit; a bare name is looked for in this order. `frame()` is all of it as one polars frame.
    """

    def __init__(
        self, series: dict[str, Line], metrics: dict[str, Line], rewards: dict[str, Line], year: int
    ) -> None:
        self.series, self.metrics, self.rewards, self.ticks_per_year = series, metrics, rewards, year
        self._lines = rewards | metrics | series

    def __getitem__(self, name: str) -> NDArray[np.float64]:
        return self._lines[name].values

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)

    def __repr__(self) -> str:
        return f"History({', '.join(f'{name} {self[name].shape}' for name in self)})"

    @property
    def units(self) -> dict[str, str]:
        """What each name is measured in."""
        return {name: line.unit for name, line in self._lines.items()}

    def frame(self) -> pl.DataFrame:
        """One row per value: kind, name, tick, replica, value."""
        kinds = {"series": self.series, "metric": self.metrics, "reward": self.rewards}
        rows = [_rows(kind, name, line) for kind, lines in kinds.items() for name, line in lines.items()]
        return pl.concat([pl.DataFrame(schema=FRAME), *(pl.DataFrame(each, schema=FRAME) for each in rows)])

    def figure(self) -> Figure:
        """A panel for each name, its median over replicas and their band, over years."""
        from analysis.figures.through_time import Path, through_time

        year = self.ticks_per_year
        paths = {n: Path(x.unit, (x.ticks + 1) / year, x.values) for n, x in self._lines.items()}
        return through_time("", paths)

    def _repr_png_(self) -> bytes | None:
        if not self._lines:
            return None
        from analysis.figures.style import write_png

        image = BytesIO()
        write_png(self.figure(), image)
        return image.getvalue()


def _rows(kind: str, name: str, line: Line) -> dict[str, Any]:
    replicas, times = line.values.shape
    return {
        "kind": [kind] * line.values.size,
        "name": [name] * line.values.size,
        "tick": np.tile(line.ticks, replicas),
        "replica": np.repeat(np.arange(replicas), times),
        "value": line.values.reshape(-1).astype(np.float64),
    }


class Kept:
    """The recorded instants of some streams while they are listened to: ticks and columns by name."""

    def __init__(self, sim: kernel.Simulation) -> None:
        self.sim = sim
        self.ticks: dict[str, list[int]] = {}
        self.values: dict[str, list[Any]] = {}
        self._stops: list[Callable[[], None]] = []

    def listen(self, event: type, told: Callable[[Any], Mapping[str, Any]]) -> None:
        """Keep `told(batch)`, (R,) by name, of every batch of a type from tick 0 on."""

        def keep(batch: Any) -> None:
            if batch.tick >= 0:
                for name, value in told(batch).items():
                    self.ticks.setdefault(name, []).append(batch.tick)
                    self.values.setdefault(name, []).append(value)

        self._stops.append(self.sim.bus.listen(event, keep))

    def stop(self) -> None:
        """Listen no more."""
        for stop in self._stops:
            stop()

    def lines(self, units: Mapping[str, str]) -> dict[str, Line]:
        """What was kept, by name."""
        return {
            name: Line(np.array(self.ticks[name]), np.stack(rows, axis=1), units.get(name, ""))
            for name, rows in self.values.items()
        }


def series_types() -> tuple[type, ...]:
    """Every event type that is marked as a series."""
    return tuple(event for event in EVENTS.values() if declared(event).series)


def columns(batch: Any) -> dict[str, NDArray[Any]]:
    """The columns of a batch by name, copied."""
    return {name: np.array(getattr(batch, name)) for name in declared(batch.event).columns}


def history(sim: Simulation, run: Callable[[], None]) -> History:
    """What `run()` makes of a simulation: its series, the metrics installed in it and its rewards."""
    series, measured, rewarded = Kept(sim), Kept(sim), Kept(sim)
    for event in series_types():
        series.listen(event, columns)
    measured.listen(Metric, lambda batch: {batch.label("name"): batch.value})
    rewarded.listen(Reward, _mean_reward)
    try:
        run()
    finally:
        for kept in (series, measured, rewarded):
            kept.stop()
    units = {c.name: c.unit for event in series_types() for c in declared(event).columns.values()}
    said = {measure.name: measure.unit for measure in sim.world.metrics}
    year = sim.world.ticks_per_year
    return History(series.lines(units), measured.lines(said), rewarded.lines({}), year)


def _mean_reward(batch: Any) -> dict[str, NDArray[np.float64]]:
    counts = np.maximum(batch.counts, 1)
    return {f"reward_{batch.label('population')}": batch.total("amount") / counts}


def watched(sim: kernel.Simulation, years: float) -> Series:
    """Run `sim` for so many recorded years and return its series, each `(replica, period)`.

    Rewards in a world without series are one mean of the whole time, `(replica, 1)`.
    """
    rewards, kept = Rewards(sim), Kept(sim)
    for event in series_types():
        kept.listen(event, lambda batch: columns(batch) | rewards.take())
    sim.run(years=years)
    values = kept.values or {name: [mean] for name, mean in rewards.take().items()}
    return {name: np.stack(rows, axis=1) for name, rows in values.items()}
