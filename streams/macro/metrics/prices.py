"""Consumer prices: their index, their growth and how far sellers differ."""

import numpy as np

from streams.bus import Bus
from streams.macro.metrics.sums import is_of, monthly_trade
from streams.metrics import announce, metric, ratio

MONTHS = 12


@metric("index", "Trade events of the consumption market (a unit value index, CPI manual 2020, ch. 8)")
def price_index(bus: Bus, month: int, quarter: int) -> None:
    """Consumer price index: the month's unit value, money paid over goods bought; the first month is 100."""
    trade = monthly_trade(bus, month)
    base = bus.keep("price_index", {"base": np.full(bus.replicas, np.nan)})["base"]

    def close(tick: int) -> None:
        if tick >= 0 and is_of(trade, tick, month):
            unit_value = ratio(trade["amount"], trade["quantity"])
            np.copyto(base, unit_value, where=np.isnan(base))
            announce(bus, "price_index", tick, ratio(unit_value, base, 100.0))

    bus.every(month, "price_index", close)


@metric("percent per year", "Trade events of the consumption market")
def inflation(bus: Bus, month: int, quarter: int) -> None:
    """Inflation: the consumer unit value of the month against the same month a year ago, from month 13 on."""
    trade = monthly_trade(bus, month)
    past = bus.keep("inflation", {"year": np.full((MONTHS, bus.replicas), np.nan)})["year"]

    def close(tick: int) -> None:
        unit_value = np.full(bus.replicas, np.nan)
        if is_of(trade, tick, month):
            unit_value = ratio(trade["amount"], trade["quantity"])
        row = past[tick // month % MONTHS]
        if not np.isnan(row).all():
            announce(bus, "inflation", tick, ratio(unit_value - row, row, 100.0))
        row[:] = unit_value

    bus.every(month, "inflation", close)


@metric("percent of the mean", "Trade events of the consumption market")
def price_dispersion(bus: Bus, month: int, quarter: int) -> None:
    """Coefficient of variation of the prices consumers pay, weighted by quantity, in a month's last tick."""
    trade = monthly_trade(bus, month)

    def close(tick: int) -> None:
        quantity, spent, squares = trade["moments"]
        if is_of(trade, tick, month) and quantity.any():
            mean = ratio(spent, quantity)
            deviation = np.sqrt(np.maximum(ratio(squares, quantity) - mean * mean, 0.0))
            announce(bus, "price_dispersion", tick, ratio(deviation, mean, 100.0))

    bus.every(month, "price_dispersion", close)


METRICS = (price_index, inflation, price_dispersion)
