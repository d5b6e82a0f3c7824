"""What the central bank and the government decide in the macro world, and what they look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from agents.macro import central_bank, government
from agents.policy import rule_of
from markets.money import to_cents
from simengine.worlds.macro.meetings import tell_meeting
from simengine.worlds.macro.news import tell_rate

if TYPE_CHECKING:
    from simengine.kernel import Simulation
    from simengine.worlds.macro.world import Macro


def inflation(economy: Any) -> Any:
    """The inflation of the last twelve months, `(replica,)` annual rates."""
    history = economy.price_history
    return 12.0 * ((history[:, -1] / history[:, 0]) ** (1.0 / 12.0) - 1.0)


def recent_inflation(economy: Any) -> Any:
    """The inflation of the last three months, `(replica,)` annual rates."""
    history = economy.price_history
    return 4.0 * (history[:, -1] / history[:, -4] - 1.0)


def trend_gdp(world: Macro) -> Any:
    """GDP at rest, grown by the trend, at current prices, `(replica,)` cents a month."""
    e = world.economy
    return e.output_rest * (e.trend / world.opening_trend) * e.price_level


def output_gap(world: Macro) -> Any:
    """Private output over what it is at rest, less one, productivity shocks apart, `(replica,)`."""
    e = world.economy
    potential = e.private_output_rest * (e.trend / world.opening_trend) * np.exp(e.productivity)
    return world.firms.output.sum(axis=1) / potential - 1.0


def debt_target(world: Macro) -> float:
    """The months of trend GDP that public debt rests at, before the month grows."""
    g = world.config.government
    return (g.debt_months - g.treasury_months) / world.drift


def debt_months(world: Macro) -> Any:
    """Public debt less the treasury's cash and taxes due, `(replica,)` months of trend GDP."""
    owed = -world.books.net_worth("government")[:, 0]
    owed = owed - world.households.tax_due.sum(axis=1) - world.firms.tax_due.sum(axis=1)
    return owed / trend_gdp(world)


def set_rate(world: Macro, sim: Simulation) -> None:
    """Set the policy rate: the rule's, the policy's residual, shocks, the floor."""
    c, e, cb = world.config.central_bank, world.economy, world.central_bank
    target = world.config.trend.inflation_target_annual + e.target_drift
    own = c.smoothing_quarterly, c.inflation_response, c.output_response
    responses = central_bank.RULES.get(rule_of(sim.seats["central_bank"].policy), own)
    rate = central_bank.rule_rate(
        cb.decided_rate[:, 0], e.neutral_rate, inflation(e), target, e.output_gap, responses
    )
    before = cb.decided_rate[:, 0].copy()
    cb.decided_rate[:, 0] = rate + central_bank.RATE[sim.seats["central_bank"].chosen("rate")[:, 0]]
    wanted = cb.decided_rate[:, 0] + e.monetary + world.levers.rate
    previous = e.rate.copy()
    e.rate[:] = np.maximum(wanted, c.rate_floor_annual + world.levers.rate_floor)
    cb.rate_change[:, 0] = e.rate - previous
    tell_rate(sim, previous, e.rate)
    tell_meeting(sim, {
        "inflation": inflation(e), "target": target - e.target_drift, "aim": target,
        "output_gap": e.output_gap, "before": before, "decided": cb.decided_rate[:, 0], "rate": e.rate,
    })  # fmt: skip


def set_budget(world: Macro) -> None:
    """Set the public purse of the month and, by the debt rule, the tax rate."""
    c, e, g = world.config.government, world.economy, world.government
    trend = e.trend / world.opening_trend
    multiple = government.PURCHASES[g.action[:, 0, government.PURCHASE]]
    units = e.public_purchases * trend * np.exp(e.spending) * multiple
    e.public_month_purse[:] = e.public_purse[:] = to_cents(units * e.price_level, "the public purse")
    rate = government.tax_rate(g.tax_rest[:, 0], debt_months(world), debt_target(world), c.debt_rule)
    g.tax_rate[:, 0] = rate * government.TAXES[g.action[:, 0, government.TAX]]
