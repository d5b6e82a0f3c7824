"""Metrics of the macro economy, from its streams alone."""

from streams.macro.metrics.activity import gdp, unemployment
from streams.macro.metrics.inequality import gini_income, gini_wealth
from streams.macro.metrics.lending import credit, default_rate
from streams.macro.metrics.money import liquidity_index, velocity
from streams.macro.metrics.prices import inflation, price_dispersion, price_index

METRICS = (
    gdp, price_index, inflation, unemployment, gini_wealth, gini_income, credit, default_rate,
    liquidity_index, velocity, price_dispersion,
)  # fmt: skip
"""Every metric of the macro economy."""
