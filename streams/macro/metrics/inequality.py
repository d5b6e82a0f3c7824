"""Inequality among households: Gini coefficients of wealth and of income."""

import numpy as np

from streams.batch import Batch
from streams.bus import Bus, Memory
from streams.macro.events import Income, Wealth
from streams.measures import gini
from streams.metrics import announce, metric


@metric("share", "Wealth events")
def gini_wealth(bus: Bus, month: int, quarter: int) -> None:
    """Gini coefficient of household net worth, at every snapshot of it; above 1 when many are in debt."""

    def step(batch: Batch, memory: Memory) -> None:
        announce(bus, "gini_wealth", batch.tick, gini(batch.grid("amount")))

    bus.fold(Wealth, "gini_wealth", {}, step)


@metric("share", "Income events")
def gini_income(bus: Bus, month: int, quarter: int) -> None:
    """Gini coefficient of what households earned in the quarter, before tax."""

    def step(batch: Batch, memory: Memory) -> None:
        amount = batch.grid("amount")
        if "amount" not in memory:
            memory["amount"] = np.zeros_like(amount)
        memory["amount"] += amount

    memory = bus.fold(Income, "gini_income", {}, step)

    def close(tick: int) -> None:
        if "amount" in memory:
            announce(bus, "gini_income", tick, gini(memory["amount"]))
            memory["amount"][:] = 0

    bus.every(quarter, "gini_income", close)


METRICS = (gini_wealth, gini_income)
