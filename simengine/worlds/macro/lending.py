"""New loans of the macro world, whoever asks for them: those who apply, and credit lines drawn at payday."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simengine.worlds.macro.news import tell_credit
from streams.macro.events import Loan

if TYPE_CHECKING:
    from simengine.kernel import Simulation
    from simengine.worlds.macro.world import Macro

FLOWS = {"households": "household_loans", "firms": "firm_loans"}


def lend(world: Macro, sim: Simulation, sector: str, amount: NDArray[np.int64]) -> None:
    """Book new loans `(replica, borrower)` of the borrowers' home banks and tell who listens."""
    world.books.post(FLOWS[sector], None, world.homes[sector], world.slots[sector], amount)
    rates = {"households": world.households, "firms": world.firms}[sector].loan_rate
    tell_credit(world, sim, Loan, sector, amount, rates)
