"""What is measured of shops while they run, month by month."""

from __future__ import annotations

import numpy as np

from streams.batch import Batch
from streams.bus import Bus, Memory
from streams.events import Reward
from streams.inventory.events import Sales
from streams.metrics import announce, metric, ratio


@metric("dollar a day", "Reward events")
def profit(bus: Bus, month: int, quarter: int) -> None:
    """Mean profit of a shop in the month."""

    def step(batch: Batch, memory: Memory) -> None:
        memory["sum"] += batch.grid("amount").mean(axis=1)
        memory["days"] += 1

    memory = bus.fold(Reward, "profit", _sums(bus, "sum", "days"), step)
    _monthly(bus, "profit", month, memory, ("sum", "days"))


@metric("percent", "Sales events; Silver, Pyke and Thomas (2017), Inventory and Production Management, 6.6")
def fill_rate(bus: Bus, month: int, quarter: int) -> None:
    """Fill rate: the share of the month's demand that is met."""

    def step(batch: Batch, memory: Memory) -> None:
        for name in ("demand", "sold"):
            memory[name] += batch.grid(name).sum(axis=1)

    memory = bus.fold(Sales, "fill_rate", _sums(bus, "demand", "sold"), step)
    _monthly(bus, "fill_rate", month, memory, ("sold", "demand"), 100.0)


@metric("good", "Sales events")
def stock(bus: Bus, month: int, quarter: int) -> None:
    """Mean stock overnight of a shop in the month."""

    def step(batch: Batch, memory: Memory) -> None:
        memory["kept"] += batch.grid("kept").mean(axis=1)
        memory["days"] += 1

    memory = bus.fold(Sales, "stock", _sums(bus, "kept", "days"), step)
    _monthly(bus, "stock", month, memory, ("kept", "days"))


def _monthly(
    bus: Bus, name: str, month: int, memory: Memory, parts: tuple[str, str], factor: float = 1.0
) -> None:
    """Announce one sum over another each month in which something happened, and begin anew."""
    above, below = (memory[part] for part in parts)

    def close(tick: int) -> None:
        if below.any():
            announce(bus, name, tick, ratio(above, below, factor))
        for array in memory.values():
            array.fill(0)

    bus.every(month, name, close)


def _sums(bus: Bus, *names: str) -> Memory:
    return {name: np.zeros(bus.replicas) for name in names}


METRICS = (profit, fill_rate, stock)
