"""Real daily series, and what their windows of a length show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from analysis.exchange.history import Histories
from analysis.exchange.statistics import DAILY
from analysis.run import NoReport

Floats = NDArray[np.float64]

SERIES = {"sp500": "S&P 500 1999–2018", "nasdaq": "Nasdaq 1999–2018", "wti": "WTI crude oil 1986–2018"}
STEP = 20
"""Days from one window to the next."""


class NotInstalled(NoReport):
    """The library that brings the real series is missing."""


@dataclass(frozen=True, eq=False)
class Bars:
    """A series of daily bars: closes (T,), and volume where it is known."""

    closes: Floats
    volume: Floats | None = None

    def windows(self, days: int) -> Histories:
        """Its windows of so many days, one every `STEP`, as histories."""
        volume = None if self.volume is None else sliding_window_view(self.volume, days)[::STEP]
        return Histories(sliding_window_view(self.closes, days)[::STEP], volume)

    @cache  # noqa: B019 — series are few and live as long as the process
    def statistics(self, days: int) -> dict[str, Floats]:
        """Every daily statistic that its windows of so many days can answer, (window,) each."""
        windows = self.windows(days)
        return {name: each.of(windows) for name, each in DAILY.items() if not each.lacks(windows)}


@cache
def real_series() -> dict[str, Bars]:
    """All of `SERIES` by name; NotInstalled without the library that brings them, `arch`."""
    return {name: _real(name) for name in SERIES}


def _real(name: str) -> Bars:
    try:
        frame = import_module(f"arch.data.{name}").load().dropna()
    except ModuleNotFoundError as error:
        library = str(error.name).partition(".")[0]
        raise NotInstalled(
            f"real series: {library} is not installed: valid is the extra `realism`, which brings it"
        ) from error
    close = frame["Adj Close"] if "Adj Close" in frame else frame.iloc[:, 0]
    volume = frame["Volume"].to_numpy(np.float64) if "Volume" in frame else None
    return Bars(close.to_numpy(np.float64), volume)


def longest(series: Mapping[str, Bars]) -> int:
    """The longest windows that give a range: half of the shortest series, so that two are apart."""
    return min(len(bars.closes) for bars in series.values()) // 2


@dataclass(frozen=True)
class Scatter:
    """How a statistic scatters over windows of several series, each series weighted equally."""

    values: Floats
    weight: Floats

    @classmethod
    def of(cls, series: Sequence[Floats]) -> Scatter:
        """Of the values of each series."""
        weight = [np.full(len(each), 1.0 / len(each)) for each in series]
        return cls(np.concatenate(series), np.concatenate(weight))

    def quantile(self, share: float) -> float:
        """The value below which so large a share of the weight lies."""
        order = np.argsort(self.values)
        heard = self.weight[order]
        return float(np.interp(share, (np.cumsum(heard) - heard / 2) / heard.sum(), self.values[order]))


def spreads_of(series: Mapping[str, Bars], days: int) -> dict[str, Scatter]:
    """How daily statistics scatter over windows of so many days of these series."""
    found = [bars.statistics(days) for bars in series.values()]
    result = {}
    for name in DAILY:
        values = [each[name] for each in found if name in each]
        if values:
            result[name] = Scatter.of(values)
    return result
