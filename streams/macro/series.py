"""What the macro economy tells about itself at regular dates: accounts, and the central bank's meetings."""

from streams.event import col, event, f8, i4


@event(series=True)
class QuarterlyAccounts:
    """One row per replica and quarter: the columns of `series.parquet`."""

    gdp: f8 = col("opening dollars a quarter", "real gross domestic product")
    consumption: f8 = col("opening dollars a quarter", "households' purchases")
    fixed_investment: f8 = col("opening dollars a quarter", "capital goods delivered")
    government: f8 = col("opening dollars a quarter", "public purchases and public output")
    inventory_change_share: f8 = col("% of GDP", "change of stocks")
    hours: f8 = col("normal person-months a quarter", "hours worked")
    employment: f8 = col("persons", "mean of the quarter")
    unemployment_rate: f8 = col("%", "mean of the quarter")
    vacancies: f8 = col("posts", "mean of the quarter")
    productivity: f8 = col("opening dollars per normal person-month", "GDP per hour")
    real_wage: f8 = col("opening dollars per normal person-month", "wage deflated by the price level")
    nominal_wage: f8 = col("dollars per normal person-month", "compensation per hour")
    price_level: f8 = col("index, opening 100", "deflator of final sales")
    policy_rate: f8 = col("% a year", "mean of the quarter")
    lending_spread: f8 = col("% a year", "firms' lending rate over the policy rate")
    bank_loans: f8 = col("opening dollars", "loans at the quarter's end, deflated")
    household_debt: f8 = col("opening dollars", "deflated")
    household_net_worth: f8 = col("opening dollars", "deposits and equity less debt, deflated")
    capacity_utilisation: f8 = col("%", "output over capacity")
    tax_receipts: f8 = col("opening dollars a quarter", "taxes accrued, deflated")
    disposable_income: f8 = col("opening dollars a quarter", "income after tax and interest, deflated")
    default_rate: f8 = col("% a year", "loans written off over loans")
    firm_failures: f8 = col("% a year", "share of firms that fail")
    bank_capital_least: f8 = col("% of loans", "capital of the weakest bank at the quarter's settlements")
    gini_wealth: f8 = col("share", "of household net worth")
    gini_income: f8 = col("share", "of households' income of the quarter, before tax")
    labour_share: f8 = col("%", "wages over nominal GDP")
    nominal_gdp: f8 = col("dollars a quarter", "gross domestic product at current prices")


@event
class QuarterToDate:
    """One row per replica at every month's end: the accounts of the running quarter so far, and rates."""

    months: i4 = col("months", "of the quarter, 1 to 3")
    gdp: f8 = col("opening dollars", "real gross domestic product since the quarter's start")
    consumption: f8 = col("opening dollars", "households' purchases since the quarter's start")
    investment: f8 = col("opening dollars", "capital goods delivered since the quarter's start")
    final_sales: f8 = col("opening dollars", "goods sold to final buyers since the quarter's start")
    final_spending: f8 = col("dollars", "what they paid")
    unemployment_rate: f8 = col("%", "of the month")
    policy_rate: f8 = col("% a year", "at the month's end")
    bank_loans: f8 = col("dollars", "loans at the month's end")


@event
class PolicyMeeting:
    """One row per replica at every meeting of the central bank."""

    inflation: f8 = col("% a year", "of the last twelve months")
    target: f8 = col("% a year", "inflation that the bank is judged by")
    aim: f8 = col("% a year", "target that its rule follows, shifts included")
    output_gap: f8 = col("%", "of the last month, productivity shocks apart")
    before: f8 = col("% a year", "rate decided at the last meeting, shocks and floor apart")
    decided: f8 = col("% a year", "rate decided at this meeting, shocks and floor apart")
    rate: f8 = col("% a year", "rate from now on")
