"""The month's last payments between households, firms, banks and the state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from agents.macro import bank, government, household
from markets.pooling import pool
from simengine.worlds.macro import steps, stores
from simengine.worlds.macro.accounts import hear_income, value_shares
from simengine.worlds.macro.lending import lend
from simengine.worlds.macro.news import tell_credit
from streams.jit import jit
from streams.macro import events as ev

if TYPE_CHECKING:
    from simengine.kernel import Simulation
    from simengine.worlds.macro.world import Macro


def pay(world: Macro, sim: Simulation) -> None:
    """Pay wages, benefits, interest and instalments.

    Firms draw credit lines for what their cash cannot cover; households borrow the interest they cannot pay,
    and pay instalments as far as deposits go.
    """
    h, f, books, slots, home = world.households, world.firms, world.books, world.slots, world.homes
    short = f.wage_bill + f.owed + f.instalment - f.earned - books.read("deposits", "firms")
    lend(world, sim, "firms", np.maximum(short, 0))
    private = (h.employer >= 0) & (h.employer < world.config.firms)
    books.post("wages", None, h.employer, slots["households"], np.where(private, h.pay, 0))
    public = np.where(h.employer == world.config.firms, h.pay, 0)
    books.post("public_wages", None, 0, slots["households"], public)
    benefit = _benefits(world)
    books.post("benefits", None, 0, slots["households"], benefit)
    h.income[:] = h.pay + benefit
    books.post("household_deposit_interest", None, home["households"], slots["households"], h.earned)
    books.post("firm_deposit_interest", None, home["firms"], slots["firms"], f.earned)
    lend(world, sim, "households", np.maximum(h.owed - books.read("deposits", "households"), 0))
    books.post("household_interest", None, slots["households"], home["households"], h.owed)
    books.post("firm_interest", None, slots["firms"], home["firms"], f.owed)
    h.interest[:] = h.earned - h.owed
    h.instalment[:] = np.minimum(h.instalment, books.read("deposits", "households"))
    for name, flow, due_now in (
        ("households", "household_repayment", h.instalment), ("firms", "firm_repayment", f.instalment)
    ):  # fmt: skip
        books.post(flow, None, slots[name], home[name], due_now)
        tell_credit(world, sim, ev.Repayment, name, due_now)
    a = world.accounts
    a.wages_received += h.pay.sum(axis=1)
    a.public_wages += public.sum(axis=1)


def _benefits(world: Macro) -> Any:
    """The month's unemployment benefits `(replica, household)` in cents; spells age."""
    g, clock = world.config.government, int(world.config.luck.matching > 0.0)
    chosen = world.government.action[:, 0, government.BENEFIT]
    replaced = g.benefit_replacement * government.BENEFITS[chosen]
    insured = np.maximum(replaced + world.levers.benefit, 0.0) * world.levers.stabilisers
    return government.benefits(
        world.households.arrays, world.economy.wage_level, insured, g.benefit_floor, g.benefit_months, clock
    )


def distribute(world: Macro, sim: Simulation) -> None:
    """Firms and banks pay dividends; capital wears and is renewed; taxes accrue; permanent incomes move."""
    h, e, books, p = world.households.arrays, world.economy.arrays, world.books, world.params
    dividends, firm_taxes = steps.close_firms(
        world.firms.arrays, e, books.read("deposits", "firms"), world.drift, p.firm
    )
    stores.renew(world)
    value_shares(world)
    bank_dividends = bank.payout(books.net_worth("banks"), books.read("loans", "banks"), p.bank)
    world.banks.dividend[:] = bank_dividends
    for flow, paid in (("dividends", dividends), ("bank_dividends", bank_dividends)):
        replica, payer, payee, amount = pool(paid, h.equity_share)
        books.post(flow, replica, payer, payee, amount)
        _receive(h.income, replica, payee, amount)
    g = world.config.government
    taxes = household.earn(
        h, e, world.government.tax_rate[:, 0], g.tax_progressivity, g.tax_limit,
        e.wage_level, world.levers.stabilisers, p.household,
    )  # fmt: skip
    world.accounts.taxes += taxes + firm_taxes
    hear_income(sim)
    if sim.wants(ev.Income):
        sim.publish(ev.Income, dense=h.income.shape, amount=h.income + h.earned)


@jit
def _receive(income, replica, household, amount):
    """Add the amounts of long-form rows to `income` (replica, household), cents."""
    for n in range(len(amount)):
        income[replica[n], household[n]] += amount[n]


def collect_taxes(world: Macro) -> None:
    """Quarter's end: taxes due are paid as far as deposits go; the rest stays due."""
    for name, flow, agents in (
        ("households", "income_tax", world.households),
        ("firms", "profit_tax", world.firms),
    ):
        paid = np.clip(agents.tax_due, 0, world.books.read("deposits", name))
        world.books.post(flow, None, world.slots[name], 0, paid)
        agents.tax_due -= paid
