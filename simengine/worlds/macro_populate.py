"""Write a rest point into the macro world's columns and books, as they stand before the first month.

Every month begins by growing the trend, prices and wages, so what grows is set back by one month here.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from markets.ledger import Ledger
from simengine.worlds.macro_config import MacroConfig
from simengine.worlds.macro_flows import FLOWS
from simengine.worlds.macro_opening import PRICE, WAGE, Rest, appeal, rest_rates
from simengine.worlds.macro_state import HISTORY


def opening_trend(c: MacroConfig) -> float:
    """Return the trend productivity of the first month, units per efficiency month."""
    return c.firm.markup * WAGE / PRICE


def open_economy(e: Any, c: MacroConfig, rest: Rest) -> None:
    """Set the shared quantities: levels, expectations, neutral rates, matching."""
    policy, deposit_rate, loan_rate = rest_rates(c)
    index = rest.drift / (1.0 + rest.growth)
    e.trend[:] = opening_trend(c) / (1.0 + rest.growth)
    e.price_level[:] = PRICE / index
    e.price_history[:] = PRICE / index ** np.arange(HISTORY, 0, -1)
    e.wage_level[:] = WAGE / rest.drift
    e.expected_inflation[:] = e.inflation_learned[:] = c.trend.inflation_target_annual
    unemployed = (rest.employer < 0).sum(axis=1)
    e.unemployment[:] = e.unemployment_smooth[:] = e.natural_rate[:] = unemployed / c.households
    e.neutral_rate[:] = c.trend.neutral_real_rate_annual
    e.neutral_deposit_rate[:] = deposit_rate
    e.neutral_household_rate[:] = loan_rate
    e.neutral_firm_real_rate[:] = loan_rate - c.trend.inflation_target_annual
    e.rate[:] = policy
    e.output_per_capital[:] = rest.capacity
    e.output_rest[:] = rest.gdp
    e.public_purchases[:] = rest.public
    posted = c.labor.vacancy_rate_normal * rest.labour.sum(axis=1)
    hires = c.labor.separation_monthly * rest.heads.sum(axis=1)
    e.match_efficiency[:] = hires / np.sqrt(unemployed * posted)
    e.vacancies[:] = posted
    e.separation_carry[:] = e.match_carry[:] = 0.5


def open_households(h: Any, c: MacroConfig, rest: Rest, spell: NDArray[np.float64]) -> None:
    """Set jobs, types, incomes, targets and suppliers; ``spell`` (replica, household) uniforms."""
    h.hand_to_mouth[:] = rest.hand_to_mouth
    h.skill[:] = rest.skill
    h.equity_share[:] = rest.equity_share
    h.employer[:] = rest.employer
    h.spell[:] = np.where(rest.employer < 0, np.floor(spell * c.government.benefit_months), 0)
    income = np.maximum(rest.permanent, 1e-9)  # the uninsured unemployed have none
    h.permanent[:] = income / (1.0 + rest.growth)
    h.consumption[:] = rest.consumption / (1.0 + rest.growth)
    h.disposable[:] = np.rint(rest.income / rest.drift)
    h.wealth_target[:] = (rest.household_deposits - rest.household_loans) / PRICE / income
    h.debt_target[:] = rest.drift * rest.household_loans / (income * PRICE)
    h.suppliers[:] = rest.suppliers[:, : c.households]


def open_firms(f: Any, c: MacroConfig, rest: Rest, wait: NDArray[np.int64]) -> None:
    """Set plants, stocks, plans and finance; ``wait`` (replica, firm) the ticks of the first price reviews."""
    p, grown = c.firm, 1.0 + rest.growth
    f.price[:] = np.rint(PRICE * grown / rest.drift)
    f.wage[:] = WAGE / rest.drift
    f.heads[:] = rest.heads
    f.labour[:] = f.labour_target[:] = rest.labour
    f.wanted[:] = f.output[:] = rest.output
    f.stock[:] = rest.stock
    f.stock_value[:] = np.rint(rest.stock_value)
    f.capital[:] = rest.capital
    ordered = rest.delivered * (1.0 + rest.growth * p.gestation_months) / grown
    f.backlog[:] = p.gestation_months * rest.delivered - ordered
    f.sales[:] = f.demand[:] = rest.sales / grown
    f.appeal_base[:] = appeal(rest)
    f.size[:] = rest.output / rest.output.sum(axis=1, keepdims=True)
    f.utilisation[:] = p.utilisation_normal
    f.leverage[:] = rest.leverage
    f.leverage_rest[:] = rest.firm_loans / (PRICE * rest.capital)
    f.profit[:] = rest.profit / rest.drift
    f.suppliers[:] = rest.suppliers[:, c.households :]
    f.review[:] = wait


def open_books(c: MacroConfig, rest: Rest) -> Ledger:
    """Return the ledger with the opening balance sheet; whole cents, so a rounding may lie with the central bank."""
    sectors = {
        "households": c.households,
        "firms": c.firms,
        "banks": c.banks,
        "government": 1,
        "central_bank": 1,
    }
    books = Ledger(len(rest.gdp), sectors, FLOWS, overdraft=("banks", "government"))
    books.endow("deposits", "households", "banks", _cents(rest.household_deposits))
    books.endow("deposits", "firms", "banks", _cents(rest.firm_deposits))
    for sector, loans in (("households", rest.household_loans), ("firms", rest.firm_loans)):
        for bank in range(c.banks):
            clients = np.arange(bank, loans.shape[1], c.banks, dtype=np.int32)
            owed = _cents(loans[:, clients])
            lenders = np.full(owed.shape, bank, np.int32)
            books.endow(
                "loans",
                "banks",
                sector,
                owed,
                holder=lenders,
                issuer=np.broadcast_to(clients, owed.shape).copy(),
            )
    books.endow("reserves", "banks", "central_bank", _cents(rest.reserves))
    books.endow("bills", "banks", "government", _cents(np.maximum(rest.bills, 0.0)))
    short = np.maximum(-rest.bills, 0.0)
    books.endow(
        "advances",
        "central_bank",
        "banks",
        _cents(short),
        holder=0,
        issuer=np.arange(c.banks, dtype=np.int32),
    )
    books.endow("treasury", "government", "central_bank", _cents(rest.treasury[:, None]))
    held = rest.reserves.sum(axis=1) + rest.treasury - short.sum(axis=1)
    books.endow("bills", "central_bank", "government", _cents(held[:, None]))
    return books


def _cents(amount: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.ascontiguousarray(np.rint(amount)).astype(np.int64)
