"""The scale of the macro world: its opening wage and price, the growth of its trend and its rates at rest."""

import numpy as np
from numpy.typing import NDArray

from markets.ledger import TURNOVER
from simengine.worlds.macro.config import MacroConfig
from simengine.worlds.macro.flows import FLOWS

WAGE = 400_000.0  # cents a month for one efficiency unit
PRICE = 10_000.0  # cents a unit

Floats = NDArray[np.float64]


def opening_trend(c: MacroConfig) -> float:
    """The trend productivity of the first month, units per efficiency month."""
    return c.firm.markup * WAGE / PRICE


def monthly_growth(c: MacroConfig) -> float:
    """The trend's real growth of a month: productivity and labour force."""
    return (c.trend.productivity_growth_annual + c.trend.labour_force_growth_annual) / 12.0


def monthly_drift(c: MacroConfig) -> float:
    """The factor by which nominal stocks grow in a month at rest."""
    return (1.0 + monthly_growth(c)) * (1.0 + c.trend.inflation_target_annual / 12.0)


def years_that_fit(c: MacroConfig) -> float:
    """Recorded years in which a quarter's purchases fit into the books, inflation 1.5 points too high."""
    growth = 12.0 * np.log(monthly_drift(c)) + 0.015
    opening = 3.0 * WAGE * c.households
    years = np.log(TURNOVER / (len(FLOWS) + 1) / opening) / growth - c.warmup_years
    return float(years) if growth > 0.0 else np.inf


def rest_rates(c: MacroConfig) -> tuple[float, float, float]:
    """The annual policy, deposit and lending rates at rest."""
    policy = c.trend.neutral_real_rate_annual + c.trend.inflation_target_annual
    losses = c.bank.default_probability_annual * c.bank.loss_given_default
    return policy, policy - c.bank.deposit_margin_annual, policy + c.bank.spread_base_annual + losses
