"""Death and birth: whoever dies is replaced at once, by a child of two of those who live on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.genetics import (
    gaussian_mutation,
    inherited_taste,
    neutral,
    rank,
    roulette,
    uniform_crossover,
)
from simengine.kernel import uniform_at
from simengine.kernel.noise import normal_at
from simengine.worlds.barter.config import Heredity
from simengine.worlds.barter.opening import intervals
from streams.barter.events import Birth, Death
from streams.jit import jit

if TYPE_CHECKING:
    from simengine.kernel import Simulation
    from simengine.worlds.barter.world import Barter

NOBODY = -1
MOMENTS = ("mean", "square")
SELECTIONS: dict[str, Callable[..., NDArray[np.int64]]] = {
    "reward": roulette,
    "rank": rank,
    "neutral": lambda fitness, able, uniform: neutral(able, uniform),
}


class Parents(NamedTuple):
    """Where the dead are and who takes their place: slots (births,) each in a replica (births,)."""

    replica: NDArray[np.int64]
    slot: NDArray[np.int64]
    mother: NDArray[np.int64]
    father: NDArray[np.int64]
    elder: NDArray[np.int64]


def parents(sim: Simulation, f: Any, dies: NDArray[np.bool_], rules: Heredity) -> Parents:
    """Draw two parents for each of those who die, (R, N), among the others, and an elder if there is culture.

    Where everyone dies at once, the dead are the parents; where one alone can be a parent, it is both.
    """
    draw = {
        name: sim.noise.uniform(f"birth.{name}", dies.shape[1])[dies][:, None]
        for name in ("mother", "father", "elder")
    }
    replica, slot = np.nonzero(dies)
    births = np.arange(slot.size)
    able = (~dies | dies.all(axis=1, keepdims=True))[replica]
    select, fitness = SELECTIONS[rules.selection], mean_reward(f, sim.tick)[replica]
    mother = select(fitness, able, draw["mother"])[:, 0]
    others = able.copy()
    others[births, mother] = able.sum(axis=1) == 1
    father = select(fitness, others, draw["father"])[:, 0]
    elder = np.full(slot.size, NOBODY)
    if rules.culture:
        elder = roulette((sim.tick + 1.0 - f.born)[replica], able, draw["elder"])[:, 0]
    return Parents(replica, slot, mother, father, elder)


def mean_reward(f: Any, tick: int) -> NDArray[np.float64]:
    """Reward per tick of everyone, (R, N), over the ticks that it has lived since the society opened."""
    return np.asarray(f.fitness / (tick + 1.0 - np.maximum(f.born, 0)))


def replace(world: Barter, sim: Simulation, dies: NDArray[np.bool_], starved: NDArray[np.bool_]) -> None:
    """Let those who die, (R, N), die, and children take their slots, their goods and their parents' genes."""
    f, rules = world.foragers, world.config.heredity
    born = parents(sim, f, dies, rules)
    at, mother, father = (born.replica, born.slot), (born.replica, born.mother), (born.replica, born.father)
    identity = numbered(world.society.born, born.replica)
    ages = sim.tick + 1 - f.born
    if sim.wants(Death):
        sim.publish(
            Death, replica=born.replica, agent=born.slot, identity=f.identity[at], age=ages[at],
            fitness=mean_reward(f, sim.tick)[at], cause=starved[at].astype(np.int8),
        )  # fmt: skip
    ids = f.identity[mother], f.identity[father]
    elder = np.where(born.elder == NOBODY, NOBODY, f.identity[born.replica, born.elder])
    if sim.wants(Birth):
        sim.publish(
            Birth, replica=born.replica, agent=born.slot, identity=identity, mother=ids[0], father=ids[1],
            elder=elder,
        )  # fmt: skip
    child = inherited(world, sim, f, born)
    taste = inherited_taste(
        f.taste[mother], f.taste[father], draws(sim, "birth.taste", born, f.taste.shape[2]), rules.taste_sd
    )
    expected = 0.5 * (f.expected[mother] + f.expected[father])
    worth = 0.5 * (f.worth[mother] + f.worth[father])
    steps = np.minimum(f.steps[mother], f.steps[father])
    f.identity[at], f.mother[at], f.father[at] = identity, *ids
    f.born[at], f.review[at] = sim.tick + 1, sim.tick + 1
    f.interval[at] = intervals(world.config, sim, "birth.interval")[at]
    f.taste[at], f.expected[at], f.worth[at], f.steps[at] = taste, expected, worth, steps
    for name, genes in child.items():
        getattr(f, name)[at] = genes
    for name in ("practice", "message", "signal", "spoken_from", "reward", "earned", "fitness", "action"):
        getattr(f, name)[at] = 0
    sim.forget("foragers", dies)


def inherited(world: Barter, sim: Simulation, f: Any, born: Parents) -> dict[str, NDArray[np.float32]]:
    """Genomes and moments (births, genes) of children: each gene, and its moments, from one parent."""
    rules, layout = world.config.heredity, world.layout
    genes = f.genome.shape[2]
    coin = draws(sim, "birth.crossover", born, genes, normal=False)
    child = {
        name: uniform_crossover(
            getattr(f, name)[born.replica, born.mother], getattr(f, name)[born.replica, born.father], coin
        )
        for name in ("genome", *MOMENTS)
    }
    for network in ("broadcast", "social_filter") if rules.culture else ():
        span = layout.span(network)
        theirs = f.genome[born.replica, born.elder, span]
        child["genome"][:, span] += np.float32(rules.culture) * (theirs - child["genome"][:, span])
    luck = draws(sim, "birth.mutation", born, genes)
    which = draws(sim, "birth.mutated", born, genes, normal=False)
    child["genome"] = gaussian_mutation(child["genome"], luck, which, rules.mutation_share, rules.mutation_sd)
    return child


def numbered(counter: NDArray[np.int64], replica: NDArray[np.int64]) -> NDArray[np.int64]:
    """New identities (births,) in the order of slots; `counter` (R,) of each replica moves on."""
    identity = np.empty(replica.size, np.int64)
    for i, r in enumerate(replica):
        identity[i] = counter[r]
        counter[r] += 1
    return identity


def draws(
    sim: Simulation, stream: str, born: Parents, width: int, normal: bool = True
) -> NDArray[np.float64]:
    """Keyed draws (births, width) of the slots being filled."""
    return _draws(sim.noise.key(stream), born.replica, born.slot, width, normal)


@jit
def _draws(keys, replica, slot, width, normal):
    out = np.empty((slot.size, width))
    for i in range(slot.size):
        for k in range(width):
            place = slot[i] * width + k
            key = keys[replica[i]]
            out[i, k] = normal_at(key, place) if normal else uniform_at(key, place)
    return out
