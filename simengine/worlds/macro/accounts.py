"""National accounts of the macro world: GDP counted in three ways, and the quarterly series of a run.

Expenditure is read off the ledger's flows (what buyers paid) and the stocks at cost; production off what
sellers took in; income off wages received and the firms' surpluses. The three are kept by different hands and
must agree to the cent. Real quantities are units of the good at the opening price.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from markets.money import to_cents
from simengine.worlds.macro.scale import PRICE, WAGE
from streams.macro import events as ev
from streams.macro.metrics.sums import quarterly_income
from streams.macro.series import QuarterlyAccounts, QuarterToDate
from streams.measures import gini

if TYPE_CHECKING:
    from simengine.kernel import Simulation
    from simengine.worlds.macro.world import Macro

DOLLARS = PRICE / 100.0  # constant-price dollars per unit
QUARTERS = 4.0


def count_month(world: Macro, sim: Simulation) -> None:
    """Add the month to the quarter's accumulators and publish what the month and the quarter hold so far."""
    a, e, f, h, c = world.accounts, world.economy, world.firms, world.households, world.config
    staff = (h.employer == c.firms).sum(axis=1)
    public = np.where(h.employer == c.firms, h.skill, 0.0).sum(axis=1) * (WAGE / PRICE)
    public *= e.trend / world.opening_trend
    surplus = f.surplus.sum(axis=1)
    a.surplus += surplus
    a.revenue += f.revenue.sum(axis=1)
    a.public_output += public
    a.hours += (f.heads * f.hours).sum(axis=1) + staff
    employed = (h.employer >= 0).sum(axis=1)
    a.employed += employed
    a.unemployed += e.unemployment
    a.vacancies += e.vacancies
    a.rate += e.rate
    weight = f.capital / f.capital.sum(axis=1, keepdims=True)
    a.spread += (weight * (f.loan_rate - e.rate[:, None])).sum(axis=1)
    a.utilisation += f.output.sum(axis=1) / (e.output_per_capital * f.capital.sum(axis=1))
    a.disposable += h.disposable.sum(axis=1)
    capital, lent = world.books.net_worth("banks"), np.maximum(world.books.read("loans", "banks"), 1)
    weakest = (capital / lent).min(axis=1)
    a.bank_capital_least[:] = np.where(a.months == 0, weakest, np.minimum(a.bank_capital_least, weakest))
    a.months += 1
    if sim.wants(ev.Output):
        real = f.output.sum(axis=1) + public
        sim.publish(ev.Output, dense=(sim.R,), real=real, nominal=h.pay.sum(axis=1) + surplus)
    if sim.wants(ev.LaborForce):
        sim.publish(
            ev.LaborForce, dense=(sim.R,), employed=employed.astype(np.int32),
            unemployed=_looking(employed, e.unemployment), vacancies=e.vacancies.copy(),
        )  # fmt: skip
    if sim.wants(QuarterToDate):
        sim.publish(QuarterToDate, dense=(sim.R,), **_to_date(world))


def _looking(employed: Any, unemployment: Any) -> Any:
    """How many look for work `(replica,)` beside the employed, given the rate of unemployment."""
    return np.maximum(employed, 1) * unemployment / np.maximum(1.0 - unemployment, 1e-9)


def hear_income(sim: Simulation) -> Any:
    """Add up the incomes of the quarter as the metric does, where somebody reads series; the sums."""
    return quarterly_income(sim.bus, sim.world.ticks_per_year // 4) if sim.wants(QuarterlyAccounts) else None


def _to_date(world: Macro) -> dict[str, Any]:
    """The columns of `QuarterToDate`, each `(replica,)`."""
    a, e, books = world.accounts, world.economy, world.books
    return {
        "months": a.months.astype(np.int32),
        "gdp": (a.produced + a.public_output) * DOLLARS,
        "consumption": a.consumption * DOLLARS,
        "investment": a.investment * DOLLARS,
        "final_sales": _final_sales(a) * DOLLARS,
        "final_spending": _final_spending(books) / 100.0,
        "unemployment_rate": 100.0 * e.unemployment,
        "policy_rate": 100.0 * e.rate,
        "bank_loans": books.read("loans", "banks").sum(axis=1) / 100.0,
    }


def gdp_three_ways(world: Macro) -> Any:
    """Nominal GDP of the running quarter by expenditure, income and production.

    Int64 `(3, replica)` cents.
    """
    a, books = world.accounts, world.books
    stocks = world.firms.stock_value.sum(axis=1) - a.stock_opening
    spent = _spent(books, "consumption", "investment", "public_purchases", "public_wages")
    income = a.wages_received + a.surplus
    produced = a.revenue + a.stock_change + a.public_wages
    return np.stack([spent + stocks, income, produced])


def _spent(books: Any, *flows: str) -> Any:
    """What went through the named flows since the books were last closed, `(replica,)` cents."""
    return books.period()[:, [books.counters.index(flow) for flow in flows]].sum(axis=1)


def _final_spending(books: Any) -> Any:
    """What final buyers paid for goods in the quarter so far, `(replica,)` cents."""
    return _spent(books, "consumption", "investment", "public_purchases")


def _final_sales(a: Any) -> Any:
    """The goods that final buyers received in the quarter so far, `(replica,)` units."""
    return a.consumption + a.investment + a.public


def household_wealth(world: Macro) -> Any:
    """The households' net worth `(replica, household)` in cents: deposits less debt, plus shares."""
    books, h = world.books, world.households
    equity = world.economy.share_price * firm_equity(world) + books.net_worth("banks").sum(axis=1)
    own = books.net_worth("households") - h.tax_due
    return own + to_cents(h.equity_share * equity[:, None], "shares of a household")


def firm_equity(world: Macro) -> Any:
    """What all firms own less what they owe, `(replica,)` cents, plants at the price level."""
    f = world.firms
    plant = f.stock_value + f.capital * world.economy.price_level[:, None] - f.tax_due
    return (world.books.net_worth("firms") + plant).sum(axis=1)


def capital_gains(world: Macro) -> Any:
    """What shareholders spend a month because shares stand above rest, `(replica,)` units."""
    e = world.economy
    value = firm_equity(world) / e.price_level
    return world.config.equity.wealth_effect_monthly * (e.share_price - 1.0) * value


def value_shares(world: Macro) -> None:
    """Move the share price towards the worth of profits, discounted.

    Source: Campbell and Shiller (1988), in first order: profits, their discount rate, and mood.
    """
    e, p = world.economy, world.config.equity
    normal = e.profit_rest * (e.trend / world.opening_trend) * e.price_level
    profit = np.clip(world.firms.profit.sum(axis=1) / normal - 1.0, -1.5, 1.5)
    dear = e.rate - e.expected_inflation - e.neutral_rate
    worth = (
        p.profit_elasticity * profit + p.confidence_elasticity * e.confidence - p.rate_semi_elasticity * dear
    )
    e.share_price += p.price_gain_monthly * (np.exp(worth) - e.share_price)


def open_quarter(world: Macro) -> None:
    """Clear the accumulators and start a new period of the books."""
    for column in world.accounts.columns().values():
        column[...] = 0
    world.accounts.stock_opening[:] = world.firms.stock_value.sum(axis=1)
    world.books.close()


def publish_quarter(world: Macro, sim: Simulation) -> None:
    """Publish the series and the snapshots of the quarter that ends.

    Raises AssertionError where GDP does not agree three ways to the cent.
    """
    ways = gdp_three_ways(world)
    if (ways != ways[0]).any():
        r = int(np.argwhere(ways != ways[0])[0, 1])
        raise AssertionError(
            f"GDP of replica {r}: expenditure {ways[0, r]}, income {ways[1, r]}, production {ways[2, r]}"
        )
    series = sim.wants(QuarterlyAccounts)
    if series or sim.wants(ev.Wealth):
        wealth = household_wealth(world)
        if series:
            sim.publish(QuarterlyAccounts, dense=(sim.R,), **_series(world, sim, ways[0], wealth))
        sim.publish(ev.Wealth, dense=wealth.shape, amount=wealth)
    if sim.wants(ev.Balance):
        for sector in ev.SECTORS:
            held = ("deposits", "loans", "bills")
            stocks: dict[str, Any] = {name: world.books.read(name, sector).copy() for name in held}
            worth = world.books.net_worth(sector)
            sim.publish(ev.Balance, dense=worth.shape, sector=sector, **stocks, net_worth=worth)


def _series(world: Macro, sim: Simulation, nominal: Any, wealth: Any) -> dict[str, Any]:
    """The columns of `QuarterlyAccounts`, each `(replica,)`."""
    a, c, books = world.accounts, world.config, world.books
    gdp = (a.produced + a.public_output) * DOLLARS
    final = _final_sales(a)
    level = _final_spending(books) / final / PRICE  # 1 at the opening price
    months, quarter = a.months, sim.tick // (world.ticks_per_year // 4)
    people = (1.0 + c.trend.labour_force_growth_annual / 12.0) ** (3.0 * quarter)
    hours = a.hours * people
    nominal_wage = a.wages_received / 100.0 / hours
    loans, debt = books.read("loans", "banks").sum(axis=1), world.debts("households").sum(axis=1)
    real = 1.0 / (100.0 * level)
    return {
        "gdp": gdp,
        "consumption": a.consumption * DOLLARS,
        "fixed_investment": a.investment * DOLLARS,
        "government": (a.public + a.public_output) * DOLLARS,
        "inventory_change_share": 100.0 * (a.produced - final) * DOLLARS / gdp,
        "hours": hours,
        "employment": a.employed / months * people,
        "unemployment_rate": 100.0 * a.unemployed / months,
        "vacancies": a.vacancies / months * people,
        "productivity": gdp / hours,
        "real_wage": nominal_wage / level,
        "nominal_wage": nominal_wage,
        "price_level": 100.0 * level,
        "policy_rate": 100.0 * a.rate / months,
        "lending_spread": 100.0 * a.spread / months,
        "bank_loans": loans * real,
        "household_debt": debt * real,
        "household_net_worth": wealth.sum(axis=1) * real,
        "capacity_utilisation": 100.0 * a.utilisation / months,
        "tax_receipts": a.taxes * real,
        "disposable_income": a.disposable * real,
        "default_rate": 100.0 * QUARTERS * a.defaulted / np.maximum(loans, 1),
        "firm_failures": 100.0 * QUARTERS * a.failures / c.firms,
        "bank_capital_least": 100.0 * a.bank_capital_least,
        "gini_wealth": gini(wealth),
        "gini_income": gini(hear_income(sim)["amount"]),
        "labour_share": 100.0 * a.wages_received / nominal,
        "nominal_gdp": nominal / 100.0,
    }
