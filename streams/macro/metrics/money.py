"""Money in circulation: how much of it there is for the output, and how fast it moves."""

import numpy as np

from streams.batch import Batch
from streams.bus import Bus, Memory
from streams.macro.events import Output
from streams.macro.metrics.sums import deposits, is_of, monthly_trade
from streams.metrics import announce, metric, ratio


@metric("quarters of output", "Balance and Output events")
def liquidity_index(bus: Bus, month: int, quarter: int) -> None:
    """Liquidity: deposits of households and firms over the quarter's gross domestic product."""

    def step(batch: Batch, memory: Memory) -> None:
        batch.add("nominal", memory["nominal"])

    held = deposits(bus)["held"]
    output = bus.fold(Output, "liquidity_index", {"nominal": np.zeros(bus.replicas, np.int64)}, step)[
        "nominal"
    ]

    def close(tick: int) -> None:
        if held.any() and output.any():
            announce(bus, "liquidity_index", tick, ratio(held[0] + held[1], output))
        output.fill(0)

    bus.every(quarter, "liquidity_index", close)


@metric("per year", "Trade events of all markets, Balance events (Fisher's equation of exchange, 1911)")
def velocity(bus: Bus, month: int, quarter: int) -> None:
    """Velocity of money: goods bought in the quarter, times four, over deposits of households and firms."""
    trade, held = monthly_trade(bus, month), deposits(bus)["held"]
    spent = bus.keep("velocity", {"spent": np.zeros(bus.replicas, np.int64)})["spent"]

    def close(tick: int) -> None:
        if is_of(trade, tick, month):
            spent[:] += trade["all"]
        if (tick + 1) % quarter == 0:
            if held.any() and spent.any():
                announce(bus, "velocity", tick, ratio(spent, held[0] + held[1], 4.0))
            spent.fill(0)

    bus.every(month, "velocity", close)


METRICS = (liquidity_index, velocity)
