"""What is measured of a barter society while it runs, tick by tick."""

from __future__ import annotations

import numpy as np

from streams.barter.events import Consumption, Price
from streams.batch import Batch
from streams.bus import Bus, Memory
from streams.events import Reward
from streams.measures import gini
from streams.metrics import announce, metric


@metric("utility a tick", "Reward events")
def welfare(bus: Bus, month: int, quarter: int) -> None:
    """Mean reward of the foragers."""

    def step(batch: Batch, memory: Memory) -> None:
        announce(bus, "welfare", batch.tick, batch.grid("amount").mean(axis=1))

    bus.fold(Reward, "welfare", {}, step)


@metric("Gini, 0 to 1", "Consumption events")
def gini_consumption(bus: Bus, month: int, quarter: int) -> None:
    """Gini coefficient of the goods eaten in a tick, all goods added up."""

    def step(batch: Batch, memory: Memory) -> None:
        eaten = np.zeros((bus.replicas, 1 + int(batch.agent.max())))
        np.add.at(eaten, (batch.replica, batch.agent), batch.amount)
        announce(bus, "gini_consumption", batch.tick, gini(eaten))

    bus.fold(Consumption, "gini_consumption", {}, step)


@metric("log price of good 0 in good 1", "Price events")
def log_relative_price(bus: Bus, month: int, quarter: int) -> None:
    """Log of the price of the first good in the second; nan where either has none."""

    def step(batch: Batch, memory: Memory) -> None:
        price = np.full((bus.replicas, 1 + max(1, int(batch.good.max(initial=0)))), np.nan)
        price[batch.replica, batch.good] = batch.price
        announce(bus, "log_relative_price", batch.tick, np.log(price[:, 0] / price[:, 1]))

    bus.fold(Price, "log_relative_price", {}, step)


METRICS = (welfare, gini_consumption, log_relative_price)
