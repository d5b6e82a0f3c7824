"""What foragers see: of themselves and the world, and of what others say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from agents.barter.forager import Senses
from agents.barter.hearing import Hearing
from agents.barter.minds import flat
from agents.observation import Feature, Features, Items
from simengine.worlds.barter import listening
from simengine.worlds.barter.config import BarterConfig


def features(config: BarterConfig) -> Features:
    """What `observed` gives, described: the names, units and scales of its numbers."""
    goods, jobs = config.goods, [f"job {j}, {job.good}" for j, job in enumerate(config.jobs)]
    said = tuple(Feature(f"number {i}", "1") for i in range(config.nets.message))
    sensed = (
        *(Feature(good, "log(1 + goods)") for good in goods),
        *(Feature(f"price of {good}", "relative price around the mean") for good in goods),
        *(Feature(f"taste for {good}", "share around the mean") for good in goods),
        *(Feature(f"practice in {job}", "share") for job in jobs),
        Feature("life lived", "share"), Feature("season, cosine", "1"), Feature("season, sine", "1"),
    )  # fmt: skip
    return {
        "senses": sensed,
        "taste": tuple(Feature(good, "share") for good in goods),
        "message": said,
        "signal": said,
        "heard": Items(said, config.attended),
    }

if TYPE_CHECKING:
    from simengine.kernel import Ask, Simulation
    from simengine.worlds.barter.world import Barter


def senses(world: Barter, tick: int, goods: NDArray[np.float64], price: NDArray[np.float64]) -> Senses:
    """What all foragers sense at a tick, flat, who hold `goods` (R, N, goods) at `price` (R, goods)."""
    f, year = world.foragers, 2.0 * np.pi * tick / world.config.year
    rest = np.empty((*f.born.shape, 3), np.float32)
    rest[..., 0] = (tick - f.born) / world.config.lifespan
    rest[..., 1], rest[..., 2] = np.cos(year), np.sin(year)
    prices = np.broadcast_to(price[:, None], goods.shape)
    return world.minds.senses(goods, prices, liked(world), f.practice, rest)


def liked(world: Barter) -> NDArray[np.float64]:
    """Logits of tastes (R, N, goods), shocks included."""
    found: NDArray[np.float64] = world.foragers.taste + world.levers.liking[:, None, :]
    return found


def hearing(world: Barter, sim: Simulation) -> Hearing:
    """Who hears whose words at this tick, under the names of those it listens to."""
    arms = world.config.arms
    arm = arms.messages if sim.tick >= arms.messages_from else "true"
    whose = listening.words(arm, sim, world.config.agents)
    return Hearing(listening.places(world.foragers.attended, whose), arm == "silent")


def observed(world: Barter, sim: Simulation, ask: Ask) -> dict[str, NDArray[Any]]:
    """What the foragers asked see, by name (rows, …).

    `senses` are those of when it last spoke; for what it declares and eats, those of now. `taste` are its
    true shares of the goods, `message` what it last said, `signal` what it last heard, by its attention.
    `heard` (rows, speakers, message) is what each whom it attends says, where it is asked for attention.
    """
    f, at = world.foragers, (ask.replica, ask.agent)
    asked, sensed = ask.asked, f.spoken_from[at]
    now = asked["declared"] | asked["eaten"]
    if now.any():
        current = world.minds.grid(senses(world, ask.tick, f.goods, world.society.price).tensor())
        sensed = current[at] if now.all() else np.where(now[:, None], current[at], sensed)
    listens = asked["attention"]
    if listens.any():
        words = world.minds.grid(hearing(world, sim).heard(flat(f.message)))[at]
        heard = words if listens.all() else np.where(listens[:, None, None], words, np.float32(0.0))
    else:
        heard = np.zeros((len(ask), *f.attention.shape[2:], f.message.shape[2]), np.float32)
    return {
        "senses": sensed,
        "taste": world.minds.grid(world.minds.tastes(liked(world)))[at],
        "message": f.message[at],
        "signal": f.signal[at],
        "heard": heard,
        "heard_mask": np.repeat(listens[:, None], heard.shape[1], axis=1),
    }
