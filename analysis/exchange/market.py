"""A recorded exchange as its figures see it: all histories, and day by day the first of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analysis.exchange.history import Histories
from analysis.exchange.recorded import WHOSE, Recorded, recorded
from analysis.figures.style import Unavailable
from analysis.run import NotRecorded, Run

Floats = NDArray[np.float64]

YEAR = 250
"""Days of trading in a year."""


@dataclass(frozen=True)
class Market:
    """A run of an exchange; NotRecorded where its bars were not recorded."""

    run: Run

    @cached_property
    def _recorded(self) -> Recorded:
        return recorded(self.run)

    @property
    def histories(self) -> Histories:
        """All of its histories."""
        return self._recorded.histories

    @property
    def first(self) -> tuple[int, int]:
        """The replica and the instrument that are drawn where one is."""
        return self._recorded.whose[0]

    @property
    def day(self) -> int:
        """Ticks of a day."""
        return self.run.calendar["day"]

    @property
    def years(self) -> Floats:
        """Ends of days in years (T,)."""
        return (1.0 + np.arange(self.histories.days)) / YEAR

    @property
    def step(self) -> int:
        """Ticks of .0001 between two prices."""
        return int(self.run.manifest.get("config", {}).get("step", 1))

    def of_first(self, event: str) -> pl.DataFrame:
        """Events of the first history in the order of time; Unavailable where they were not recorded."""
        mine = [pl.col(name) == value for name, value in zip(WHOSE, self.first)]
        try:
            rows = self.run.events(event).filter(*mine).collect().sort("tick", maintain_order=True)
        except NotRecorded as note:
            raise Unavailable(f"no {event} events were recorded") from note
        if rows.is_empty():
            raise Unavailable(f"no {event} events")
        return rows

    def halts(self) -> Floats:
        """How many calls began on each day of the first history, (T,): none where none were recorded."""
        try:
            rows = self.of_first("Halt").filter(pl.col("phase").cast(pl.String) == "call")
        except Unavailable:
            return np.zeros(self.histories.days)
        days = (rows["tick"] // self.day).to_numpy()
        return np.bincount(days, minlength=self.histories.days)[: self.histories.days].astype(np.float64)

    def says(self) -> str:
        """Whose market a figure shows, and that its time is scaled."""
        scale = f"a day is {self.day:,} ticks, a year {YEAR} days: calendar time is scaled"
        if self.histories.count == 1:
            return scale
        return f"instrument {self.first[1]} of history {self.first[0]} · {scale}"
