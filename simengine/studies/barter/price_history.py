"""How far prices of barter societies are from competitive equilibrium, collected while they run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from markets import barter as markets
from streams.barter.events import Holding, Price, Taste

if TYPE_CHECKING:
    from simengine.simulation import Simulation


class PriceHistory:
    """Watches a simulation of the barter society for its first `ticks` ticks, made before it runs.

    `mispricing` (R, ticks) is the price of the first good in the second over what it would be in a market of
    all for all if each took prices as given and sought the tick's utility Π(1 + c)^w at its true tastes, what
    they bring being the same; NaN where a good has no price.
    """

    def __init__(self, sim: Simulation, ticks: int) -> None:
        c = sim.world.config
        self._shape = (sim.R, c.agents, len(c.goods))
        self.mispricing = np.full((sim.R, ticks), np.nan)
        self._price = np.full((sim.R, len(c.goods)), np.nan)
        if len(c.goods) > 1:
            for event, see in ((Price, self._priced), (Holding, self._held), (Taste, self._liked)):
                sim.bus.listen(event, see)

    def _priced(self, batch: Any) -> None:
        self._price[batch.replica, batch.good] = batch.price

    def _held(self, batch: Any) -> None:
        self._brought = batch.before.reshape(self._shape)

    def _liked(self, batch: Any) -> None:
        """The last of a tick's events that is needed."""
        equilibrium = markets.clear("corners", self._brought, batch.share.reshape(self._shape)).price
        self.mispricing[:, batch.tick] = _relative(self._price) / _relative(equilibrium)
        self._price[:] = np.nan


def _relative(price: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(price[:, 0] / price[:, 1])
