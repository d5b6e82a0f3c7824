"""Output and work: gross domestic product and unemployment."""

import numpy as np

from streams.batch import Batch
from streams.bus import Bus, Memory
from streams.macro.events import LaborForce, Output
from streams.metrics import announce, metric, ratio


@metric("cent per quarter", "Output events (production approach of the national accounts, SNA 2008)")
def gdp(bus: Bus, month: int, quarter: int) -> None:
    """Gross domestic product: value added at current prices, summed over the quarter."""

    def step(batch: Batch, memory: Memory) -> None:
        batch.add("nominal", memory["nominal"])
        memory["seen"] += 1

    memory = bus.fold(Output, "gdp", {"nominal": np.zeros(bus.replicas, np.int64), "seen": np.zeros(1)}, step)

    def close(tick: int) -> None:
        if memory["seen"]:
            announce(bus, "gdp", tick, memory["nominal"].astype(np.float64))
        for array in memory.values():
            array.fill(0)

    bus.every(quarter, "gdp", close)


@metric("percent", "LaborForce events (definition of the ILO and of the BLS's U-3)")
def unemployment(bus: Bus, month: int, quarter: int) -> None:
    """Unemployment rate: the unemployed in percent of the labour force, the month's mean."""

    def step(batch: Batch, memory: Memory) -> None:
        batch.add("employed", memory["employed"])
        batch.add("unemployed", memory["unemployed"])

    counts = {"employed": np.zeros(bus.replicas, np.int64), "unemployed": np.zeros(bus.replicas)}
    memory = bus.fold(LaborForce, "unemployment", counts, step)

    def close(tick: int) -> None:
        people = memory["employed"] + memory["unemployed"]
        if people.any():
            announce(bus, "unemployment", tick, ratio(memory["unemployed"], people, 100.0))
        for array in memory.values():
            array.fill(0)

    bus.every(month, "unemployment", close)


METRICS = (gdp, unemployment)
