"""What the agents of the macro world see when they decide, as scaled numbers near zero at rest.

Each observer returns float32 `(rows, features)` for the rows of an ask; `FEATURES` declares them. Nobody
sees the rate a Taylor rule would set.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from agents.observation import Feature
from simengine.worlds.macro.authorities import debt_months, debt_target, inflation, recent_inflation
from simengine.worlds.macro.steps import client_slack
from streams.jit import jit

if TYPE_CHECKING:
    from simengine.kernel import Ask
    from simengine.worlds.macro.world import Macro

FARTHEST = 10.0  # scaled numbers beyond are cut off
SHARED = (
    Feature("inflation of a year less target", "annual rate", 20.0),
    Feature("inflation of a quarter less target", "annual rate", 20.0),
    Feature("expected inflation less target", "annual rate", 20.0),
    Feature("unemployment less natural", "share", 20.0),
    Feature("output gap", "share", 20.0),
    Feature("policy rate less neutral", "annual rate", 20.0),
    Feature("log vacancies per job seeker", "log"),
)
FEATURES = {
    "central_bank": (*SHARED, Feature("last change of the policy rate", "annual rate", 100.0)),
    "government": (
        *SHARED,
        Feature("debt less target", "months of GDP", 0.5),
        Feature("tax rate less rest", "share", 20.0),
    ),
    "banks": (
        *SHARED,
        Feature("capital ratio less target", "share of loans", 20.0),
        Feature("lending spread", "annual rate", 20.0),
        Feature("share granted of applications", "share"),
        Feature("utilisation gap of its firms", "share", 10.0),
    ),
    "households": (
        *SHARED,
        Feature("employed", "flag"),
        Feature("hand to mouth", "flag"),
        Feature("log skill", "log"),
        Feature("log of one plus deposits", "months of own wage"),
        Feature("log of one plus debt", "months of own wage"),
        Feature("log disposable income of a month", "months of own wage"),
        Feature("time unemployed", "months", 0.2),
    ),
    "firms": (
        *SHARED,
        Feature("stock over target", "share"),
        Feature("utilisation gap", "share", 10.0),
        Feature("staffing gap", "share", 5.0),
        Feature("log relative price", "log", 10.0),
        Feature("log of one plus cash", "months of wages"),
        Feature("loans over rest", "share"),
        Feature("log hours", "log", 10.0),
    ),
}


def observers(world: Macro) -> dict[str, Callable[[Any], Any]]:
    """Each population's observe function, closed over a populated world."""
    own: dict[str, Callable[[Any], Any]] = {
        "central_bank": _central_bank,
        "government": _government,
        "banks": _banks,
        "households": _households,
        "firms": _firms,
    }
    return {name: _observer(world, FEATURES[name], see) for name, see in own.items()}


def _observer(
    world: Macro, features: tuple[Feature, ...], own: Callable[[Any], tuple[Any, ...]]
) -> Callable[[Any], Any]:
    """Return `observe(ask)` of a population: the shared features `(replica,)`, then its own by agent."""
    scale = np.array([feature.scale for feature in features])

    def observe(ask: Ask) -> Any:
        of_all, of_each = np.stack(_shared(world)), np.stack(own(world), dtype=np.float64)
        return lay_out(of_all, of_each, scale, ask.replica, ask.agent)

    return observe


@jit
def lay_out(of_all, of_each, scale, replica, agent):
    """Scaled observations `(rows, features)`, cut off where they are farthest.

    `of_all` (features, replica) what everyone sees, `of_each` (features, replica, agent) what follows.
    """
    first, features = len(of_all), len(scale)
    seen = np.empty((len(replica), features), np.float32)
    for i in range(len(replica)):
        for k in range(features):
            if k < first:
                value = of_all[k, replica[i]]
            else:
                value = of_each[k - first, replica[i], agent[i]]
            scaled = value * scale[k]  # NaN passes both cuts, for the seat to refuse
            if scaled > FARTHEST:
                scaled = FARTHEST
            elif scaled < -FARTHEST:
                scaled = -FARTHEST
            seen[i, k] = scaled
    return seen


def _shared(world: Macro) -> tuple[Any, ...]:
    e, trend = world.economy, world.config.trend
    target = trend.inflation_target_annual
    seekers = np.maximum(e.unemployment * world.config.households, 0.5)
    return (
        inflation(e) - target,
        recent_inflation(e) - target,
        e.expected_inflation - target,
        e.unemployment_smooth - e.natural_rate,
        e.output_gap,
        e.rate - e.neutral_rate - target,
        np.log(np.maximum(e.vacancies, 0.1) / seekers),
    )


def _central_bank(world: Macro) -> tuple[Any, ...]:
    return (world.central_bank.rate_change,)


def _government(world: Macro) -> tuple[Any, ...]:
    g = world.government
    return (debt_months(world) - debt_target(world))[:, None], g.tax_rate - g.tax_rest


def _banks(world: Macro) -> tuple[Any, ...]:
    b, c, loans = world.banks, world.config, np.maximum(world.books.read("loans", "banks"), 1)
    ratio = world.books.net_worth("banks") / loans - c.bank.capital_target
    slack = client_slack(world.firms.arrays, world.homes["firms"], c.banks, c.firm.utilisation_normal)
    return ratio, b.spread, b.granted, slack


def _households(world: Macro) -> tuple[Any, ...]:
    h = world.households
    wage = world.economy.wage_level[:, None] * h.skill
    deposits, debt = world.books.read("deposits", "households"), world.debts("households")
    income = np.log(np.maximum(h.disposable / wage, 0.05))
    return (
        h.employer >= 0, h.hand_to_mouth, np.log(h.skill), np.log1p(np.maximum(deposits, 0) / wage),
        np.log1p(debt / wage), income, np.where(h.employer < 0, h.spell, 0),
    )  # fmt: skip


def _firms(world: Macro) -> tuple[Any, ...]:
    f, p, level = world.firms, world.config.firm, world.economy.price_level[:, None]
    stock = f.stock / np.maximum(p.inventory_months * f.sales, 1e-9) - 1.0
    staffing = f.labour_target / np.maximum(f.labour, 0.1) - 1.0
    cash = np.log1p(np.maximum(world.books.read("deposits", "firms"), 0) / np.maximum(f.wage_bill, 1))
    debt = world.debts("firms") / np.maximum(f.leverage_rest * level * f.capital, 1.0) - 1.0
    gap = f.utilisation - p.utilisation_normal
    return stock, gap, staffing, np.log(f.price / level), cash, debt, np.log(f.hours)
