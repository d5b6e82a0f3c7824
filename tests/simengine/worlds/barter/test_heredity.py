"""Who has children in the barter society: by reward per tick, by its rank, or by chance; never alone."""

from types import SimpleNamespace

import numpy as np
import pytest

from simengine import Simulation
from simengine.worlds.barter.births import mean_reward, parents
from simengine.worlds.barter.config import BarterConfig, Heredity
from simengine.worlds.barter.world import Barter
from streams.barter import events as ev

AGENTS = 8


def society(ticks, replicas=2, **settings):
    config = {"agents": AGENTS, "lifespan": 12, "year": 20} | settings
    sim = Simulation(Barter(BarterConfig(**config)), seed=3, replicas=replicas)
    sim.run(ticks=ticks)
    return sim


def drawn(sim, selection, fitness):
    """Mothers and fathers of the first three slots' successors if those who live earned `fitness`."""
    dies = np.zeros((sim.R, AGENTS), bool)
    dies[:, :3] = True
    f = SimpleNamespace(fitness=fitness, born=np.zeros((sim.R, AGENTS), np.int64))
    born = parents(sim, f, dies, Heredity(selection=selection))
    return np.stack([born.mother, born.father])


def test_founders_are_measured_by_the_ticks_that_were_seen_of_them():
    f = SimpleNamespace(fitness=np.array([[6.0, 6.0, 6.0]]), born=np.array([[-70, -1, 4]]))
    np.testing.assert_allclose(mean_reward(f, tick=9), [[0.6, 0.6, 1.0]])


@pytest.mark.parametrize("selection", ["reward", "rank", "neutral"])
def test_only_neutral_selection_is_blind_to_reward(selection):
    sim = society(5, replicas=40)
    rising = np.broadcast_to(np.arange(AGENTS, dtype=float), (sim.R, AGENTS))
    up, down = drawn(sim, selection, rising), drawn(sim, selection, rising[:, ::-1])
    assert np.array_equal(up, down) == (selection == "neutral")
    assert (up.mean() > down.mean()) == (selection != "neutral")
    assert up.min() >= 3


def test_a_child_has_two_parents_where_two_live():
    sim = society(0)
    births = []
    sim.events(ev.Birth).subscribe(births.append)
    sim.run(ticks=60)
    assert sum(len(batch) for batch in births) > 60
    assert all((batch.mother != batch.father).all() for batch in births)


def test_who_lives_on_alone_is_both_parents():
    sim = society(1, agents=2)
    dies = np.array([[True, False], [False, True]])
    born = parents(sim, sim.state["foragers"], dies, Heredity())
    assert born.mother.tolist() == born.father.tolist() == [1, 0]
