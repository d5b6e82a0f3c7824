"""Who owes and holds what when the macro world opens: finance iterated to rest, sector by sector.

What has no closed form (who holds which deposits, bank capital, the tax rate that balances the budget) is
found by going round: firms' dividends and deposits, banks' dividends and capital, incomes, taxes, households'
deposits. Taxes wait for the quarter's end: on average one month's taxes lie with the banks, who earn on them
what the state pays for its later income.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from simengine.worlds.macro.config import GovernmentRules, MacroConfig
from simengine.worlds.macro.opening_people import People
from simengine.worlds.macro.opening_plants import Plants
from simengine.worlds.macro.scale import PRICE, WAGE, Floats, monthly_drift, monthly_growth, rest_rates
from streams.notices import building

ROUNDS = 240  # all of them, always: no replica may open differently for the company it is in
BISECTIONS = 60
FIRST_TAX_SHARE = 0.2  # of wages; where the search begins


@dataclass(frozen=True)
class Contracts:
    """What finance takes as given: rates, flows of the first month and stocks before it, in cents."""

    growth: float  # real, a month
    drift: float  # nominal, a month
    policy_rate: float  # annual
    deposit_rate: float  # annual
    loan_rate: float  # annual
    banks: int
    wages: Floats  # or benefits, (replica, household)
    patience: Floats  # weight in wealth beyond need, (replica, household)
    household_loans: Floats
    firm_loans: Floats
    bank_loans: Floats
    revenue: Floats  # (replica, firm)
    interest_owed: Floats  # by firms
    wear: Floats  # of capital, at current prices, (replica, firm)
    investment: Floats  # (replica, firm)
    public_spending: Floats  # purchases, wages and benefits, (replica,)
    public_debt: Floats
    treasury: Floats


@dataclass
class Finance:
    """What the rounds move, in cents: stocks before the first month, flows in it; `(replica, slot)`."""

    household_deposits: Floats
    firm_deposits: Floats
    bank_capital: Floats
    income_tax: Floats
    profit: Floats = field(init=False)
    profit_tax: Floats = field(init=False)
    dividend: Floats = field(init=False)
    bank_dividend: Floats = field(init=False)
    tax_waiting: Floats = field(init=False)  # (replica, bank)
    income: Floats = field(init=False)  # before tax and interest
    tax_rate: Floats = field(init=False)  # (replica,)
    permanent: Floats = field(init=False)  # income that may be spent while wealth keeps to the trend
    wealth: Floats = field(init=False)  # deposits of households and firms, (replica,)

    def bank_deposits(self, given: Contracts) -> Floats:
        """The deposits every bank owes, `(replica, bank)` cents."""
        return _at_banks(self.household_deposits, self.firm_deposits, given.banks)


def write_contracts(c: MacroConfig, noise: Any, people: People, plants: Plants) -> Contracts:
    """The pay, debts and purchases that the resting plants and people imply."""
    drift = monthly_drift(c)
    policy_rate, deposit_rate, loan_rate = rest_rates(c)
    revenue, gdp = plants.sales * PRICE, plants.gdp * PRICE
    firm_loans = c.firm.loan_months * plants.leverage * revenue / drift
    idle, poor = people.employer < 0, people.hand_to_mouth
    wages = np.where(idle, c.government.benefit_replacement, 1.0) * WAGE * people.skill
    household_debt = c.household.debt_months * gdp / drift
    household_loans = _shares(np.where(poor, 0.0, people.skill)) * household_debt[:, None]
    patience = np.exp(c.household.patience_log_sd * noise.normal("opening.patience", c.households))
    benefits = np.where(idle, wages, 0.0).sum(axis=1)
    return Contracts(
        growth=monthly_growth(c),
        drift=drift,
        policy_rate=policy_rate,
        deposit_rate=deposit_rate,
        loan_rate=loan_rate,
        banks=c.banks,
        wages=wages,
        patience=np.where(poor, 0.0, patience),
        household_loans=household_loans,
        firm_loans=firm_loans,
        bank_loans=_at_banks(household_loans, firm_loans, c.banks),
        revenue=revenue,
        interest_owed=firm_loans * loan_rate / 12.0,
        wear=c.firm.depreciation_monthly * plants.capital * PRICE,
        investment=plants.delivered * PRICE,
        public_spending=plants.public * PRICE + WAGE * people.public_labour + benefits,
        public_debt=c.government.debt_months * gdp / drift,
        treasury=c.government.treasury_months * gdp / drift,
    )


def balance(c: MacroConfig, given: Contracts, people: People, plants: Plants) -> Finance:
    """The finances at which nobody's deposits, capital or taxes move any more, but for the trend."""
    x = Finance(
        household_deposits=given.wages.copy(),
        firm_deposits=plants.wage_bill.copy(),
        bank_capital=c.bank.capital_target * given.bank_loans,
        income_tax=FIRST_TAX_SHARE * given.wages,
    )
    for done in range(ROUNDS):
        building("what everyone owns and owes", done / ROUNDS)
        _finance_firms(c, given, plants, x)
        _finance_banks(c, given, x)
        _share_out_income(given, people, x)
        _balance_budget(c.government, given, x)
        _finance_households(given, people, x)
    return x


def _finance_firms(c: MacroConfig, given: Contracts, plants: Plants, x: Finance) -> None:
    """Set profits, their tax, the dividends that keep net debt on the trend, and the deposits behind them."""
    earned = x.firm_deposits * given.deposit_rate / 12.0
    x.profit = given.revenue - plants.cost_of_sales - given.interest_owed + earned
    x.profit -= given.wear
    x.profit_tax = c.firm.profit_tax * x.profit
    borrowed = (given.drift - 1.0) * (given.firm_loans - x.firm_deposits)
    x.dividend = borrowed + given.revenue - plants.wage_bill - given.investment
    x.dividend += earned - given.interest_owed - x.profit_tax
    payout = c.firm.payout_monthly
    kept = x.dividend * (1.0 - payout) / payout
    x.firm_deposits = (kept + c.firm.cash_months * plants.wage_bill) / given.drift


def _finance_banks(c: MacroConfig, given: Contracts, x: Finance) -> None:
    """Set the banks' dividends and the capital that their payout rule keeps on the trend."""
    b, policy_rate = c.bank, given.policy_rate
    margin = given.bank_loans * (given.loan_rate - policy_rate)
    margin = margin + x.bank_deposits(given) * (policy_rate - given.deposit_rate)
    x.tax_waiting = _at_banks(x.income_tax, x.profit_tax, given.banks)
    profit = (margin + (x.bank_capital + x.tax_waiting) * policy_rate) / 12.0
    x.bank_dividend = profit - (given.drift - 1.0) * x.bank_capital
    kept = (1.0 - b.payout_monthly) * (x.bank_capital + profit)
    target = b.payout_monthly * b.capital_target * given.drift * given.bank_loans
    x.bank_capital = (kept + target) / given.drift


def _share_out_income(given: Contracts, people: People, x: Finance) -> None:
    """Set what the public holds in deposits, and the incomes of workers and owners."""
    lent = given.firm_loans.sum(axis=1) + given.household_loans.sum(axis=1)
    x.wealth = lent + given.public_debt - given.treasury - x.bank_capital.sum(axis=1)
    dividends = x.dividend.sum(axis=1) + x.bank_dividend.sum(axis=1)
    x.income = given.wages + people.equity_share * dividends[:, None]


def _balance_budget(g: GovernmentRules, given: Contracts, x: Finance) -> None:
    """Set the tax rate and taxes at which public debt keeps to the trend."""
    interest = (x.household_deposits * given.deposit_rate - given.household_loans * given.loan_rate) / 12.0
    debt = given.public_debt - given.treasury
    owed = (
        given.public_spending
        + (given.policy_rate / 12.0) * (debt + x.tax_waiting.sum(axis=1))
        - x.profit_tax.sum(axis=1)
        - (given.drift - 1.0) * debt
    )
    x.tax_rate, x.income_tax = _tax(x.income + np.maximum(interest, 0.0), owed, g)


def _tax(base: Floats, owed: Floats, g: GovernmentRules) -> tuple[Floats, Floats]:
    """The base rate `(replica,)` and the taxes `(replica, household)` that raise `owed`."""
    slope = g.tax_progressivity * np.log(np.maximum(base / WAGE, 0.05))
    low, high = np.full(len(base), -0.5), np.full(len(base), 1.0)
    for _ in range(BISECTIONS):
        middle = 0.5 * (low + high)
        shares = np.minimum(np.maximum(middle[:, None] + slope, 0.0), g.tax_limit)  # half the time of np.clip
        short = (base * shares).sum(axis=1) < owed
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return high, base * np.clip(high[:, None] + slope, 0.0, g.tax_limit)


def _finance_households(given: Contracts, people: People, x: Finance) -> None:
    """Set permanent incomes and move deposits half-way to where they rest.

    The hand-to-mouth hold a month's income; the others share the rest by patience and permanent income.
    """
    spare = given.growth - given.drift + 1.0  # minus the monthly inflation drift
    earned = x.household_deposits * (given.deposit_rate / 12.0 + spare)
    x.permanent = x.income - x.income_tax + earned - given.household_loans * (given.loan_rate / 12.0 + spare)
    held = (x.income - x.income_tax) / (given.drift - given.deposit_rate / 12.0)
    poor = people.hand_to_mouth
    rest = x.wealth - x.firm_deposits.sum(axis=1) - np.where(poor, held, 0.0).sum(axis=1)
    saved = _shares(given.patience * np.maximum(x.permanent, 0.0)) * rest[:, None]
    target = np.where(poor, held, saved)
    x.household_deposits = x.household_deposits + 0.5 * (target - x.household_deposits)


def _shares(weight: Floats) -> Floats:
    return weight / weight.sum(axis=1, keepdims=True)


def _at_banks(households: Floats, firms: Floats, banks: int) -> Floats:
    """The amounts of all clients of every bank, `(replica, bank)`."""
    return _by_bank(households, banks) + _by_bank(firms, banks)


def _by_bank(amount: Floats, banks: int) -> Floats:
    clients = (np.ascontiguousarray(amount[:, k::banks]) for k in range(banks))  # summed alike in any company
    return np.stack([each.sum(axis=1) for each in clients], axis=1)
