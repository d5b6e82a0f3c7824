"""State of the macro world: every column of every population, declared once, with its unit.

Compiled kernels take `columns.arrays`, a bundle of the same columns.
"""

from simengine.kernel import Columns, b1, column, f8, i4, i8
from simengine.worlds.macro.disturbances import DISTURBANCES

HISTORY = 13  # months of prices kept for twelve-month inflation


class Economy(Columns):
    """What all agents of a replica share: trend, exogenous processes, price and wage levels, rates."""

    trend: f8 = column("units per efficiency month")
    process: f8 = column("log or annual rate", "`DISTURBANCES` before levers", width=len(DISTURBANCES))
    productivity: f8 = column("log")
    confidence: f8 = column("log")
    cost: f8 = column("log")
    monetary: f8 = column("annual rate")
    spending: f8 = column("log")
    wage_push: f8 = column("log")
    credit: f8 = column("annual rate")
    target_drift: f8 = column("annual rate")
    price_level: f8 = column("cent per unit")
    price_history: f8 = column("cent per unit", width=HISTORY)
    wage_level: f8 = column("cent per efficiency month")
    expected_inflation: f8 = column("annual rate")
    inflation_learned: f8 = column("annual rate")
    unemployment: f8 = column("share")
    unemployment_smooth: f8 = column("share")
    natural_rate: f8 = column("share")
    neutral_rate: f8 = column("annual rate")
    neutral_deposit_rate: f8 = column("annual rate")
    neutral_household_rate: f8 = column("annual rate")
    neutral_loan_real_rate: f8 = column("annual rate")
    rate: f8 = column("annual rate")
    output_per_capital: f8 = column("units a month at full capacity")
    match_efficiency: f8 = column("hires a month")
    separation_carry: f8 = column("workers")
    match_carry: f8 = column("workers")
    vacancies: f8 = column("posts")
    output_gap: f8 = column("share of private output at rest, productivity shocks apart")
    private_output_rest: f8 = column("units a month at the opening trend")
    share_price: f8 = column("ratio to what it is at rest", default=1.0)
    profit_rest: f8 = column("units a month of all firms, at the opening trend")
    output_rest: f8 = column("units a month at the opening trend, public output included")
    public_purchases: f8 = column("units a month at the opening trend")
    public_purse: i8 = column("cent left this month")
    public_month_purse: i8 = column("cent a month")


class Households(Columns):
    """Dynasties that work, shop, save and borrow."""

    alive: b1 = column("flag")
    hand_to_mouth: b1 = column("flag")
    skill: f8 = column("efficiency units")
    equity_share: f8 = column("share of all equity")
    employer: i4 = column("firm slot; -1 unemployed; number of firms: government", default=-1)
    spell: i4 = column("months unemployed")
    pay: i8 = column("cent this month")
    income: i8 = column("cent this month")
    interest: i8 = column("cent this month, received less paid")
    disposable: i8 = column("cent last month")
    tax_due: i8 = column("cent")
    instalment: i8 = column("cent this month")
    owed: i8 = column("cent of loan interest this month")
    earned: i8 = column("cent of deposit interest this month")
    loan_rate: f8 = column("annual rate")
    permanent: f8 = column("units a month")
    real_interest: f8 = column("units a month")
    consumption: f8 = column("units a month, of savers without durables")
    durables: f8 = column("units")
    wealth_target: f8 = column("months of permanent income")
    debt_target: f8 = column("months of permanent income")
    month_purse: i8 = column("cent a month")
    purse: i8 = column("cent left this month")
    suppliers: i4 = column("firm slot", width="visits")
    action: i8 = column("index per head", width=3)


class Firms(Columns):
    """Producers of the one good, which is eaten, invested and bought by the state."""

    alive: b1 = column("flag")
    price: i8 = column("cent per unit")
    wage: f8 = column("cent per efficiency month")
    heads: i8 = column("workers")
    labour: f8 = column("efficiency units")
    labour_target: f8 = column("efficiency units")
    staff_normal: f8 = column("efficiency units, smoothed")
    hours: f8 = column("ratio to normal", default=1.0)
    wanted: f8 = column("units a month")
    output: f8 = column("units a month")
    stock: f8 = column("units")
    stock_value: i8 = column("cent, at cost")
    capital: f8 = column("units")
    need: f8 = column("units")
    backlog: f8 = column("units")
    sales: f8 = column("units a month, expected")
    demand: f8 = column("units ordered this month")
    delivered: f8 = column("units of capital this month")
    revenue: i8 = column("cent this month")
    surplus: i8 = column("cent this month, revenue less cost of goods sold")
    wage_bill: i8 = column("cent this month")
    productivity: f8 = column("log")
    appeal: f8 = column("log, wandering")
    appeal_base: f8 = column("log, at rest")
    size: f8 = column("share of output at rest")
    utilisation: f8 = column("share of capacity, smoothed")
    leverage: f8 = column("ratio to the mean")
    leverage_rest: f8 = column("loans over capital value at rest")
    profit: f8 = column("cent a month, smoothed")
    tax_due: i8 = column("cent")
    instalment: i8 = column("cent this month")
    owed: i8 = column("cent of loan interest this month")
    earned: i8 = column("cent of deposit interest this month")
    loan_rate: f8 = column("annual rate")
    attraction: f8 = column("weight of the firm among its rivals")
    month_purse: i8 = column("cent of investment a month")
    purse: i8 = column("cent of investment left this month")
    review: i8 = column("tick of the next price review")
    failed: b1 = column("flag of this month")
    suppliers: i4 = column("firm slot", width="visits")
    action: i8 = column("index per head", width=3)


class Stores(Columns):
    """What firms must hold of the good, by what was made, sold, delivered, worn out and lost: `stores`."""

    stock: f8 = column("units", digested=False)
    capital: f8 = column("units", digested=False)
    arrived: f8 = column("units of capital this month", digested=False)


class Banks(Columns):
    """Lenders that take deposits."""

    alive: b1 = column("flag")
    spread: f8 = column("annual rate")
    margin: f8 = column("annual rate")
    granted: f8 = column("share of applications", default=1.0)
    reserves: i8 = column("cent that earn interest this month")
    dividend: i8 = column("cent this month")
    failed: b1 = column("flag of this month")
    action: i8 = column("index per head", width=3)


class CentralBank(Columns):
    """One rate setter per replica."""

    alive: b1 = column("flag")
    decided_rate: f8 = column("annual rate, before shocks and floor; the rule smooths it")
    rate_change: f8 = column("annual rate, at the last meeting")
    action: i8 = column("index per head", width=1)


class Government(Columns):
    """One treasury per replica."""

    alive: b1 = column("flag")
    tax_rest: f8 = column("share")
    tax_rate: f8 = column("share")
    action: i8 = column("index per head", width=3)


class Levers(Columns):
    """What shocks pull: added to the processes of the world, zero (or one, or minus one) at rest."""

    rate: f8 = column("annual rate")
    cost: f8 = column("log")
    productivity: f8 = column("log")
    confidence: f8 = column("log")
    government: f8 = column("log")
    benefit: f8 = column("share of the wage")
    stabilisers: f8 = column("multiplier", default=1.0)
    default_wave: f8 = column("share of firms")
    bank_capital: f8 = column("share of capital")
    failing_bank: i8 = column("bank slot, below zero for all banks")
    rate_floor: f8 = column("annual rate, added to the floor")


class Accounts(Columns):
    """Accumulators of the running quarter: GDP counted in three ways, and what the series need."""

    wages_received: i8 = column("cent")
    public_wages: i8 = column("cent")
    surplus: i8 = column("cent, revenue less cost of goods sold")
    revenue: i8 = column("cent")
    stock_change: i8 = column("cent, at cost")
    stock_opening: i8 = column("cent, at cost, at the quarter's start")
    consumption: f8 = column("units")
    investment: f8 = column("units")
    public: f8 = column("units")
    produced: f8 = column("units")
    public_output: f8 = column("units")
    hours: f8 = column("normal worker months")
    employed: f8 = column("worker months")
    unemployed: f8 = column("share, summed over months")
    vacancies: f8 = column("post months")
    rate: f8 = column("annual rate, summed over months")
    spread: f8 = column("annual rate, summed over months")
    utilisation: f8 = column("share, summed over months")
    taxes: i8 = column("cent accrued")
    disposable: i8 = column("cent")
    defaulted: i8 = column("cent")
    failures: i8 = column("firms failed")
    bank_capital_least: f8 = column("share of loans, of the weakest bank at a settlement")
    months: i8 = column("months counted")
