"""Write a rest point into the macro world's columns and books, as they stand before the first month.

Every month begins by growing the trend, prices and wages, so what grows is set back by one month here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from markets.ledger import Ledger
from markets.money import to_cents
from simengine.worlds.macro.config import MacroConfig
from simengine.worlds.macro.disturbances import DISTURBANCES
from simengine.worlds.macro.flows import FLOWS, INSTRUMENTS
from simengine.worlds.macro.opening import Rest
from simengine.worlds.macro.opening_plants import appeal
from simengine.worlds.macro.scale import PRICE, WAGE, Floats, opening_trend, rest_rates
from simengine.worlds.macro.state import HISTORY

if TYPE_CHECKING:
    from simengine.worlds.macro.world import Macro


def open_economy(e: Any, c: MacroConfig, rest: Rest) -> None:
    """Set the shared quantities: levels, expectations, neutral rates, matching."""
    people, plants, given = rest.people, rest.plants, rest.contracts
    policy, deposit_rate, loan_rate = rest_rates(c)
    index = given.drift / (1.0 + given.growth)
    e.trend[:] = opening_trend(c) / (1.0 + given.growth)
    e.price_level[:] = PRICE / index
    e.price_history[:] = PRICE / index ** np.arange(HISTORY, 0, -1)
    e.wage_level[:] = WAGE / given.drift
    e.expected_inflation[:] = e.inflation_learned[:] = c.trend.inflation_target_annual
    unemployed = (people.employer < 0).sum(axis=1)
    e.unemployment[:] = e.unemployment_smooth[:] = e.natural_rate[:] = unemployed / c.households
    e.neutral_rate[:] = c.trend.neutral_real_rate_annual
    e.neutral_deposit_rate[:] = deposit_rate
    e.neutral_household_rate[:] = loan_rate
    e.neutral_loan_real_rate[:] = loan_rate - c.trend.inflation_target_annual
    e.rate[:] = policy
    e.output_per_capital[:] = plants.output_per_capital
    e.output_rest[:] = plants.gdp
    e.private_output_rest[:] = plants.output.sum(axis=1)
    e.profit_rest[:] = rest.finance.profit.sum(axis=1) / PRICE
    e.public_purchases[:] = plants.public
    posted = c.labor.vacancy_rate_normal * people.labour.sum(axis=1)
    hires = c.labor.separation_monthly * people.heads.sum(axis=1)
    e.match_efficiency[:] = hires / np.sqrt(unemployed * posted)
    e.vacancies[:] = posted
    e.separation_carry[:] = e.match_carry[:] = 0.5


def open_households(h: Any, c: MacroConfig, rest: Rest, spell: Floats) -> None:
    """Set jobs, types, incomes, targets and suppliers; `spell` (replica, household) uniforms."""
    people, given, finance = rest.people, rest.contracts, rest.finance
    h.hand_to_mouth[:] = people.hand_to_mouth
    h.skill[:] = people.skill
    h.equity_share[:] = people.equity_share
    h.employer[:] = people.employer
    h.spell[:] = np.where(people.employer < 0, np.floor(spell * c.government.benefit_months), 0)
    income = np.maximum(rest.permanent, 1e-9)  # the uninsured unemployed have none
    h.permanent[:] = income / (1.0 + given.growth)
    lasting = c.household.durable_share * rest.consumption
    h.consumption[:] = (rest.consumption - lasting) / (1.0 + given.growth)
    held = np.maximum(lasting, 0.0)  # who has no income and debts consumes nothing, and owns nothing
    h.durables[:] = held / (c.household.durable_depreciation_monthly + given.growth)
    h.disposable[:] = to_cents((finance.income - finance.income_tax) / given.drift, "income")
    h.wealth_target[:] = (finance.household_deposits - given.household_loans) / PRICE / income
    h.debt_target[:] = given.drift * given.household_loans / (income * PRICE)
    h.suppliers[:] = rest.suppliers[:, : c.households]


def open_firms(f: Any, c: MacroConfig, rest: Rest, wait: NDArray[np.int64]) -> None:
    """Set plants, stocks, plans and finance; `wait` (replica, firm) ticks of the first price reviews."""
    p, plants, given = c.firm, rest.plants, rest.contracts
    grown = 1.0 + given.growth
    f.price[:] = to_cents(PRICE * grown / given.drift, "the price")
    f.wage[:] = WAGE / given.drift
    f.heads[:] = rest.people.heads
    f.labour[:] = f.labour_target[:] = f.staff_normal[:] = rest.people.labour
    f.wanted[:] = f.output[:] = plants.output
    f.stock[:] = plants.stock
    f.stock_value[:] = to_cents(plants.stock_value, "the value of a stock")
    f.capital[:] = plants.capital
    ordered = plants.delivered * (1.0 + given.growth * p.gestation_months) / grown
    f.backlog[:] = p.gestation_months * plants.delivered - ordered
    f.sales[:] = f.demand[:] = plants.sales / grown
    f.appeal_base[:] = appeal(plants, rest.suppliers, rest.consumption)
    f.size[:] = plants.output / plants.output.sum(axis=1, keepdims=True)
    f.utilisation[:] = p.utilisation_normal
    f.leverage[:] = plants.leverage
    f.leverage_rest[:] = given.firm_loans / (PRICE * plants.capital)
    f.profit[:] = rest.finance.profit / given.drift
    f.suppliers[:] = rest.suppliers[:, c.households :]
    f.review[:] = wait


def open_institutions(world: Macro, rest: Rest) -> None:
    """Set the rates of banks, central bank and government."""
    policy, _, loan_rate = rest_rates(world.config)
    world.banks.spread[:] = loan_rate - policy
    world.banks.margin[:] = world.config.bank.deposit_margin_annual
    world.banks.reserves[:] = world.books.read("reserves", "banks")
    world.central_bank.decided_rate[:] = policy
    world.government.tax_rest[:] = world.government.tax_rate[:] = rest.finance.tax_rate[:, None]


def open_books(c: MacroConfig, rest: Rest) -> Ledger:
    """The ledger with the opening balance sheet, in whole cents.

    What rounding leaves over lies with the central bank.
    """
    given, finance = rest.contracts, rest.finance
    sectors = {
        "households": c.households,
        "firms": c.firms,
        "banks": c.banks,
        "government": 1,
        "central_bank": 1,
    }
    books = Ledger(len(given.treasury), sectors, INSTRUMENTS, FLOWS, overdraft=("banks", "government"))
    books.endow("deposits", "households", "banks", _cents(finance.household_deposits))
    books.endow("deposits", "firms", "banks", _cents(finance.firm_deposits))
    for sector, loans in (("households", given.household_loans), ("firms", given.firm_loans)):
        for bank in range(c.banks):
            clients = np.arange(bank, loans.shape[1], c.banks, dtype=np.int32)
            owed = _cents(loans[:, clients])
            lenders = np.full(owed.shape, bank, np.int32)
            borrowers = np.broadcast_to(clients, owed.shape).copy()
            books.endow("loans", "banks", sector, owed, holder=lenders, issuer=borrowers)
    books.endow("reserves", "banks", "central_bank", _cents(rest.reserves))
    books.endow("bills", "banks", "government", _cents(np.maximum(rest.bills, 0.0)))
    short = np.maximum(-rest.bills, 0.0)
    slots = np.arange(c.banks, dtype=np.int32)
    books.endow("advances", "central_bank", "banks", _cents(short), holder=0, issuer=slots)
    books.endow("treasury", "government", "central_bank", _cents(given.treasury[:, None]))
    held = rest.reserves.sum(axis=1) + given.treasury - short.sum(axis=1)
    books.endow("bills", "central_bank", "government", _cents(held[:, None]))
    return books


def _cents(amount: Floats) -> NDArray[np.int64]:
    found: NDArray[np.int64] = to_cents(np.ascontiguousarray(amount), "an opening balance")
    return found


def luck(c: MacroConfig) -> tuple[Floats, Floats, Floats]:
    """Monthly persistence and innovations' standard deviations of all exogenous processes.

    Persistence: the shared processes, then firm productivity and firm demand; deviations of the shared
    processes, and of the firms' productivities followed by their demands.
    """
    d, own = c.disturbances, c.luck
    shared = [getattr(d, f"{each.name}_rho") ** (1.0 / 3.0) for each in DISTURBANCES]
    persistence = np.array([*shared, own.firm_productivity_rho_monthly, own.firm_demand_rho_monthly])
    shared_sd = np.array([getattr(d, f"{each.name}_sd") for each in DISTURBANCES]) * 3.0**-0.5 * own.aggregate
    firm_sd = np.repeat([own.firm_productivity_sd_monthly, own.firm_demand_sd_monthly], c.firms)
    return persistence, shared_sd, firm_sd * own.individual
