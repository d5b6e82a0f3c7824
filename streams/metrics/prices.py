"""Consumer prices: their index, their growth and how far sellers differ."""

from collections.abc import Callable

import numpy as np

from streams.batch import Array, Batch
from streams.bus import Bus, Memory
from streams.events import CONSUMPTION, Trade
from streams.metrics.metric import announce

MONTHS = 12


def price_index(bus: Bus, month: int, quarter: int) -> None:
    """Consumer price index: the month's unit value, money paid over goods bought; the first month is 100.

    Unit: index. Source: Trade events of the consumption market (a unit value index, CPI manual 2020, ch. 8).
    """

    def close(tick: int, unit_value: Array, memory: Memory) -> None:
        if tick >= 0:
            base = memory["base"]
            np.copyto(base, unit_value, where=np.isnan(base))
            announce(bus, "price_index", tick, 100.0 * unit_value / base)

    _each_month(bus, "price_index", month, {"base": np.full(bus.replicas, np.nan)}, close)


def inflation(bus: Bus, month: int, quarter: int) -> None:
    """Inflation: the consumer unit value of the month against the same month a year ago.

    Unit: percent per year; from the thirteenth month on. Source: Trade events of the consumption market.
    """

    def close(tick: int, unit_value: Array, memory: Memory) -> None:
        year = memory["year"]
        if not np.isnan(year[0]).all():
            announce(bus, "inflation", tick, 100.0 * (unit_value / year[0] - 1.0))
        year[:-1] = year[1:]
        year[-1] = unit_value

    _each_month(bus, "inflation", month, {"year": np.full((MONTHS, bus.replicas), np.nan)}, close)


def price_dispersion(bus: Bus, month: int, quarter: int) -> None:
    """Coefficient of variation of the prices consumers pay, weighted by quantity, in the month's last tick.

    Unit: percent of the mean. Source: Trade events of the consumption market.
    """

    def step(batch: Batch, memory: Memory) -> None:
        if (batch.tick + 1) % month == 0 and (bought := _consumption(batch)) is not None:
            spent = bought.quantity * bought.price
            memory["quantity"] += bought.total("quantity")
            memory["spent"] += bought.total(spent)
            memory["squares"] += bought.total(spent * bought.price)

    sums = {name: np.zeros(bus.replicas) for name in ("quantity", "spent", "squares")}
    memory = bus.fold(Trade, "price_dispersion", sums, step)

    def close(tick: int) -> None:
        if memory["quantity"].any():
            with np.errstate(divide="ignore", invalid="ignore"):
                mean = memory["spent"] / memory["quantity"]
                variance = np.maximum(memory["squares"] / memory["quantity"] - mean * mean, 0.0)
                announce(bus, "price_dispersion", tick, 100.0 * np.sqrt(variance) / mean)
        for total in memory.values():
            total[:] = 0.0

    bus.every(month, "price_dispersion", close)


def _consumption(batch: Batch) -> Batch | None:
    market = batch.only("market")
    if market is None:
        return batch.where(batch.market == CONSUMPTION)
    return batch if market == CONSUMPTION else None


def _each_month(
    bus: Bus, name: str, month: int, memory: Memory, close: Callable[[int, Array, Memory], None]
) -> None:
    """Call `close(tick, unit_value, memory)` after each month with consumption; nan where there was none."""

    def step(batch: Batch, memory: Memory) -> None:
        if (bought := _consumption(batch)) is not None:
            memory["amount"] += bought.total("amount")
            memory["quantity"] += bought.total("quantity")

    sums = {"amount": np.zeros(bus.replicas, np.int64), "quantity": np.zeros(bus.replicas)}
    memory = bus.fold(Trade, name, sums | memory, step)

    def end(tick: int) -> None:
        if memory["quantity"].any():
            with np.errstate(divide="ignore", invalid="ignore"):
                close(tick, memory["amount"] / memory["quantity"], memory)
        memory["amount"][:] = 0
        memory["quantity"][:] = 0.0

    bus.every(month, name, end)
