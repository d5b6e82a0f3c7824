"""Where agents meet: the ledger, money and the markets that clear orders into transfers."""

from markets.flows import ADVANCES, BILLS, DEPOSITS, INSTRUMENTS, LOANS, RESERVES, TREASURY, Flow
from markets.ledger import Ledger, Refused
from markets.matrices import Matrix
from markets.money import multiply, split, split_rows, to_cents

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
    "Matrix",
    "Refused",
    "multiply",
    "split",
    "split_rows",
    "to_cents",
]
