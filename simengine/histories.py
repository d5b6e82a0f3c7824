"""Histories in memory: the quarterly series of a simulation and what its agents were rewarded."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simengine.kernel import Simulation
from streams.event import EVENTS, declared
from streams.events import POPULATIONS, Reward

Series = dict[str, NDArray[np.float64]]
"""Column of `series.parquet` -> (replica, quarter), from tick 0 on; `reward_<population>` is among them."""


class Rewards:
    """The sum and the number of rewards of each population since last taken, per replica, from tick 0 on."""

    def __init__(self, sim: Simulation, start: int = 0) -> None:
        self.start = start
        self._sums: dict[str, NDArray[np.float64]] = {}
        self._counts: dict[str, int] = {}
        sim.bus.listen(Reward, self._see)

    def _see(self, batch: Any) -> None:
        if batch.tick < self.start:
            return
        name = POPULATIONS[batch.only("population")]
        total = batch.total("amount")
        self._sums[name] = self._sums.get(name, 0.0) + total
        self._counts[name] = self._counts.get(name, 0) + len(batch) // batch.replicas

    def take(self) -> dict[str, NDArray[np.float64]]:
        """Mean reward per agent and batch of each population, (replica,); counting starts anew."""
        found = {name: self._sums[name] / self._counts[name] for name in self._sums}
        self._sums, self._counts = {}, {}
        return found


def watched(sim: Simulation, years: float) -> Series:
    """Run `sim` for so many recorded years and return its series, each ``(replica, quarter)``.

    Rewards in a world without series are one mean of the whole time, ``(replica, 1)``.
    """
    kept: dict[str, list[Any]] = {}
    rewards = Rewards(sim)

    def keep(batch: Any) -> None:
        if batch.tick >= 0:
            for name in declared(batch.event).columns:
                kept.setdefault(name, []).append(np.array(getattr(batch, name)))
            for name, mean in rewards.take().items():
                kept.setdefault(f"reward_{name}", []).append(mean)

    for event in EVENTS.values():
        if declared(event).series:
            sim.events(event).subscribe(keep)
    sim.run(years=years)
    if not kept:
        kept = {f"reward_{name}": [mean] for name, mean in rewards.take().items()}
    return {name: np.stack(rows, axis=1) for name, rows in kept.items()}
