"""The central bank's meetings: what it saw and decided at each, collected while a simulation runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from streams.event import declared
from streams.macro.series import PolicyMeeting

if TYPE_CHECKING:
    from simengine.kernel import Simulation


COLUMNS = tuple(declared(PolicyMeeting).columns)


def tell_meeting(sim: Simulation, seen: Mapping[str, Any]) -> None:
    """Publish a meeting; `seen` maps the columns to fractions, (replica,)."""
    if sim.wants(PolicyMeeting):
        sim.publish(PolicyMeeting, dense=(sim.R,), **{name: 100.0 * seen[name] for name in COLUMNS})


class MeetingHistory:
    """Watches a simulation of the macro world: `history = MeetingHistory(sim)` before it runs."""

    def __init__(self, sim: Simulation) -> None:
        self._meetings: list[dict[str, NDArray[np.float64]]] = []
        sim.bus.listen(PolicyMeeting, self._keep)

    def _keep(self, batch: Any) -> None:
        if batch.tick >= 0:
            self._meetings.append({name: np.array(getattr(batch, name)) for name in COLUMNS})

    def arrays(self) -> dict[str, NDArray[np.float64]]:
        """The columns of `PolicyMeeting` over the meetings from tick 0 on, each (R, M)."""
        return {name: np.stack([one[name] for one in self._meetings], axis=1) for name in COLUMNS}
