"""The seat of the traders: what may be answered at the barrier, what is seen there, and what it is worth.

Everybody decides by rule inside the span; those whose kind is `seated` are asked before it, and "as usual"
is the rule. So a seat whose policy answers that runs as it would without one, to the bit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from agents.action import Action
from agents.exchange.observation import see
from simengine.worlds.exchange.wealth import wealth
from streams.events import Reward

if TYPE_CHECKING:
    from simengine.kernel import Ask, Simulation
    from simengine.worlds.exchange.world import Exchange

USUAL = 3
BEHIND = (0, 0, 1, 2, 4, 8)
"""Steps behind the own best price, by answer; the first takes instead."""

LOTS = (1, 4, 16, 64)
HEADS = {"order": 4, "distance": len(BEHIND), "lots": len(LOTS)}
NEUTRAL = (USUAL, 0, 0)

ACTIONS = {
    "order": Action(np.array([-1.0, 0.0, 1.0, 2.0]), "sells -1, waits 0, buys 1, does as usual 2"),
    "distance": Action(np.array([-1.0, *BEHIND[1:]]), "steps behind the own best price; -1 takes at once"),
    "lots": Action(np.array(LOTS, np.float64), "lots"),
}


def observe(world: Exchange, ask: Ask) -> NDArray[np.float32]:
    """What those asked see, `(rows, 256)`: `agents.exchange.observation.FEATURES`."""
    h = world.habits[0]
    seen: Any = see(world.floor, ask.replica, ask.agent, ask.tick, h["day"], h["step"], h["scale"])
    return np.asarray(seen)


def reward(world: Exchange, sim: Simulation) -> None:
    """Pay everybody the change of wealth, at last prices, since the last time, if somebody wants to know."""
    now, t = wealth(world), world.traders
    if sim.wants(Reward):
        sim.publish(
            Reward, dense=now.shape, population="traders", amount=now - t.rewarded, ended=False
        )
    t.rewarded[:] = now
