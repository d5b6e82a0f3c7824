"""Where agents meet: the ledger, money and the markets that clear orders into transfers."""

from markets.credit import availability, grant, sum_by_bank
from markets.flows import Flow
from markets.goods import Fills, choose_suppliers, clear_goods, visit_suppliers
from markets.instruments import Instrument
from markets.labor import UNEMPLOYED, match, separate
from markets.ledger import Ledger, Refused
from markets.matrices import Matrix
from markets.money import multiply, split, split_rows, to_cents
from markets.pooling import pool

__all__ = [
    "UNEMPLOYED",
    "Fills",
    "Flow",
    "Instrument",
    "Ledger",
    "Matrix",
    "Refused",
    "availability",
    "choose_suppliers",
    "clear_goods",
    "grant",
    "match",
    "multiply",
    "pool",
    "separate",
    "split",
    "split_rows",
    "sum_by_bank",
    "to_cents",
    "visit_suppliers",
]
