"""What the agents of the macro world see when they decide, as scaled numbers near zero at rest.

Each observer returns float32 ``(rows, features)`` for the rows of an ask; `FEATURES` names them. Nobody sees
the rate a Taylor rule would set.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from simengine.worlds.macro_authorities import debt_months, debt_target, inflation

SHARED = (
    "inflation less target",
    "unemployment less natural",
    "policy rate less neutral",
    "expected inflation less target",
    "log vacancies per job seeker",
)
FEATURES = {
    "central_bank": SHARED,
    "government": (*SHARED, "debt months less target"),
    "banks": (*SHARED, "capital ratio less target", "spread", "share granted"),
    "households": (*SHARED, "employed", "hand to mouth", "log skill", "months of deposits", "months of debt"),
    "firms": (
        *SHARED,
        "stock over target",
        "utilisation gap",
        "staffing gap",
        "log relative price",
        "months of cash",
        "loans over rest",
    ),
}


def observers(world: Any) -> dict[str, Callable[[Any], Any]]:
    """Return each population's observe function, closed over a populated world."""
    return {
        "central_bank": lambda ask: _rows(ask, shared(world)),
        "government": lambda ask: _rows(ask, shared(world), _government(world)),
        "banks": lambda ask: _rows(ask, shared(world), _banks(world)),
        "households": lambda ask: _rows(ask, shared(world), _households(world)),
        "firms": lambda ask: _rows(ask, shared(world), _firms(world)),
    }


def _rows(ask: Any, common: Any, own: Any = None) -> Any:
    rows = common[ask.replica]
    if own is not None:
        rows = np.concatenate([rows, own[ask.replica, ask.agent]], axis=1)
    return np.ascontiguousarray(rows, dtype=np.float32)


def shared(world: Any) -> Any:
    """Return the features everyone sees, ``(replica, feature)``."""
    e, trend = world.economy, world.config.trend
    target = trend.inflation_target_annual
    tightness = np.log(
        np.maximum(e.vacancies, 0.1) / np.maximum(e.unemployment * world.config.households, 0.5)
    )
    columns = (
        10.0 * (inflation(e) - target), 10.0 * (e.unemployment_smooth - e.natural_rate),
        10.0 * (e.rate - e.neutral_rate - target), 10.0 * (e.expected_inflation - target), tightness,
    )  # fmt: skip
    return np.stack(columns, axis=1)


def _government(world: Any) -> Any:
    return (debt_months(world) - debt_target(world))[:, None, None]


def _banks(world: Any) -> Any:
    b, loans = world.banks, np.maximum(world.books.read("loans", "banks"), 1)
    ratio = world.books.net_worth("banks") / loans - world.config.bank.capital_target
    return np.stack([10.0 * ratio, 10.0 * b.spread, b.granted], axis=2)


def _households(world: Any) -> Any:
    h = world.households
    income = np.maximum(h.disposable, 1)
    deposits, debt = world.books.read("deposits", "households"), world.debts("households")
    return np.stack(
        [h.employer >= 0, h.hand_to_mouth, np.log(h.skill), 0.1 * deposits / income, 0.1 * debt / income],
        axis=2,
    )


def _firms(world: Any) -> Any:
    f, p, level = world.firms, world.config.firm, world.economy.price_level[:, None]
    stock = f.stock / np.maximum(p.inventory_months * f.sales, 1e-9) - 1.0
    staffing = f.labour_target / np.maximum(f.labour, 0.1) - 1.0
    cash = world.books.read("deposits", "firms") / np.maximum(f.wage_bill, 1)
    debt = world.debts("firms") / np.maximum(f.leverage_rest * level * f.capital, 1.0) - 1.0
    gap = 5.0 * (f.utilisation - p.utilisation_normal)
    return np.stack([stock, gap, staffing, 5.0 * np.log(f.price / level), 0.1 * cash, debt], axis=2)
