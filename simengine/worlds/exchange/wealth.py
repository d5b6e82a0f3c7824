"""What everybody owns at last prices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simengine.worlds.exchange.units import TICK, UNIT
from streams.exchange.events import Wealth

if TYPE_CHECKING:
    from simengine.kernel import Simulation
    from simengine.worlds.exchange.world import Exchange


def own_units(world: Exchange) -> NDArray[np.int64]:
    """Lots that each trader has of its own instrument, (R, traders)."""
    home = world.traders.home[:, None, :]
    return np.take_along_axis(world.floor.units, home, axis=1)[:, 0]


def wealth(world: Exchange) -> NDArray[np.float64]:
    """Money and units at last prices, less loans, currency (R, traders)."""
    f = world.floor
    price = np.take_along_axis(world.market.last, world.traders.home, axis=1)
    return (f.cash + f.loans + own_units(world) * price * TICK) / UNIT


def tell_wealth(world: Exchange, sim: Simulation) -> None:
    """Publish what everybody owns, if somebody wants to know."""
    if sim.wants(Wealth):
        t = world.traders
        sim.publish(
            Wealth, dense=t.alive.shape, kind=t.kind.astype(np.int8), amount=wealth(world),
            units=own_units(world),
        )  # fmt: skip
