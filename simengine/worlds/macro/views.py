"""What a live page and a progress bar show of the macro economy."""

from simengine.worlds.contract import Gauge, Link, Views
from streams.macro import events as ev

MILLIONS = 1e-8  # metrics count money in cents

VIEWS = Views(
    series={
        "gdp": Gauge("GDP", MILLIONS, ".1f", "M"),
        "inflation": Gauge("inflation", 1.0, "+.1f", "%"),
        "unemployment": Gauge("unemployment", 1.0, ".1f", "%"),
        "credit": Gauge("credit", MILLIONS, ".1f", "M"),
        "gini_wealth": Gauge("Gini", 1.0, ".2f"),
    },
    flows={
        "purchases": Link(ev.Trade, "buyer", "seller", "amount"),
        "loans": Link(ev.Loan, "bank", "borrower", "amount"),
        "repayments": Link(ev.Repayment, "borrower", "bank", "amount"),
    },
    network={"jobs": Link(ev.Hire, "firm", "household", "wage_monthly")},
    slots={
        "households": "household",
        "firms": "firm",
        "banks": "bank",
        "government": "the government",
        "central_bank": "the central bank",
    },
)
