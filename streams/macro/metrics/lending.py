"""Bank credit: how much is owed, and how much of it goes bad."""

import numpy as np

from streams.bus import Bus
from streams.macro.metrics.sums import bank_loans
from streams.metrics import announce, metric, ratio


@metric("cent", "the banks' loans in Balance events, and since the latest Loan - Repayment - Default")
def credit(bus: Bus, month: int, quarter: int) -> None:
    """Bank credit: loans outstanding at the month's end."""
    stock = bank_loans(bus)["stock"]

    def close(tick: int) -> None:
        if stock.any():
            announce(bus, "credit", tick, stock.astype(np.float64))

    bus.every(month, "credit", close)


@metric("percent per year", "Default events and the stock of `credit` (as the Fed's charge-off rates)")
def default_rate(bus: Bus, month: int, quarter: int) -> None:
    """Default rate: loans written off in the quarter, times four, over loans at its beginning."""
    loans = bank_loans(bus)
    opening = bus.keep("default_rate", {name: np.zeros(bus.replicas, np.int64) for name in ("stock", "lost")})

    def close(tick: int) -> None:
        if opening["stock"].any():
            announce(
                bus, "default_rate", tick, ratio(loans["lost"] - opening["lost"], opening["stock"], 400.0)
            )
        for name, array in opening.items():
            array[:] = loans[name]

    bus.every(quarter, "default_rate", close)


METRICS = (credit, default_rate)
