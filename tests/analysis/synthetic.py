"""Synthetic economies: AR(1) cycles around trends, enough to exercise every fact, figure and table."""

from __future__ import annotations

import numpy as np

# name: (level or mean, trend per quarter, sd of the cycle, persistence, weight of the common cycle)
LEVELS = {
    "gdp": (100.0, 0.0075, 0.003, 0.8, 1.0),
    "consumption": (62.0, 0.0075, 0.003, 0.8, 0.8),
    "fixed_investment": (17.0, 0.0075, 0.01, 0.8, 3.0),
    "government": (20.0, 0.0075, 0.006, 0.9, 0.0),
    "hours": (90.0, 0.003, 0.005, 0.8, 1.1),
    "employment": (92.0, 0.003, 0.003, 0.8, 0.9),
    "vacancies": (3.0, 0.003, 0.03, 0.8, 9.0),
    "productivity": (1.1, 0.0045, 0.004, 0.8, 0.2),
    "real_wage": (0.7, 0.0045, 0.004, 0.9, 0.1),
    "nominal_wage": (0.7, 0.0125, 0.004, 0.95, 0.2),
    "price_level": (1.0, 0.008, 0.003, 0.95, 0.1),
    "bank_loans": (150.0, 0.0075, 0.01, 0.9, 0.8),
    "household_debt": (120.0, 0.0075, 0.01, 0.9, 0.9),
    "household_net_worth": (500.0, 0.0075, 0.01, 0.9, 1.0),
    "tax_receipts": (25.0, 0.0075, 0.01, 0.8, 2.0),
    "disposable_income": (80.0, 0.0075, 0.005, 0.8, 0.6),
}
RATES = {
    "inventory_change_share": (0.4, 0.0, 0.3, 0.4, 10.0),
    "unemployment_rate": (6.0, 0.0, 0.2, 0.9, -60.0),
    "policy_rate": (5.0, 0.0, 0.5, 0.95, 40.0),
    "lending_spread": (2.0, 0.0, 0.1, 0.8, -15.0),
    "capacity_utilisation": (79.5, 0.0, 0.5, 0.8, 100.0),
    "default_rate": (2.0, 0.0, 0.2, 0.7, -40.0),
    "gini_wealth": (0.78, 0.0, 0.004, 0.9, 0.0),
    "gini_income": (0.45, 0.0, 0.004, 0.9, 0.0),
}


def ar1(rng: np.random.Generator, replicas: int, quarters: int, rho: float) -> np.ndarray:
    """Stationary AR(1) with unit variance, (replicas, quarters)."""
    x = np.empty((replicas, quarters))
    x[:, 0] = rng.normal(size=replicas)
    for t in range(1, quarters):
        x[:, t] = rho * x[:, t - 1] + np.sqrt(1 - rho**2) * rng.normal(size=replicas)
    return x


def economy(replicas: int = 8, quarters: int = 100, seed: int = 0) -> dict[str, np.ndarray]:
    """The columns of series.parquet, each (replicas, quarters)."""
    rng = np.random.default_rng(seed)
    cycle = 0.014 * ar1(rng, replicas, quarters, 0.85)
    t = np.arange(quarters)
    series = {}
    for name, (level, trend, spread, rho, weight) in LEVELS.items():
        series[name] = level * np.exp(trend * t + weight * cycle + spread * ar1(rng, replicas, quarters, rho))
    for name, (mean, _, spread, rho, weight) in RATES.items():
        series[name] = mean + weight * cycle + spread * ar1(rng, replicas, quarters, rho)
    return series
