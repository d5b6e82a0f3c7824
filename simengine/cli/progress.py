"""The progress bar of a run, with live metrics from the Metric stream."""

from __future__ import annotations

import signal
from shutil import get_terminal_size
from types import FrameType, TracebackType
from typing import Any

import numpy as np
from tqdm import tqdm

from simengine.simulation import Simulation
from streams.events import METRICS, Metric

UNKNOWN_SIZE = (100, 24)
"""Columns and lines of a terminal that does not know its size."""


class Progress:
    """A bar over simulated time; `watch` is what a recording calls each period."""

    def __init__(self, sim: Simulation, until: int, quiet: bool = False) -> None:
        size = get_terminal_size(UNKNOWN_SIZE)
        self.bar = tqdm(
            total=until - sim.world.start,
            initial=sim.tick - sim.world.start,
            disable=quiet or None,
            unit="tick",
            ncols=size.columns,
            nrows=size.lines,
            bar_format="{desc}|{bar:16}| {elapsed}<{remaining}{postfix}",
        )
        self.calendar = sim.world.calendar
        self.shown = sim.world.views.series
        self.latest: dict[str, float] = {}
        if not self.bar.disable:
            sim.events(Metric).subscribe(self.see, name="progress bar")

    def see(self, batch: Any) -> None:
        """Remember the mean over replicas of each metric that is shown."""
        name = METRICS[batch.only("name")]
        values = batch.value[np.isfinite(batch.value)]
        if name in self.shown and values.size:
            self.latest[name] = float(values.mean())

    def watch(self, sim: Simulation) -> None:
        """Move the bar to where the simulation is."""
        self.bar.set_description_str(f"{self.calendar.text(sim.tick):>11} ", refresh=False)
        shown = [
            f"{label} {self.latest[name] * factor:{digits}}{unit}"
            for name, (label, factor, digits, unit) in self.shown.items()
            if name in self.latest
        ]
        self.bar.set_postfix_str("  ".join(shown), refresh=False)
        self.bar.update(sim.tick - sim.world.start - self.bar.n)

    def close(self) -> None:
        """Leave the bar as it stands."""
        self.bar.close()


class Interruption:
    """While it lasts, Ctrl-C and SIGTERM set a flag instead of raising; a second Ctrl-C raises."""

    def __init__(self) -> None:
        self.asked = False
        self._before: dict[int, Any] = {}

    def __call__(self) -> bool:
        return self.asked

    def __enter__(self) -> Interruption:
        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, self._ask)
        return self

    def __exit__(self, kind: type | None, value: BaseException | None, trace: TracebackType | None) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True
