"""How the barter society opens: foragers of all ages with goods, tastes and untrained networks of their own."""

from __future__ import annotations

from typing import Any

import numpy as np

from simengine.worlds.barter_state import Foragers, Society


def open_society(world: Any, sim: Any) -> None:
    """Declare the state of a `Barter` world and fill it with keyed draws."""
    c, brain, layout = world.config, world.brains.brain, world.brains.layout
    R, N, goods = sim.R, c.agents, len(c.goods)
    f = world.foragers = sim.state.add(
        "foragers",
        Foragers(R, N, live=N, key="agents", goods=goods, jobs=len(c.jobs), senses=brain.senses,
                 message=c.nets.message, genes=layout.genes),
    )  # fmt: skip
    s = world.society = sim.state.add("society", Society(R, goods=goods))
    noise = sim.noise
    f.identity[:] = np.arange(N)
    s.born[:] = N
    f.born[:] = -(noise.uniform("opening.age", N) * c.lifespan).astype(np.int64)
    f.interval[:] = world.intervals(sim)
    f.review[:] = 0
    f.goods[:] = 2.0 * c.opening_goods * noise.uniform("opening.goods", N * goods).reshape(f.goods.shape)
    f.taste[:] = c.opening_taste_sd * noise.normal("opening.taste", N * goods).reshape(f.taste.shape)
    f.genome[:] = layout.fresh(noise.normal("opening.genome", N * layout.genes).reshape(f.genome.shape))
    s.opened[:] = f.goods.sum(axis=1)
    s.price[:] = 1.0 / goods
