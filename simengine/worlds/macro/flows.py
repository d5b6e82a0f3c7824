"""The macro world's instruments and flows: who may pay whom for what, and what creates or destroys money."""

from markets.flows import Flow
from markets.instruments import Instrument

INSTRUMENTS = (
    Instrument("deposits", "banks", money_of=("households", "firms"), settled_in="reserves"),
    Instrument("loans", ("households", "firms")),
    Instrument("bills", "government"),
    Instrument("reserves", "central_bank", money_of=("banks", "central_bank")),
    Instrument("advances", "banks"),
    Instrument("treasury", "central_bank", money_of=("government",), settled_in="reserves"),
)
FLOWS = {
    "consumption": Flow("households", "firms"),
    "investment": Flow("firms", "firms"),
    "public_purchases": Flow("government", "firms"),
    "wages": Flow("firms", "households"),
    "public_wages": Flow("government", "households"),
    "benefits": Flow("government", "households"),
    "income_tax": Flow("households", "government"),
    "profit_tax": Flow("firms", "government"),
    "dividends": Flow("firms", "households"),
    "bank_dividends": Flow("banks", "households"),
    "household_loans": Flow("banks", "households", claim="loans"),
    "firm_loans": Flow("banks", "firms", claim="loans"),
    "household_repayment": Flow("households", "banks", claim="loans"),
    "firm_repayment": Flow("firms", "banks", claim="loans"),
    "household_default": Flow("households", "banks", claim="loans", cash=False),
    "firm_default": Flow("firms", "banks", claim="loans", cash=False),
    "household_interest": Flow("households", "banks"),
    "firm_interest": Flow("firms", "banks"),
    "household_deposit_interest": Flow("banks", "households"),
    "firm_deposit_interest": Flow("banks", "firms"),
    "bill_interest": Flow("government", "banks"),
    "central_bank_bill_interest": Flow("government", "central_bank"),
    "reserve_interest": Flow("central_bank", "banks"),
    "advance_interest": Flow("banks", "central_bank"),
    "remittance": Flow("central_bank", "government"),
    "bill_issue": Flow("banks", "government", claim="bills"),
    "bill_redemption": Flow("government", "banks", claim="bills"),
    "bill_purchase": Flow("central_bank", "banks", claim="bills"),
    "bill_sale": Flow("banks", "central_bank", claim="bills"),
    "advances": Flow("central_bank", "banks", claim="advances"),
    "advance_repayment": Flow("banks", "central_bank", claim="advances"),
    "bank_rescue": Flow("government", "banks"),
    "bank_penalty": Flow("banks", "government"),
}
