"""What the macro world tells its observers; nothing is built when nobody listens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from markets.money import to_cents
from simengine.worlds.macro import steps
from streams.macro import events as ev

if TYPE_CHECKING:
    from simengine.kernel import Simulation
    from simengine.worlds.macro.world import Macro


def tell_credit(
    world: Macro, sim: Simulation, event: type, sector: str, amount: Any, rate_annual: Any = None
) -> None:
    """Publish a credit event of every borrower whose `amount` (replica, borrower) is not zero."""
    if not sim.wants(event):
        return
    attached = amount if rate_annual is None else rate_annual
    replica, borrower, lender, cents, rates = steps.gather(amount, world.homes[sector], attached)
    if not replica.size:  # credit lines are seldom drawn, and what is empty costs as much to build
        return
    more = {} if rate_annual is None else {"rate_annual": rates}
    more["loss" if event is ev.Default else "amount"] = cents
    sim.publish(event, replica=replica, borrower=borrower, sector=sector, bank=lender, **more)


def tell_jobs(world: Macro, sim: Simulation, gone: Any, taken: Any, overstaffed: Any) -> None:
    """Publish the month's separations and hires, given as `(replica, firm, household)` rows.

    Whoever leaves an `overstaffed` (replica, firm) firm is laid off, the others quit.
    """
    f = world.firms
    if sim.wants(ev.Separation):
        replica, left, worker = gone
        cause = overstaffed[replica, left].astype(np.int8)
        sim.publish(ev.Separation, replica=replica, firm=left, household=worker, cause=cause)
    if sim.wants(ev.Hire):
        replica, joined, worker = taken
        wage = to_cents(f.wage[replica, joined] * world.households.skill[replica, worker], "a wage")
        sim.publish(ev.Hire, replica=replica, firm=joined, household=worker, wage_monthly=wage)


def tell_trades(sim: Simulation, fills: Any) -> None:
    """Publish the trades of a goods clearing, whose groups of orders are the markets."""
    if sim.wants(ev.Trade):
        sim.publish(
            ev.Trade, replica=fills.replica, market=fills.group, buyer=fills.buyer, seller=fills.seller,
            quantity=fills.quantity, price=fills.price, amount=fills.amount,
        )  # fmt: skip


def tell_rate(sim: Simulation, previous: Any, rate: Any) -> None:
    """Publish the central bank's decision, `previous` and `rate` (replica,) annual."""
    if sim.wants(ev.RateDecision):
        replica = np.arange(sim.R, dtype=np.int32)
        sim.publish(
            ev.RateDecision,
            replica=replica,
            bank=-1,
            rate_annual=rate.copy(),
            previous_annual=previous,
        )
