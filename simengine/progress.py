"""The progress bar of a simulation, with live metrics from the Metric stream, in a terminal or a notebook."""

from __future__ import annotations

import sys
from collections.abc import Callable
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any

import numpy as np
from tqdm.auto import tqdm

from streams.events import Metric

if TYPE_CHECKING:
    from simengine.simulation import Simulation

UNKNOWN_SIZE = (100, 24)
"""Columns and lines of a terminal that does not know its size."""

FORMAT = "{desc}|{bar:16}| {elapsed}<{remaining}{postfix}"
IN_NOTEBOOK = any("notebook" in cls.__module__ for cls in tqdm.__mro__)


class Progress:
    """A bar over simulated time, with the `pace` if there is one; `watch` is what a recording calls."""

    def __init__(
        self, sim: Simulation, until: int, quiet: bool = False, pace: Callable[[], str] = lambda: ""
    ) -> None:
        size = get_terminal_size(UNKNOWN_SIZE)
        place = {} if IN_NOTEBOOK else {"ncols": size.columns, "nrows": size.lines, "bar_format": FORMAT}
        self.bar = tqdm(
            total=until - sim.world.start,
            initial=sim.tick - sim.world.start,
            disable=quiet or None,
            unit="tick",
            **place,
        )
        self.pace = pace
        self.calendar = sim.world.calendar
        self.shown = sim.world.views.series
        self.latest: dict[str, float] = {}
        if not self.bar.disable:
            self.bar.write(f"who decides: {sim.who}", file=sys.stderr)
            sim.events(Metric).subscribe(self.see, name="progress bar")

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def see(self, batch: Any) -> None:
        """Remember the mean over replicas of each metric that is shown."""
        name = batch.label("name")
        values = batch.value[np.isfinite(batch.value)]
        if name in self.shown and values.size:
            self.latest[name] = float(values.mean())

    def watch(self, sim: Simulation) -> None:
        """Move the bar to where the simulation is."""
        when = self.calendar.text(sim.tick)
        self.bar.set_description_str(f"{'warm-up ' * (sim.tick < 0) + when:>11} ", refresh=False)
        shown = [
            f"{label} {self.latest[name] * factor:{digits}}{unit}"
            for name, (label, factor, digits, unit) in self.shown.items()
            if name in self.latest
        ]
        self.bar.set_postfix_str("  ".join(filter(None, (self.pace(), *shown))), refresh=False)
        self.bar.update(sim.tick - sim.world.start - self.bar.n)

    def close(self) -> None:
        """Leave the bar as it stands."""
        self.bar.close()
