"""What a live page and a progress bar show of the macro economy."""

from simengine.worlds.contract import Flow, Shown, Views
from streams.macro import events as ev

MILLIONS = 1e-8  # metrics count money in cents

VIEWS = Views(
    series={
        "gdp": Shown("GDP", MILLIONS, ".1f", "M"),
        "inflation": Shown("inflation", 1.0, "+.1f", "%"),
        "unemployment": Shown("unemployment", 1.0, ".1f", "%"),
        "credit": Shown("credit", MILLIONS, ".1f", "M"),
        "gini_wealth": Shown("Gini", 1.0, ".2f"),
    },
    flows={
        "purchases": Flow(ev.Trade, "buyer", "seller", "amount"),
        "loans": Flow(ev.Loan, "bank", "borrower", "amount"),
        "repayments": Flow(ev.Repayment, "borrower", "bank", "amount"),
    },
    network={"jobs": Flow(ev.Hire, "firm", "household", "wage_monthly")},
    slots={
        "households": "household",
        "firms": "firm",
        "banks": "bank",
        "government": "the government",
        "central_bank": "the central bank",
    },
)
