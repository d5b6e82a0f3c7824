"""Inequality among households: Gini coefficients of wealth and of income."""

from streams.batch import Batch
from streams.bus import Bus, Memory
from streams.macro.events import Wealth
from streams.macro.metrics.sums import quarterly_income
from streams.measures import gini
from streams.metrics import announce, metric


@metric("share", "Wealth events")
def gini_wealth(bus: Bus, month: int, quarter: int) -> None:
    """Gini coefficient of household net worth, at every snapshot of it; above 1 when many are in debt."""

    def step(batch: Batch, memory: Memory) -> None:
        announce(bus, "gini_wealth", batch.tick, gini(batch.grid("amount")))

    bus.fold(Wealth, "gini_wealth", {}, step)


@metric("share", "Income events, as the Census counts money income: before tax")
def gini_income(bus: Bus, month: int, quarter: int) -> None:
    """Gini coefficient of what households earned in the quarter, before tax."""
    memory = quarterly_income(bus, quarter)

    def close(tick: int) -> None:
        if memory["quarter"][0] == tick // quarter:
            announce(bus, "gini_income", tick, gini(memory["amount"]))

    bus.every(quarter, "gini_income", close)


METRICS = (gini_wealth, gini_income)
