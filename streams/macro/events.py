"""The event types of the macro economy: what happened, in columns with units.

Money is whole cents (int64), agents are slots of their sector (int32), rates are fractions per year.
"""

from streams.event import Labels, col, event, f8, i1, i2, i4, i8

SECTORS = Labels(["households", "firms", "banks", "government", "central_bank"])
MARKETS = Labels(["consumption", "investment", "government"])

HOUSEHOLDS, FIRMS, BANKS, GOVERNMENT, CENTRAL_BANK = range(5)
CONSUMPTION, INVESTMENT, GOVERNMENT_PURCHASES = range(3)


@event
class Broadcast:
    """A message of one agent that others can hear."""

    sector: i1 = col("code", "sector of the sender", SECTORS)
    agent: i4 = col("slot", "who speaks")
    topic: i2 = col("code", "what it is about; codes are the world's")
    value: f8 = col("number", "what is said, in the unit of the topic")


@event
class Trade:
    """Goods changing hands against money."""

    market: i1 = col("code", "which goods market", MARKETS)
    buyer: i4 = col("slot", "who pays: a household (consumption), a firm (investment) or the government")
    seller: i4 = col("slot", "the firm that delivers")
    quantity: f8 = col("goods", "units delivered")
    price: i8 = col("cent per unit", "price of one unit")
    amount: i8 = col("cent", "money paid")


@event
class Default:
    """A loan, or a part of it, that is written off."""

    borrower: i4 = col("slot", "who fails to pay")
    sector: i1 = col("code", "sector of the borrower", SECTORS)
    bank: i4 = col("slot", "who bears the loss")
    loss: i8 = col("cent", "principal written off")


@event
class Loan:
    """New credit granted by a bank, which creates a deposit."""

    borrower: i4 = col("slot", "who owes")
    sector: i1 = col("code", "sector of the borrower", SECTORS)
    bank: i4 = col("slot", "who lends")
    amount: i8 = col("cent", "principal")
    rate_annual: f8 = col("fraction per year", "interest rate of the contract")


@event
class Repayment:
    """Principal paid back to a bank, which destroys a deposit."""

    borrower: i4 = col("slot", "who pays back")
    sector: i1 = col("code", "sector of the borrower", SECTORS)
    bank: i4 = col("slot", "who is paid")
    amount: i8 = col("cent", "principal, without interest")


@event
class Hire:
    """A household starting to work for a firm."""

    firm: i4 = col("slot", "employer")
    household: i4 = col("slot", "worker")
    wage_monthly: i8 = col("cent per month", "agreed wage")


@event
class Separation:
    """A household ceasing to work for a firm."""

    firm: i4 = col("slot", "former employer")
    household: i4 = col("slot", "worker")
    cause: i1 = col("code", "why", ["quit", "layoff", "failure"])


@event
class PriceChange:
    """A firm posting a new price."""

    firm: i4 = col("slot", "who posts")
    old: i8 = col("cent per unit", "price until now")
    new: i8 = col("cent per unit", "price from now on")


@event
class RateDecision:
    """The central bank deciding on the policy rate, or a bank on its lending rate."""

    bank: i4 = col("slot", "the bank that decides; -1 is the central bank")
    rate_annual: f8 = col("fraction per year", "rate from now on")
    previous_annual: f8 = col("fraction per year", "rate until now")


@event
class Bankruptcy:
    """An agent that cannot pay what it owes."""

    agent: i4 = col("slot", "who fails")
    sector: i1 = col("code", "sector of the agent", SECTORS)
    loss: i8 = col("cent", "claims of others that are not met")


@event
class Birth:
    """An agent entering the economy."""

    agent: i4 = col("slot", "who enters")
    sector: i1 = col("code", "sector of the agent", SECTORS)


@event
class Death:
    """An agent leaving the economy."""

    agent: i4 = col("slot", "who leaves")
    sector: i1 = col("code", "sector of the agent", SECTORS)
    cause: i1 = col("code", "why", ["failure", "exit", "age"])


@event
class Balance:
    """What the agents of one sector own and owe: a dense snapshot (replica, agent), one batch per sector."""

    sector: i1 = col("code", "sector of the agents", SECTORS)
    deposits: i8 = col("cent", "deposits held; of a bank, minus those it issued")
    loans: i8 = col("cent", "claims from lending; negative is debt")
    bills: i8 = col("cent", "government bills held; of the government, minus those it issued")
    net_worth: i8 = col("cent", "assets minus debts")


@event
class Income:
    """Gross income of every household in the month that ends: a dense snapshot (replica, household)."""

    amount: i8 = col("cent per month", "wages, benefits, interest and dividends before tax")


@event
class Wealth:
    """Net worth of every household: a dense snapshot (replica, household)."""

    amount: i8 = col("cent", "assets, including shares of firms and banks, minus debts")


@event
class LaborForce:
    """The labour market in one line: a dense snapshot, one row per replica."""

    employed: i4 = col("people", "households at work")
    unemployed: f8 = col("people", "households looking for work; the discouraged are out of the labour force")
    vacancies: f8 = col("jobs", "posted")


@event
class Output:
    """Production of the month that ends: a dense snapshot, one row per replica."""

    real: f8 = col("goods", "value added at constant prices")
    nominal: i8 = col("cent", "value added at current prices: gross domestic product of the month")
