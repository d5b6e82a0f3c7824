"""Failure and entry in the macro world: who cannot go on, and who bears the loss."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from markets.money import to_cents
from simengine.worlds.macro import steps
from simengine.worlds.macro.news import tell_credit
from streams.macro import events as ev

if TYPE_CHECKING:
    from simengine.kernel import Simulation
    from simengine.worlds.macro.world import Macro


def fail_firms(world: Macro, sim: Simulation) -> None:
    """Write off part of a failed firm's loans at its bank; an entrant takes over its plant, staff and price.

    The bank recovers a fixed share; a little capital is lost; the entrant starts with average productivity
    and half the orders. A `DefaultWave` shock adds firms drawn by lot.
    """
    f, books, levers, p = world.firms, world.books, world.levers, world.config.firm
    u = sim.noise.uniform("failures", world.config.firms)
    volatility = p.asset_volatility_annual * world.config.luck.individual
    cash, loans = books.read("deposits", "firms"), world.debts("firms")
    at = world.firms.arrays, world.economy.arrays
    failed = steps.find_failures(*at, cash, loans, u, levers.default_wave, volatility)
    levers.default_wave[:] = 0.0
    f.failed[:] = failed
    if not failed.any():
        return
    replica, slot = np.nonzero(failed)
    world.accounts.failures += failed.sum(axis=1)
    loss = to_cents(np.where(failed, (1.0 - p.recovery) * loans, 0.0), "the loss of a loan")
    _write_off(world, sim, "firms", "firm_default", loss)
    f.capital[replica, slot] *= 1.0 - p.exit_capital_loss
    world.stores.capital[replica, slot] *= 1.0 - p.exit_capital_loss
    f.backlog[replica, slot] *= 0.5
    f.productivity[replica, slot] = 0.0
    rows: dict[str, Any] = {
        "replica": replica.astype(np.int32), "agent": slot.astype(np.int32), "sector": "firms"
    }  # fmt: skip
    if sim.wants(ev.Bankruptcy):
        sim.publish(ev.Bankruptcy, **rows, loss=loss[replica, slot])
    if sim.wants(ev.Death):
        sim.publish(ev.Death, **rows, cause="failure")
    if sim.wants(ev.Birth):
        sim.publish(ev.Birth, **rows)


def fail_households(world: Macro, sim: Simulation) -> None:
    """Households in debt and almost out of deposits default on part of their loan with a monthly hazard."""
    h, books, p = world.households, world.books, world.config.household
    if world.config.luck.individual == 0.0:
        return
    u = sim.noise.uniform("household defaults", world.config.households)
    deposits, loans = books.read("deposits", "households"), world.debts("households")
    poor = deposits < p.default_threshold_months * h.permanent * world.economy.price_level[:, None]
    failed = (loans > 0) & poor & (u < p.default_hazard_monthly)
    if failed.any():
        loss = to_cents(np.where(failed, p.default_loss * loans, 0.0), "the loss of a loan")
        _write_off(world, sim, "households", "household_default", loss)


def fail_banks(world: Macro, sim: Simulation) -> None:
    """Penalise the bank a shock names, or all, then let the state refill those whose capital is too low."""
    books, levers, p = world.books, world.levers, world.config.bank
    slots = world.slots["banks"]
    named = levers.failing_bank[:, None]
    hit = (slots[None, :] == named) | (named < 0)
    capital = books.net_worth("banks")
    lost = np.maximum(capital, 0) * levers.bank_capital[:, None]
    penalty = to_cents(np.where(hit, lost, 0.0), "the loss of a bank")
    levers.bank_capital[:] = 0.0
    if penalty.any():
        books.post("bank_penalty", None, slots, 0, penalty)
        capital = books.net_worth("banks")
    loans = books.read("loans", "banks")
    failed = capital < p.failure_capital * loans
    world.banks.failed[:] = failed
    if not failed.any():
        return
    refill = np.where(failed, to_cents(p.rescue_capital * loans, "the capital of a bank") - capital, 0)
    books.post("bank_rescue", None, 0, slots, refill)
    if sim.wants(ev.Bankruptcy):
        replica, slot = np.nonzero(failed)
        sim.publish(
            ev.Bankruptcy, replica=replica.astype(np.int32), agent=slot.astype(np.int32),
            sector="banks", loss=refill[replica, slot],
        )  # fmt: skip


def _write_off(world: Macro, sim: Simulation, sector: str, flow: str, loss: Any) -> None:
    """Cancel `loss` (replica, borrower) of loans at the borrowers' banks and tell who listens."""
    world.books.post(flow, None, world.slots[sector], world.homes[sector], loss)
    world.accounts.defaulted += loss.sum(axis=1)
    tell_credit(world, sim, ev.Default, sector, loss)
