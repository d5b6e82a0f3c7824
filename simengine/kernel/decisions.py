"""Decisions as a stream: what was chosen at a barrier, for whoever records or replays it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from streams.events import Decision

if TYPE_CHECKING:
    from simengine.kernel.seat import Ask, Seat
    from simengine.kernel.simulation import Simulation


def tell_decisions(sim: Simulation, seat: Seat, ask: Ask) -> None:
    """Publish the answers to an ask, one row per agent and head asked."""
    if sim.wants(Decision):
        row, head = np.nonzero(ask.mask)
        replica, agent = ask.replica[row], ask.agent[row]
        chosen = seat.action[replica, agent, head]
        sim.publish(
            Decision, replica=replica, population=seat.name, agent=agent,
            head=head.astype(np.int8), action=chosen.astype(np.int16),
        )  # fmt: skip
