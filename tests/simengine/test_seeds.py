"""Every whole number is a seed that works, or is refused in one line, wherever a seed can be given."""

import numpy as np
import pytest
from gymnasium.error import Error
from hypothesis import example, given, settings
from hypothesis import strategies as st

import simengine
from simengine.environments import TensorEnv, gym_env
from simengine.learning.collecting import Economies
from simengine.learning.learners import probe_of, pupils_of
from simengine.learning.plan import Plan
from simengine.scenarios import Scenario

SHOPS = {"shops": 2}


def trained(seed):
    plan = Plan("inventory", replicas=1, seed=seed, config=SHOPS)
    Economies(plan, pupils_of(plan, probe_of(plan), 1))


GIVEN = {
    "simulation": lambda seed: simengine.Simulation("inventory", seed=seed, config=SHOPS),
    "replica": lambda seed: simengine.Simulation("inventory", replicas=[seed], config=SHOPS),
    "scenario": lambda seed: Scenario(world="inventory", seed=seed),
    "tensor": lambda seed: TensorEnv("inventory", ("shops",), config=SHOPS).reset(seed),
    "gym": lambda seed: gym_env("inventory", "shops", config=SHOPS).reset(seed=seed),
    "training": trained,
}


@pytest.mark.parametrize("place", GIVEN)
@settings(max_examples=8)
@given(st.integers(-(2**70), 2**70))
@example(2**63)
@example(2**64 - 1)
@example(2**64)
@example(-1)
def test_a_seed_works_or_is_refused_in_one_line(place, seed):
    valid = 2**31 if place == "replica" else 2**64
    if 0 <= seed < valid:
        GIVEN[place](seed)
    else:
        with pytest.raises((ValueError, Error), match=str(seed)):
            GIVEN[place](seed)


def test_large_seeds_are_seeds_of_their_own():
    seeds = (0, 2**63 - 1, 2**63, 2**64 - 1)
    sims = [simengine.Simulation("inventory", seed=seed, config=SHOPS) for seed in seeds]
    for sim in sims:
        sim.run(ticks=30)
    assert len({sim.digest for sim in sims}) == len(seeds)


def test_environments_without_a_seed_differ_and_go_on_by_themselves():
    envs = [TensorEnv("inventory", ("shops",), config=SHOPS) for _ in range(3)]
    for env in envs:
        env.reset()
        env.reset()
    assert len({env.seed for env in envs}) == 3
    again = TensorEnv("inventory", ("shops",), config=SHOPS)
    again.reset(envs[0].seed)
    again.reset()
    assert np.array_equal(again.sim.noise.uniform("x", 3), envs[0].sim.noise.uniform("x", 3))
