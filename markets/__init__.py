"""Where agents meet: the ledger, money and the markets that clear orders into transfers."""

from markets.flows import ADVANCES, BILLS, DEPOSITS, INSTRUMENTS, LOANS, RESERVES, TREASURY, Flow
from markets.ledger import Ledger, Refused

__all__ = [
    "ADVANCES",
    "BILLS",
    "DEPOSITS",
    "INSTRUMENTS",
    "LOANS",
    "RESERVES",
    "TREASURY",
    "Flow",
    "Ledger",
    "Refused",
]
