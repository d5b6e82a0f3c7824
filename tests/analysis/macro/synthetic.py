"""Synthetic economies: AR(1) cycles around trends, enough to exercise every fact, figure and table."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import polars as pl

from streams.sealed import write_json

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
    "firm_failures": (2.0, 0.0, 0.2, 0.7, -40.0),
    "bank_capital_least": (9.0, 0.0, 0.3, 0.9, 40.0),
}

UNITS = {
    **dict.fromkeys(LEVELS, "constant dollars"),
    **dict.fromkeys(RATES, "%"),
    **dict.fromkeys(("gini_wealth", "gini_income"), "share"),
}
"""What the columns are measured in."""


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


def series_frame(series: dict[str, np.ndarray]) -> pl.DataFrame:
    """The same as a table, one row per replica and quarter."""
    replicas, quarters = series["gdp"].shape
    columns = {
        "replica": np.repeat(np.arange(replicas, dtype=np.int32), quarters),
        "tick": np.tile(np.arange(11, 12 * quarters, 12, dtype=np.int32), replicas),
    }
    return pl.DataFrame(columns | {name: values.ravel() for name, values in series.items()})


def snapshots(
    quarters: int, households: int = 100, firms: int = 20, seed: int = 0
) -> dict[str, pl.DataFrame]:
    """Balance, Wealth, Income, Output and Trade events of replica 0, quarter by quarter (48 ticks a year)."""
    rng = np.random.default_rng(seed)
    ticks = 12 * np.arange(1, quarters + 1) - 1
    growth = np.exp(0.0125 * np.arange(quarters))
    gdp = 3.0e7 * growth  # cents a quarter
    holdings = {  # sector: deposits, loans, bills as multiples of quarterly GDP
        "households": (2.4, -2.0, 0.6),
        "firms": (0.8, -1.4, 0.0),
        "banks": (-3.2, 3.4, 0.7),
        "government": (0.0, 0.0, -1.5),
        "central_bank": (0.0, 0.0, 0.2),
    }
    balance = [
        {
            "tick": int(tick),
            "replica": 0,
            "agent": 0,
            "sector": sector,
            **{name: int(x * g) for name, x in zip(("deposits", "loans", "bills"), items, strict=True)},
            "net_worth": int(sum(items) * g),
        }
        for tick, g in zip(ticks, gdp, strict=True)
        for sector, items in holdings.items()
    ]
    wealth = np.outer(growth, 1e6 * rng.lognormal(0.0, 1.5, households)) - 2e5
    income = np.outer(growth, 3e5 * rng.lognormal(0.0, 0.6, households))
    months = 4 * np.arange(1, 3 * quarters + 1) - 1
    sizes = 1.0 / np.arange(1, firms + 1)
    people = {
        "tick": np.repeat(ticks, households),
        "replica": np.zeros(quarters * households, dtype=np.int32),
        "agent": np.tile(np.arange(households), quarters),
    }
    sellers = rng.choice(firms, p=sizes / sizes.sum(), size=40 * quarters)
    return {
        "Balance": pl.DataFrame(balance),
        "Wealth": pl.DataFrame(people | {"amount": wealth.ravel().astype(np.int64)}),
        "Income": pl.DataFrame(people | {"amount": income.ravel().astype(np.int64)}),
        "Output": pl.DataFrame(
            {
                "tick": months,
                "replica": np.zeros(len(months), dtype=np.int32),
                "real": np.repeat(gdp, 3) / 3,
                "nominal": (np.repeat(gdp, 3) / 3).astype(np.int64),
            }
        ),
        "Trade": pl.DataFrame(
            {
                "tick": np.repeat(ticks, 40),
                "replica": np.zeros(40 * quarters, dtype=np.int32),
                "seller": sellers,
                "amount": rng.integers(100, 10_000, 40 * quarters),
            }
        ),
    }


def sealed(folder: Path, events: dict[str, pl.DataFrame]) -> list[dict[str, object]]:
    """Write events below a run folder, as segments with a hash each."""
    segments = []
    for name, frame in events.items():
        file = folder / "events" / name / "00000.parquet"
        file.parent.mkdir(parents=True)
        frame.write_parquet(file)
        segments.append(
            {
                "event": name,
                "file": str(file.relative_to(folder)),
                "rows": len(frame),
                "blake2b": hashlib.blake2b(file.read_bytes(), digest_size=16).hexdigest(),
            }
        )
    return segments


def write_run(
    folder: Path,
    series: dict[str, np.ndarray],
    events: dict[str, pl.DataFrame] | None = None,
    **manifest: object,
) -> Path:
    """A run folder as `python -m simengine run` leaves it, with a hash for each segment."""
    folder.mkdir(parents=True)
    series_frame(series).write_parquet(folder / "series.parquet")
    segments = sealed(folder, events or {})
    replicas = series["gdp"].shape[0]
    columns = {name: {"unit": unit} for name, unit in UNITS.items() if name in series}
    content = {
        "world": "macro", "seed": 3, "numbers": list(range(replicas)), "segments": segments,
        "ticks_per_year": 48, "calendar": {"year": 48, "quarter": 12, "month": 4, "week": 1},
        "series": ["Accounts"], "schema": {"Accounts": columns},
    }  # fmt: skip
    write_json(folder / "manifest.json", content | manifest)
    return folder
