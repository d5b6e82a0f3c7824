"""The opening of the macro world: a rest point of the whole economy, household by household, bank by bank.

All flows are those of the first month, all stocks those before it; every nominal stock grows by the factor
``drift`` a month and every real one by ``1 + growth``. What has no closed form (who holds which deposits, the tax
rate that balances the budget, bank capital, supplier appeal) is iterated to rest. By Walras' law the households'
budgets then buy exactly what firms want to sell: `Rest.walras_gap` says how nearly.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from markets.goods import choose_suppliers, spread_demand
from simengine.worlds.macro_config import MacroConfig

WAGE = 400_000.0  # cents a month for one efficiency unit
PRICE = 10_000.0  # cents a unit
ROUNDS = 400
TOLERANCE = 1e-12

Floats = NDArray[np.float64]


@dataclass
class Rest:
    """The rest point: arrays ``(replica, slot)`` and ``(replica,)``; money in cents, rates per year."""

    growth: float
    drift: float
    employer: NDArray[np.int32]
    skill: Floats
    hand_to_mouth: NDArray[np.bool_]
    equity_share: Floats
    heads: NDArray[np.int64]
    labour: Floats
    staff: int
    leverage: Floats
    suppliers: NDArray[np.int32]
    output: Floats
    sales: Floats
    stock: Floats
    stock_value: Floats
    capital: Floats
    delivered: Floats
    capacity: Floats
    gdp: Floats
    public: Floats
    household_deposits: Floats
    household_loans: Floats
    firm_deposits: Floats
    firm_loans: Floats
    bank_capital: Floats
    reserves: Floats
    bills: Floats
    treasury: Floats
    profit: Floats
    tax_rate: Floats
    mean_income: float
    income: Floats
    permanent: Floats
    consumption: Floats
    walras_gap: Floats


def solve(config: MacroConfig, noise: Any) -> Rest:
    """Return the rest point of ``config``; ``noise.uniform`` and ``noise.normal`` give the lots ``(replica, n)``."""
    people = _people(config, noise)
    firms = _firms(config, noise, people)
    return _finance(config, noise, people, firms)


def _people(c: MacroConfig, noise: Any) -> dict[str, Any]:
    """Who works where, with which skill; who lives from hand to mouth; who owns what."""
    households, firms = c.households, c.firms
    unemployed = round(c.trend.unemployment_natural * households)
    staff = round(c.government.employment_share * (households - unemployed))
    private = households - unemployed - staff
    if private < firms:
        raise ValueError(
            f"households={households}: {private} private workers for {firms} firms (at least one each)"
        )
    weights = np.arange(1, firms + 1) ** -c.firm.size_exponent
    heads = _apportion(weights, private)
    jobs = np.concatenate(
        [np.full(unemployed, -1), np.full(staff, firms), np.repeat(np.arange(firms), heads)]
    )
    order = np.argsort(noise.uniform("opening.jobs", households), axis=1)
    employer = np.empty(order.shape, np.int32)
    np.put_along_axis(employer, order, np.broadcast_to(jobs.astype(np.int32), order.shape), 1)
    skill = np.exp(c.household.skill_log_sd * noise.normal("opening.skill", households))
    skill /= skill.mean(axis=1, keepdims=True)
    rank = np.argsort(np.argsort(noise.uniform("opening.types", households), axis=1), axis=1)
    poor = rank < round(c.household.hand_to_mouth_share * households)
    owner = rank >= households - max(round(c.household.owner_share * households), 1)
    tail = noise.uniform("opening.equity", households) ** (-1.0 / c.household.owner_tail)
    share = np.where(owner, tail, 0.0)
    labour = np.zeros((len(skill), firms + 1))
    replicas = np.arange(len(skill))[:, None]
    np.add.at(labour, (replicas, np.where(employer < 0, firms, employer)), np.where(employer < 0, 0.0, skill))
    return {
        "employer": employer,
        "skill": skill,
        "poor": poor,
        "share": share / share.sum(axis=1, keepdims=True),
        "heads": np.broadcast_to(heads, (len(skill), firms)),
        "labour": labour[:, :firms],
        "staff_labour": labour[:, firms],
        "staff": staff,
    }


def _apportion(weights: Floats, total: int) -> NDArray[np.int64]:
    """Return whole numbers >= 1 proportional to ``weights`` that sum to ``total`` (largest remainders)."""
    free = total - len(weights)
    exact = weights / weights.sum() * free
    whole = np.floor(exact).astype(np.int64)
    whole[np.argsort(whole - exact, kind="stable")[: free - whole.sum()]] += 1
    return whole + 1


def _firms(c: MacroConfig, noise: Any, people: dict[str, Any]) -> dict[str, Any]:
    """Output, stocks, capital and deliveries of every firm, in units."""
    f, growth = c.firm, monthly_growth(c)
    output = f.markup * WAGE / PRICE * people["labour"]
    total = output.sum(axis=1, keepdims=True)
    hold = f.inventory_gap_monthly * f.inventory_months / (f.inventory_gap_monthly + growth)
    sales = output / (1.0 + growth * hold)
    gdp = total[:, 0] + people["staff_labour"] * WAGE / PRICE
    delivered = f.investment_share * gdp[:, None] * output / total
    capital = delivered / (f.depreciation_monthly + growth)
    leverage = np.exp(f.leverage_log_sd * noise.normal("opening.leverage", c.firms))
    return {
        "output": output,
        "sales": sales,
        "stock": hold * sales,
        "gdp": gdp,
        "public": c.government.purchases_share * gdp,
        "delivered": delivered,
        "capital": capital,
        "capacity": total[:, 0] / (f.utilisation_normal * capital.sum(axis=1)),
        "leverage": leverage / leverage.mean(axis=1, keepdims=True),
    }


def monthly_growth(c: MacroConfig) -> float:
    """Return the trend's real growth of a month: productivity and labour force."""
    return (c.trend.productivity_growth_annual + c.trend.labour_force_growth_annual) / 12.0


def monthly_drift(c: MacroConfig) -> float:
    """Return the factor by which nominal stocks grow in a month at rest."""
    return (1.0 + monthly_growth(c)) * (1.0 + c.trend.inflation_target_annual / 12.0)


def rest_rates(c: MacroConfig) -> tuple[float, float, float]:
    """Return the annual policy, deposit and lending rates at rest."""
    policy = c.trend.neutral_real_rate_annual + c.trend.inflation_target_annual
    losses = c.bank.default_probability_annual * c.bank.loss_given_default
    return policy, policy - c.bank.deposit_margin_annual, policy + c.bank.spread_base_annual + losses


def _stock_value(
    stock: Floats, output: Floats, sales: Floats, wages: Floats, drift: float
) -> tuple[Floats, Floats]:
    """Return the stock at cost before a month and the cost of goods sold in it, when both grow by ``drift``.

    A week adds a quarter of output at a quarter of wages and removes sold units at average cost: linear in value.
    """
    kept, added, units = np.ones_like(stock), np.zeros_like(stock), stock.copy()
    for _ in range(4):
        left = 1.0 - (sales / 4.0) / (units + output / 4.0)
        kept, added = kept * left, (added + wages / 4.0) * left
        units = units + (output - sales) / 4.0
    value = added / (drift - kept)
    return value, wages - (drift - 1.0) * value


def _finance(c: MacroConfig, noise: Any, people: dict[str, Any], firms: dict[str, Any]) -> Rest:
    """Iterate deposits, capital, taxes and permanent incomes to rest and return everything.

    Taxes wait for the quarter's end: on average one month's taxes lie with the banks, who earn on them what the
    state pays for its later income.
    """
    growth, drift = monthly_growth(c), monthly_drift(c)
    policy, deposit_rate, loan_rate = rest_rates(c)
    f, g, b = c.firm, c.government, c.bank
    banks = c.banks
    wage_bill = WAGE * people["labour"]
    stock_value, cogs = _stock_value(firms["stock"], firms["output"], firms["sales"], wage_bill, drift)
    revenue = firms["sales"] * PRICE
    gdp_cents = firms["gdp"] * PRICE
    firm_loans = f.loan_months * firms["leverage"] * revenue / drift
    idle = people["employer"] < 0
    wages = np.where(idle, c.government.benefit_replacement, 1.0) * WAGE * people["skill"]
    poor = people["poor"]
    weight = np.where(poor, 0.0, people["skill"])
    household_loans = _shares(weight) * (c.household.debt_months * gdp_cents / drift)[:, None]
    patience = np.where(
        poor, 0.0, np.exp(c.household.patience_log_sd * noise.normal("opening.patience", c.households))
    )
    client, borrower = np.arange(c.households) % banks, np.arange(c.firms) % banks
    bank_loans = _by_bank(household_loans, client, banks) + _by_bank(firm_loans, borrower, banks)
    debt = g.debt_months * gdp_cents / drift
    treasury = g.treasury_months * gdp_cents / drift
    interest_owed = firm_loans * loan_rate / 12.0
    purchases = (
        firms["public"] * PRICE + WAGE * people["staff_labour"] + np.where(idle, wages, 0.0).sum(axis=1)
    )

    firm_deposits, capital = wage_bill.copy(), b.capital_target * bank_loans
    deposits = np.broadcast_to(wages, wages.shape) * 1.0
    permanent, tax = wages.copy(), 0.2 * wages
    for _ in range(ROUNDS):
        before = deposits
        profit = revenue - cogs - interest_owed + firm_deposits * deposit_rate / 12.0
        profit -= f.depreciation_monthly * firms["capital"] * PRICE
        firm_tax = f.profit_tax * profit
        dividend = (
            (drift - 1.0) * (firm_loans - firm_deposits) + revenue - wage_bill - firms["delivered"] * PRICE
        )
        dividend += firm_deposits * deposit_rate / 12.0 - interest_owed - firm_tax
        firm_deposits = (
            dividend * (1.0 - f.payout_monthly) / f.payout_monthly + f.cash_months * wage_bill
        ) / drift
        bank_deposits = _by_bank(deposits, client, banks) + _by_bank(firm_deposits, borrower, banks)
        margin = bank_loans * (loan_rate - policy) + bank_deposits * (policy - deposit_rate)
        waiting = _by_bank(tax, client, banks) + _by_bank(firm_tax, borrower, banks)
        bank_profit = (margin + (capital + waiting) * policy) / 12.0
        kept = (1.0 - b.payout_monthly) * (capital + bank_profit)
        new_capital = (kept + b.payout_monthly * b.capital_target * drift * bank_loans) / drift
        bank_dividend = bank_profit - (drift - 1.0) * capital
        capital = new_capital
        total = firm_loans.sum(axis=1) + household_loans.sum(axis=1) + debt - treasury - capital.sum(axis=1)
        dividends = dividend.sum(axis=1) + bank_dividend.sum(axis=1)
        income = wages + people["share"] * dividends[:, None]
        interest = (deposits * deposit_rate - household_loans * loan_rate) / 12.0
        base = income + np.maximum(interest, 0.0)
        owed = (
            purchases
            + (policy / 12.0) * (debt - treasury + waiting.sum(axis=1))
            - firm_tax.sum(axis=1)
            - (drift - 1.0) * (debt - treasury)
        )
        tax_rate, tax = _tax(base, owed, g.tax_progressivity, g.tax_limit)
        spare = growth - drift + 1.0  # minus the monthly inflation drift
        permanent = (
            income
            - tax
            + deposits * (deposit_rate / 12.0 + spare)
            - household_loans * (loan_rate / 12.0 + spare)
        )
        held = (income - tax) / (drift - deposit_rate / 12.0)
        rest = total - firm_deposits.sum(axis=1) - np.where(poor, held, 0.0).sum(axis=1)
        target = np.where(poor, held, _shares(patience * np.maximum(permanent, 0.0)) * rest[:, None])
        deposits = before + 0.5 * (target - before)
        if np.abs(deposits - before).max() < TOLERANCE * total.max():
            break
    consumption = np.where(poor, deposits, permanent - growth * (deposits - household_loans)) / PRICE
    supply = firms["sales"].sum(axis=1) - firms["delivered"].sum(axis=1) - firms["public"]
    bank_deposits = _by_bank(deposits, client, banks) + _by_bank(firm_deposits, borrower, banks)
    reserves = b.reserve_ratio * bank_deposits
    suppliers = _suppliers(c, noise, firms["output"])
    return Rest(
        growth=growth, drift=drift, employer=people["employer"], skill=people["skill"], hand_to_mouth=poor,
        equity_share=people["share"], heads=people["heads"], labour=people["labour"], staff=people["staff"],
        leverage=firms["leverage"], suppliers=suppliers, output=firms["output"], sales=firms["sales"],
        stock=firms["stock"], stock_value=stock_value, capital=firms["capital"], delivered=firms["delivered"],
        capacity=firms["capacity"], gdp=firms["gdp"], public=firms["public"], household_deposits=deposits,
        household_loans=household_loans, firm_deposits=firm_deposits, firm_loans=firm_loans, bank_capital=capital,
        reserves=reserves, bills=bank_deposits + capital - bank_loans - reserves, treasury=treasury, profit=profit,
        tax_rate=tax_rate, mean_income=WAGE, income=income - tax, permanent=permanent / PRICE, consumption=consumption,
        walras_gap=consumption.sum(axis=1) / supply - 1.0,
    )  # fmt: skip


def _shares(weight: Floats) -> Floats:
    return weight / weight.sum(axis=1, keepdims=True)


def _by_bank(amount: Floats, home: NDArray[np.int64], banks: int) -> Floats:
    return np.stack([amount[:, home == k].sum(axis=1) for k in range(banks)], axis=1)


def _tax(base: Floats, owed: Floats, progressivity: float, limit: float) -> tuple[Floats, Floats]:
    """Return the base rate ``(replica,)`` and the taxes ``(replica, household)`` that together raise ``owed``."""
    slope = progressivity * np.log(np.maximum(base / WAGE, 0.05))
    low, high = np.full(len(base), -0.5), np.full(len(base), 1.0)
    for _ in range(60):
        middle = 0.5 * (low + high)
        raised = (base * np.clip(middle[:, None] + slope, 0.0, limit)).sum(axis=1)
        low, high = np.where(raised < owed, middle, low), np.where(raised < owed, high, middle)
    return high, base * np.clip(high[:, None] + slope, 0.0, limit)


def _suppliers(c: MacroConfig, noise: Any, output: Floats) -> NDArray[np.int32]:
    """Return the K suppliers of every household, then of every firm, drawn in proportion to size."""
    buyers = c.households + c.firms
    u = noise.uniform("opening.suppliers", buyers * c.firm.suppliers)
    return choose_suppliers(np.cumsum(output, axis=1), u.reshape(len(output), buyers, c.firm.suppliers))


def appeal(rest: Rest) -> Floats:
    """Return the log appeal ``(replica, firm)`` at which every firm's demand at rest equals its sales."""
    households = rest.consumption.shape[1]
    budget = np.concatenate([rest.consumption, rest.delivered], axis=1)
    public = rest.public[:, None] * rest.output / rest.output.sum(axis=1, keepdims=True)
    log_appeal = np.log(rest.sales / rest.sales.mean(axis=1, keepdims=True))
    wanted = rest.sales - public
    assert households < budget.shape[1]
    for _ in range(300):
        demand = spread_demand(rest.suppliers, budget, np.exp(log_appeal))
        step = np.log(wanted / demand)
        log_appeal += step
        if np.abs(step).max() < 1e-10:
            break
    return log_appeal
