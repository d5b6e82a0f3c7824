"""What is measured of shops while they run, month by month."""

from __future__ import annotations

import numpy as np

from streams.batch import Batch
from streams.bus import Bus, Memory
from streams.events import Reward
from streams.inventory.events import Sales
from streams.metrics import announce, ratio


def profit(bus: Bus, month: int, quarter: int) -> None:
    """Mean profit of a shop in the month. Unit: dollar a day. Source: Reward events."""

    def step(batch: Batch, memory: Memory) -> None:
        memory["sum"] += batch.grid("amount").mean(axis=1)
        memory["days"] += 1

    memory = bus.fold(Reward, "profit", _sums(bus, "sum", "days"), step)

    def close(tick: int) -> None:
        if memory["days"].any():
            announce(bus, "profit", tick, ratio(memory["sum"], memory["days"]))
        _clear(memory)

    bus.every(month, "profit", close)


def service(bus: Bus, month: int, quarter: int) -> None:
    """Fill rate, the share of the month's demand that is met, and mean stock overnight of a shop.

    Unit: percent; good. Source: Sales events; Silver, Pyke and Thomas (2017), Inventory and Production
    Management, section 6.6, for the fill rate.
    """

    def step(batch: Batch, memory: Memory) -> None:
        for name in ("demand", "sold"):
            memory[name] += batch.grid(name).sum(axis=1)
        memory["kept"] += batch.grid("kept").mean(axis=1)
        memory["days"] += 1

    memory = bus.fold(Sales, "service", _sums(bus, "demand", "sold", "kept", "days"), step)

    def close(tick: int) -> None:
        if memory["days"].any():
            announce(bus, "fill_rate", tick, ratio(memory["sold"], memory["demand"], 100.0))
            announce(bus, "stock", tick, ratio(memory["kept"], memory["days"]))
        _clear(memory)

    bus.every(month, "service", close)


def _sums(bus: Bus, *names: str) -> Memory:
    return {name: np.zeros(bus.replicas) for name in names}


def _clear(memory: Memory) -> None:
    for array in memory.values():
        array.fill(0)


METRICS = (profit, service)
