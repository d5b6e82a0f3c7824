"""How the barter society opens: foragers of all ages with goods, tastes and untrained networks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simengine.worlds.barter.config import BarterConfig
from simengine.worlds.barter.state import Foragers, Levers, Society

if TYPE_CHECKING:
    from simengine.kernel import Simulation
    from simengine.worlds.barter.world import Barter


def open_society(world: Barter, sim: Simulation) -> tuple[Foragers, Society, Levers]:
    """Declare the state of a `Barter` world, fill it with keyed draws, and return it."""
    c, brain, layout = world.config, world.brain, world.layout
    R, N, goods = sim.R, c.agents, len(c.goods)
    f = sim.state.add(
        "foragers",
        Foragers(R, N, live=N, key="agents", goods=goods, jobs=len(c.jobs), senses=brain.senses,
                 message=c.nets.message, attended=c.attended, genes=layout.genes),
    )  # fmt: skip
    s = sim.state.add("society", Society(R, goods=goods))
    noise = sim.noise
    f.identity[:] = np.arange(N)
    s.born[:] = N
    f.born[:] = -(noise.uniform("opening.age", N) * c.lifespan).astype(np.int64)
    f.interval[:] = intervals(c, sim, "opening.interval")
    f.review[:] = 0
    f.goods[:] = 2.0 * c.opening_goods * noise.uniform("opening.goods", N * goods).reshape(f.goods.shape)
    f.taste[:] = c.opening_taste_sd * noise.normal("opening.taste", N * goods).reshape(f.taste.shape)
    f.genome[:] = layout.fresh(noise.normal("opening.genome", N * layout.genes).reshape(f.genome.shape))
    s.opened[:] = f.goods.sum(axis=1)
    s.price[:] = 1.0 / goods
    return f, s, sim.state.add("levers", Levers(R, goods=goods))


def intervals(config: BarterConfig, sim: Simulation, stream: str) -> NDArray[np.int64]:
    """Keyed ticks between two decisions for whoever comes to life now, (R, N)."""
    least, most = config.interval_least, config.interval_most
    luck = sim.noise.uniform(stream, config.agents)
    return np.asarray(least + (luck * (most - least + 1)).astype(np.int64))
