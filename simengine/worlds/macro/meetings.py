"""The central bank's meetings: what it saw and decided at each, collected while a simulation runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from streams.event import col, declared, event, f8

if TYPE_CHECKING:
    from simengine.kernel import Simulation


@event
class PolicyMeeting:
    """One row per replica at every meeting of the central bank."""

    inflation: f8 = col("% a year", "of the last twelve months")
    target: f8 = col("% a year", "inflation that the bank is judged by")
    aim: f8 = col("% a year", "target that its rule follows, shifts included")
    output_gap: f8 = col("%", "of the last month, productivity shocks apart")
    before: f8 = col("% a year", "rate decided at the last meeting, shocks and floor apart")
    decided: f8 = col("% a year", "rate decided at this meeting, shocks and floor apart")
    rate: f8 = col("% a year", "rate from now on")


COLUMNS = tuple(declared(PolicyMeeting).columns)


def tell_meeting(sim: Simulation, seen: Mapping[str, Any]) -> None:
    """Publish a meeting; `seen` maps the columns to fractions, (replica,)."""
    if sim.wants(PolicyMeeting):
        sim.publish(PolicyMeeting, dense=(sim.R,), **{name: 100.0 * seen[name] for name in COLUMNS})


class MeetingHistory:
    """Watches a simulation of the macro world: `history = MeetingHistory(sim)` before it runs."""

    def __init__(self, sim: Simulation) -> None:
        self._meetings: list[dict[str, NDArray[np.float64]]] = []
        sim.events(PolicyMeeting).subscribe(self._keep, name="meetings")

    def _keep(self, batch: Any) -> None:
        if batch.tick >= 0:
            self._meetings.append({name: np.array(getattr(batch, name)) for name in COLUMNS})

    def arrays(self) -> dict[str, NDArray[np.float64]]:
        """Return the columns of `PolicyMeeting` over the meetings from tick 0 on, each (R, M)."""
        return {name: np.stack([one[name] for one in self._meetings], axis=1) for name in COLUMNS}
