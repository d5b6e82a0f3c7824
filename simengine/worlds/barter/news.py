"""What the barter society tells its observers; nothing is built when nobody listens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from markets import barter as markets
from simengine.worlds.barter.births import mean_reward
from simengine.worlds.barter.heads import wanted
from streams.barter import events as ev
from streams.events import Reward

if TYPE_CHECKING:
    from simengine.kernel import Simulation
    from simengine.worlds.barter.world import Barter


def rows_of(array: NDArray[Any]) -> list[NDArray[Any]]:
    """The indices of every entry of (R, N, …) in order, each (entries,): replica int32, then the others."""
    return [index.reshape(-1).astype(np.int32) for index in np.indices(array.shape)]


def tell_broadcasts(world: Barter, sim: Simulation) -> None:
    """Publish what was said by those whose turn it was."""
    if sim.wants(ev.Broadcast):
        spoke = np.repeat(world.turn(sim)[..., None], world.config.nets.message, axis=2)
        replica, agent, topic = np.nonzero(spoke)
        sim.publish(
            ev.Broadcast, replica=replica, agent=agent, topic=topic, value=world.foragers.message[spoke]
        )


def tell_attention(world: Barter, sim: Simulation) -> None:
    """Publish the attention of those whose turn it was."""
    if sim.wants(ev.Attention):
        f = world.foragers
        listens = np.broadcast_to(world.turn(sim)[..., None], f.attention.shape)
        replica, listener, _ = np.nonzero(listens)
        sim.publish(
            ev.Attention, replica=replica, listener=listener, speaker=f.attended[listens],
            share=f.attention[listens],
        )  # fmt: skip


def tell_production(
    world: Barter, sim: Simulation, job: NDArray[np.int64], made: NDArray[np.float64]
) -> None:
    """Publish jobs, effort and output."""
    if sim.wants(ev.Production):
        effort = world.foragers.effort.copy()
        sim.publish(ev.Production, dense=made.shape, job=job.astype(np.int16), effort=effort, amount=made)


def tell_trade(world: Barter, sim: Simulation, clearing: markets.Clearing) -> None:
    """Publish who gave what to whom at what price, prices, and the certificate."""
    before = world.foragers.endowment
    if sim.wants(ev.Trade):
        sim.publish(ev.Trade, **markets.flows(clearing, before)._asdict())
    if sim.wants(ev.Price):
        replica, good = np.nonzero(clearing.price > 0.0)
        sim.publish(ev.Price, replica=replica, good=good, price=clearing.price[replica, good])
    if sim.wants(ev.Clearing):
        taste, floor = world.tastes(), markets.floor_of(world.config.market)
        traded = before, clearing.allocation, wanted(world.foragers.declared)
        sim.publish(
            ev.Clearing, dense=(sim.R,), gap=clearing.gap, excess=clearing.excess,
            least_gain=clearing.least_gain, converged=clearing.converged.astype(np.int8),
            captured=markets.surplus_captured(*traded, floor=floor),
            distance=markets.walras_distance(*traded, floor=floor),
            mrs_dispersion=markets.mrs_dispersion(clearing.allocation, taste, floor=1.0),
            losers=markets.losers(*traded, floor=floor),
        )  # fmt: skip


def tell_meals(world: Barter, sim: Simulation, eaten: NDArray[np.float64]) -> None:
    """Publish what was eaten and held."""
    f = world.foragers
    if sim.wants(ev.Consumption) or sim.wants(ev.Holding):
        replica, agent, good = rows_of(eaten)
    if sim.wants(ev.Consumption):
        sim.publish(ev.Consumption, replica=replica, agent=agent, good=good, amount=eaten.reshape(-1))
    if sim.wants(ev.Holding):
        sim.publish(
            ev.Holding, replica=replica, agent=agent, good=good, before=f.endowment.flatten(),
            after=f.allocation.flatten(), kept=f.goods.flatten(),
        )  # fmt: skip


def tell_lives(world: Barter, sim: Simulation, dies: NDArray[np.bool_]) -> None:
    """Publish who lives and what each earned; `dies` (R, N) do not see the next tick."""
    f = world.foragers
    if sim.wants(Reward):
        read = sim.bus.reach(Reward)
        some = slice(read.start, read.stop)
        amount, ended = f.reward[some].copy(), dies[some]
        sim.publish(
            Reward, replica=read, dense=amount.shape, population="foragers", amount=amount, ended=ended
        )  # fmt: skip
    if sim.wants(ev.Forager):
        age = sim.tick + 1 - f.born
        sim.publish(
            ev.Forager, dense=dies.shape, identity=f.identity.copy(), age=age.astype(np.int32),
            reward=f.reward.copy(), fitness=mean_reward(f, sim.tick),
        )  # fmt: skip
    if sim.wants(ev.Taste):
        replica, agent, good = rows_of(f.taste)
        share = world.tastes().reshape(-1)
        sim.publish(ev.Taste, replica=replica, agent=agent, good=good, share=share)


def tell_gradients(sim: Simulation, norms: NDArray[np.float64]) -> None:
    """Publish the gradient-flow audit, `norms` (networks, R·N)."""
    if sim.wants(ev.GradientFlow):
        by_replica = norms.reshape(len(norms), sim.R, -1)
        replica, network = (i.reshape(-1) for i in np.indices((sim.R, len(norms))))
        share = (by_replica > 0.0).mean(axis=2).T.reshape(-1)
        norm = by_replica.mean(axis=2).T.reshape(-1)
        sim.publish(ev.GradientFlow, replica=replica, network=network, share=share, norm=norm)
