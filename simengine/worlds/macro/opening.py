"""The opening of the macro world: a rest point of the whole economy, household by household, bank by bank.

All flows are those of the first month, all stocks those before it; every nominal stock grows by the factor
`drift` a month and every real one by `1 + growth`. By Walras' law the households' budgets then buy
exactly what firms want to sell: `Rest.walras_gap` says how nearly.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simengine.worlds.macro.config import MacroConfig
from simengine.worlds.macro.opening_finance import Contracts, Finance, balance, write_contracts
from simengine.worlds.macro.opening_people import People, draw_people
from simengine.worlds.macro.opening_plants import Plants, build_plants, draw_suppliers
from simengine.worlds.macro.scale import PRICE, Floats


@dataclass(frozen=True)
class Rest:
    """The rest point: its parts, and what follows from them all."""

    people: People
    plants: Plants
    contracts: Contracts
    finance: Finance
    suppliers: NDArray[np.int32]  # (replica, household, then firm; K) firm slots
    permanent: Floats  # (replica, household) units a month
    consumption: Floats  # (replica, household) units a month
    reserves: Floats  # (replica, bank) cents
    bills: Floats  # (replica, bank) cents; below zero a bank takes advances
    walras_gap: Floats  # (replica,) households' demand over what is left for them, less one


def solve(config: MacroConfig, noise: Any) -> Rest:
    """The rest point of `config`; `noise.uniform` and `.normal` give the lots `(replica, n)`.

    Raises ValueError when there are more firms than private workers.
    """
    people = draw_people(config, noise)
    plants = build_plants(config, noise, people)
    contracts = write_contracts(config, noise, people, plants)
    finance = balance(config, contracts, people, plants)
    net = finance.household_deposits - contracts.household_loans
    spent = finance.permanent - contracts.growth * net
    consumption = np.where(people.hand_to_mouth, finance.household_deposits, spent) / PRICE
    left = plants.sales.sum(axis=1) - plants.delivered.sum(axis=1) - plants.public
    deposits = finance.bank_deposits(contracts)
    reserves = config.bank.reserve_ratio * deposits
    return Rest(
        people=people,
        plants=plants,
        contracts=contracts,
        finance=finance,
        suppliers=draw_suppliers(config, noise, plants.output),
        permanent=finance.permanent / PRICE,
        consumption=consumption,
        reserves=reserves,
        bills=deposits + finance.bank_capital - contracts.bank_loans - reserves,
        walras_gap=consumption.sum(axis=1) / left - 1.0,
    )
