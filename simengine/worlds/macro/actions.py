"""What the actions of the macro world's agents do, in numbers, and which of their reactions tell most."""

from agents.action import Action
from agents.macro import bank, central_bank, firm, government, household
from simengine.worlds.contract import Portrait

ACTIONS = {
    "central_bank": {"rate": Action(100.0 * central_bank.RATE, "pp added to the rule's rate")},
    "government": {
        "purchases": Action(government.PURCHASES, "times the rule's purchases"),
        "benefits": Action(government.BENEFITS, "times the rule's benefits"),
        "taxes": Action(government.TAXES, "times the rule's tax rate"),
    },
    "banks": {
        "spread": Action(bank.SPREAD, "times the rule's lending spread"),
        "margin": Action(bank.MARGIN, "times the rule's deposit margin"),
        "risk": Action(bank.RISK, "times the rule's share of loans granted"),
    },
    "households": {
        "consume": Action(household.CONSUMPTION, "times the rule's budget"),
        "borrow": Action(household.BORROWING, "times the rule's loan application"),
        "work": Action(household.LABOUR, "times the normal hours offered"),
    },
    "firms": {
        "price": Action(100.0 * firm.PRICE, "% added to the rule's price"),
        "hire": Action(firm.HIRING, "times the rule's staffing target"),
        "invest": Action(firm.INVESTMENT, "times the rule's orders of capital"),
    },
}

REACTIONS = {
    "central_bank": Portrait("rate", "inflation of a year less target", "output gap"),
    "government": Portrait("purchases", "output gap", "debt less target"),
    "banks": Portrait("spread", "capital ratio less target", "utilisation gap of its firms"),
    "households": Portrait("consume", "unemployment less natural", "log of one plus deposits"),
    "firms": Portrait("hire", "utilisation gap", "stock over target"),
}
"""Population -> a head and the two observed features over which a figure shows what a policy does with it."""
