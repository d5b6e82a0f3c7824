"""What is measured of an exchange while it runs, day by day: means over its instruments."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from streams.batch import Array, Batch
from streams.bus import Bus, Memory
from streams.exchange.events import Bar, Halt, Wealth
from streams.measures import gini
from streams.metrics import announce, metric

TICKS = 10_000
"""Price ticks in a unit of currency."""

YEAR = 250
"""Days in a year."""

CRASH = 0.1
"""A close this share below the highest of `LOOK_BACK` days before it is a crash."""

LOOK_BACK = 20


def _bars(batch: Batch, name: str) -> Array:
    """A column of a day's bars, float64 (R, instruments)."""
    column: Array = getattr(batch, name)
    return column.reshape(-1, int(batch.instrument.max()) + 1).astype(np.float64)


def _daily(bus: Bus, name: str, value: Callable[[Batch], Array]) -> None:
    """Announce each day what `value` makes of its bars: (R, instruments), of which the mean is told."""

    def step(batch: Batch, memory: Memory) -> None:
        announce(bus, name, batch.tick, value(batch).mean(axis=1))

    bus.fold(Bar, name, {}, step)


@metric("currency", "Bar events")
def price(bus: Bus, month: int, quarter: int) -> None:
    """Price at the close."""
    _daily(bus, "price", lambda batch: _bars(batch, "closing") / TICKS)


@metric("lots", "Bar events")
def volume(bus: Bus, month: int, quarter: int) -> None:
    """Lots traded in the day."""
    _daily(bus, "volume", lambda batch: _bars(batch, "volume"))


@metric("basis points", "Bar events")
def spread(bus: Bus, month: int, quarter: int) -> None:
    """Distance between best prices over the closing price, mean of the day."""
    _daily(bus, "spread", lambda batch: 1e4 * _bars(batch, "spread") / _bars(batch, "closing"))


@metric("lots", "Bar events")
def depth(bus: Bus, month: int, quarter: int) -> None:
    """Lots shown at both best prices, mean of the day."""
    _daily(bus, "depth", lambda batch: _bars(batch, "depth"))


@metric("percent a year", "Bar events; Parkinson (1980), from the day's range")
def volatility(bus: Bus, month: int, quarter: int) -> None:
    """Volatility of the day by its highest and lowest price, in a year of 250 days."""

    def value(batch: Batch) -> Array:
        return 100.0 * np.log(_bars(batch, "high") / _bars(batch, "low")) * np.sqrt(YEAR / (4 * np.log(2.0)))

    _daily(bus, "volatility", value)


@metric("lots per basis point", "Bar events; the inverse of Amihud (2002)")
def liquidity(bus: Bus, month: int, quarter: int) -> None:
    """Lots traded in the day for each basis point of its range: how much a market bears."""

    def value(batch: Batch) -> Array:
        span = 1e4 * np.log(_bars(batch, "high") / _bars(batch, "low"))
        return _bars(batch, "volume") / np.maximum(span, 1.0)

    _daily(bus, "liquidity", value)


@metric("percent", "Bar events")
def mispricing(bus: Bus, month: int, quarter: int) -> None:
    """How far the close is from what the instrument is worth to those who know, up or down."""

    def value(batch: Batch) -> Array:
        return 100.0 * np.abs(np.log(_bars(batch, "closing") / _bars(batch, "value")))

    _daily(bus, "mispricing", value)


@metric("ratio", "Bar events; Lo and MacKinlay (1988)")
def variance_ratio(bus: Bus, month: int, quarter: int) -> None:
    """Variance of weekly returns over five times that of daily ones, in 60 days; 1 is unpredictable."""

    def step(batch: Batch, memory: Memory) -> None:
        close = np.log(_bars(batch, "closing").mean(axis=1))
        closes = memory["closes"]
        closes[:, :-1] = closes[:, 1:]
        closes[:, -1] = close
        day, week = np.diff(closes, axis=1), closes[:, 5:] - closes[:, :-5]
        with np.errstate(invalid="ignore", divide="ignore"):
            announce(bus, "variance_ratio", batch.tick, (week**2).mean(axis=1) / (5 * (day**2).mean(axis=1)))

    bus.fold(Bar, "variance_ratio", {"closes": np.full((bus.replicas, 61), np.nan)}, step)


@metric("count", "Bar events")
def crashes(bus: Bus, month: int, quarter: int) -> None:
    """Crashes so far: closes of the mean price a tenth below the highest of the 20 days before, each once."""

    def step(batch: Batch, memory: Memory) -> None:
        close = _bars(batch, "closing").mean(axis=1)
        fell = close < (1.0 - CRASH) * memory["closes"].max(axis=1)
        memory["crashes"] += fell & ~memory["fallen"].astype(bool)
        memory["fallen"][:] = fell
        memory["closes"][:, :-1] = memory["closes"][:, 1:]
        memory["closes"][:, -1] = close
        announce(bus, "crashes", batch.tick, memory["crashes"].copy())

    memory = {
        "closes": np.zeros((bus.replicas, LOOK_BACK)),
        "crashes": np.zeros(bus.replicas),
        "fallen": np.zeros(bus.replicas),
    }
    bus.fold(Bar, "crashes", memory, step)


@metric("count", "Halt events")
def halts(bus: Bus, month: int, quarter: int) -> None:
    """Halts of the day."""

    def step(batch: Batch, memory: Memory) -> None:
        memory["halts"] += batch.total((batch.phase == 1).astype(np.int64))

    def close(tick: int) -> None:
        announce(bus, "halts", tick, memory["halts"].astype(float))
        memory["halts"][:] = 0

    memory = bus.fold(Halt, "halts", {"halts": np.zeros(bus.replicas, np.int64)}, step)
    bus.every(month, "halts", close)


@metric("Gini, 0 to 1", "Wealth events")
def gini_wealth(bus: Bus, month: int, quarter: int) -> None:
    """Gini coefficient of what traders own at the close."""

    def step(batch: Batch, memory: Memory) -> None:
        announce(bus, "gini_wealth", batch.tick, gini(batch.grid("amount")))

    bus.fold(Wealth, "gini_wealth", {}, step)


METRICS = (
    price, volume, spread, depth, volatility, liquidity, mispricing, variance_ratio, crashes, halts,
    gini_wealth,
)  # fmt: skip
