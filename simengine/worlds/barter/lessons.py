"""What a tick teaches foragers: one lesson for all five networks, of what their own networks decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.barter.forager import NETWORKS
from agents.barter.minds import NETWORK_OF, Tick
from agents.policy import decided_by
from agents.stacked import adam
from markets import barter as markets
from simengine.worlds.barter import news
from simengine.worlds.barter.heads import wanted
from simengine.worlds.barter.observe import hearing, senses

if TYPE_CHECKING:
    from simengine.kernel import Simulation
    from simengine.worlds.barter.world import Barter

Pair = tuple[NDArray[np.float64], NDArray[np.float64]]


class Traded(NamedTuple):
    """What a market handed out (R, N, goods) at what price (R, goods), nan of a good without one."""

    allocation: NDArray[np.float64]
    price: NDArray[np.float64]


def learn(world: Barter, sim: Simulation) -> None:
    """One lesson for all five networks of everyone, and what it is used to earning.

    What somebody else decided teaches no network: see `agents.policy.decided_by`.
    """
    c, f, s, ends = world.config, world.foragers, world.society, world.ends(sim)
    surprise = np.where(ends, f.earned / f.interval - f.expected, 0.0)
    policy, own = sim.seats["foragers"].policy, world.minds
    given = [head for head in NETWORK_OF if head in world.control or not decided_by(policy, head, own)]
    chosen = ends & ("job" not in given)
    before = senses(world, sim.tick, f.endowment, s.earlier)
    after = senses(world, sim.tick, f.allocation, s.price)
    life = Tick(
        spoken_from=f.spoken_from, traded_with=before, ate_with=after, slope=f.marginal,
        vigour=world.vigour(sim), job=sim.seats["foragers"].chosen("job"),
        advantage=np.where(chosen, surprise, 0.0), decided=chosen, worth=f.worth,
        survives=world.survives(sim), given={head: getattr(f, head) for head in given if head != "job"},
    )  # fmt: skip
    kept = c.nets.discount * (1.0 - c.decay)

    def market(upstream: NDArray[np.float64]) -> Pair:
        """Own derivatives of the market for `agents.barter.learning`, flat (R·N, goods)."""
        met = Traded(f.allocation, np.where(s.price > 0.0, s.price, np.nan))
        found = markets.own_gradient(
            c.market, met, f.endowment, wanted(f.declared), upstream.reshape(f.endowment.shape)
        )
        return found[0].reshape(upstream.shape), found[1].reshape(upstream.shape)

    lesson = world.minds.learn(life, hearing(world, sim), kept, c.leisure, c.nets.entropy, market)
    f.worth[:] = lesson.worth.reshape(f.worth.shape)
    f.expected += c.nets.baseline_gain * surprise
    if c.arms.attention == "frozen":
        lesson.gradient[:, world.layout.span("social_filter")] = 0.0
        lesson.norms[NETWORKS.index("social_filter")] = 0.0
    if c.arms.learning_until is not None and sim.tick >= c.arms.learning_until:
        lesson.norms[:] = 0.0
    else:
        rows = (-1, world.layout.genes)
        adam(
            f.genome.reshape(rows), f.mean.reshape(rows), f.square.reshape(rows), f.steps.reshape(-1),
            lesson.gradient, f.alive.reshape(-1), c.nets.learning_rate, c.nets.gradient_norm,
        )  # fmt: skip
    news.tell_gradients(sim, lesson.norms)
