"""A village with every kind of flow, in two replicas, whose books are known by heart."""

from collections.abc import Callable

import numpy as np
import pytest

from markets import Flow, Instrument, Ledger

SECTORS = {"households": 4, "firms": 3, "banks": 2, "government": 1, "central_bank": 1}
INSTRUMENTS = (
    Instrument("deposits", "banks", money_of=("households", "firms"), settled_in="reserves"),
    Instrument("loans", ("households", "firms")),
    Instrument("bills", "government"),
    Instrument("reserves", "central_bank", money_of=("banks", "central_bank")),
    Instrument("advances", "banks"),
    Instrument("treasury", "central_bank", money_of=("government",), settled_in="reserves"),
)
FLOWS = {
    "wages": Flow("firms", "households"),
    "purchases": Flow("households", "firms"),
    "gifts": Flow("households", "households"),
    "taxes": Flow("households", "government"),
    "benefits": Flow("government", "households"),
    "interest": Flow("firms", "banks"),
    "dividends": Flow("banks", "households"),
    "lending": Flow("banks", "firms", claim="loans"),
    "repayment": Flow("firms", "banks", claim="loans"),
    "default": Flow("firms", "banks", claim="loans", cash=False),
    "bills": Flow("banks", "government", claim="bills"),
    "redemption": Flow("government", "banks", claim="bills"),
    "open_market": Flow("central_bank", "banks", claim="bills"),
    "advances": Flow("central_bank", "banks", claim="advances"),
    "remittance": Flow("central_bank", "government"),
}


@pytest.fixture(scope="session")
def village() -> Callable[..., Ledger]:
    """Books after opening stocks: households own 1,000 each, firms 500, loans 300, banks' reserves 2,000."""

    def make(replicas: int = 2, overdraft: tuple[str, ...] = ()) -> Ledger:
        books = Ledger(replicas, SECTORS, INSTRUMENTS, FLOWS, overdraft=overdraft)
        books.endow("deposits", "households", "banks", np.full(4, 1000))
        books.endow("deposits", "firms", "banks", np.full(3, 500))
        books.endow(
            "loans",
            "banks",
            "firms",
            np.full(3, 300),
            np.array([0, 1, 0], np.int32),
            np.arange(3, dtype=np.int32),
        )
        books.endow("bills", "banks", "government", np.full(2, 800))
        books.endow("reserves", "banks", "central_bank", np.full(2, 2000))
        books.endow("treasury", "government", "central_bank", np.full(1, 700))
        return books

    return make
