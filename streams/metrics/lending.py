"""Bank credit: how much is owed, and how much of it goes bad."""

import numpy as np

from streams.batch import Batch
from streams.bus import Bus, Memory
from streams.events import BANKS, Balance, Default, Loan, Repayment
from streams.metrics.metric import announce

EVENTS = (Loan, Repayment, Default, Balance)


def credit(bus: Bus, month: int, quarter: int) -> None:
    """Bank credit: loans outstanding at the month's end.

    Unit: cent. Source: the banks' loans in Balance events, and since the latest Loan - Repayment - Default.
    """
    memory = bus.fold(EVENTS, "credit", {"stock": np.zeros(bus.replicas, np.int64)}, _follow)

    def close(tick: int) -> None:
        if memory["stock"].any():
            announce(bus, "credit", tick, memory["stock"].astype(np.float64))

    bus.every(month, "credit", close)


def default_rate(bus: Bus, month: int, quarter: int) -> None:
    """Default rate: loans written off in the quarter, times four, over loans at its beginning.

    Unit: percent per year. Source: Default events and the stock of `credit` (as the Fed's charge-off rates).
    """

    def step(batch: Batch, memory: Memory) -> None:
        _follow(batch, memory)
        if batch.event is Default:
            memory["loss"] += batch.total("loss")

    sums = {name: np.zeros(bus.replicas, np.int64) for name in ("stock", "opening", "loss")}
    memory = bus.fold(EVENTS, "default_rate", sums, step)

    def close(tick: int) -> None:
        if memory["opening"].any():
            with np.errstate(divide="ignore", invalid="ignore"):
                announce(bus, "default_rate", tick, 400.0 * memory["loss"] / memory["opening"])
        memory["opening"][:] = memory["stock"]
        memory["loss"][:] = 0

    bus.every(quarter, "default_rate", close)


def _follow(batch: Batch, memory: Memory) -> None:
    """Keep `stock` equal to the loans outstanding."""
    stock = memory["stock"]
    if batch.event is Balance:
        banks = batch.sector == BANKS
        if banks.any():
            stock[:] = batch.total("loans", banks)
    elif batch.event is Loan:
        stock += batch.total("amount")
    else:
        stock -= batch.total("amount" if batch.event is Repayment else "loss")
