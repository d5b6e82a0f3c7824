"""Money in circulation: how much of it there is for the output, and how fast it moves."""

from collections.abc import Callable

import numpy as np

from streams.batch import Array, Batch
from streams.bus import Bus, Memory
from streams.events import FIRMS, HOUSEHOLDS, Balance, Output, Trade
from streams.metrics.metric import announce


def liquidity_index(bus: Bus, month: int, quarter: int) -> None:
    """Liquidity: deposits of households and firms over the quarter's gross domestic product.

    Unit: quarters of output. Source: Balance and Output events.
    """
    _deposits_against(
        bus, "liquidity_index", quarter, Output, "nominal", lambda deposits, flow: deposits / flow
    )


def velocity(bus: Bus, month: int, quarter: int) -> None:
    """Velocity of money: goods bought in the quarter, times four, over deposits of households and firms.

    Unit: per year. Source: Trade events of all markets, Balance events (Fisher's equation of exchange, 1911).
    """
    _deposits_against(bus, "velocity", quarter, Trade, "amount", lambda deposits, flow: 4.0 * flow / deposits)


def _deposits_against(
    bus: Bus,
    name: str,
    quarter: int,
    event: type,
    column: str,
    ratio: Callable[[Array, Array], Array],
) -> None:
    """Announce `ratio(deposits, flow)` each quarter, where flow is the sum of a column of `event`."""

    def step(batch: Batch, memory: Memory) -> None:
        if batch.event is event:
            memory["flow"] += batch.total(column)
            return
        for row, sector in enumerate((HOUSEHOLDS, FIRMS)):
            mine = batch.sector == sector
            if mine.any():
                memory["deposits"][row] = batch.total("deposits", mine)

    replicas = bus.replicas
    empty = {"flow": np.zeros(replicas, np.int64), "deposits": np.zeros((2, replicas), np.int64)}
    memory = bus.fold((event, Balance), name, empty, step)

    def close(tick: int) -> None:
        deposits = memory["deposits"].sum(axis=0)
        if deposits.any() and memory["flow"].any():
            with np.errstate(divide="ignore", invalid="ignore"):
                announce(bus, name, tick, ratio(deposits, memory["flow"]))
        memory["flow"][:] = 0

    bus.every(quarter, name, close)
