"""The Gymnasium environment: the library's own checks, and one agent's decisions among given policies."""

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env, data_equivalence

from simengine.environments import gym_env
from simengine.environments.single_agent import ID
from simengine.errors import UserError
from simengine.simulation import Simulation
from tests.environments.village import Village
from tests.kernel.kitchen import Kitchen

MACRO = {"config": {"warmup_years": 0}, "years": 0.5}
WORLDS = {
    "villager": lambda **mode: gym_env(Village, "villagers", 1, {"all": "random"}),
    "central bank": lambda **mode: gym_env("macro", "central_bank", policies={"firms": "random"}, **MACRO),
    "cook": lambda **mode: gym_env(Kitchen, "cooks", 2, years=1.0),
    "household": lambda **mode: gym_env("macro", "households", 17, **MACRO),
}
ADVICE = "ignore:.*For Box action spaces, we recommend using a symmetric and normalized space:UserWarning"
UNBOUNDED = "ignore:.*A Box observation space (minimum|maximum) value is -?infinity:UserWarning"


@pytest.mark.filterwarnings(UNBOUNDED, ADVICE)
@pytest.mark.parametrize("name", WORLDS)
def test_the_environment_checker_of_gymnasium_passes(name):
    gymnasium.register("simengine-tests/Checked-v0", WORLDS[name])
    try:
        check_env(gymnasium.make("simengine-tests/Checked-v0").unwrapped)
    finally:
        del gymnasium.registry["simengine-tests/Checked-v0"]


def trace(env, seed):
    """Everything an episode of a seed returns, with actions of that seed."""
    env.action_space.seed(seed)
    steps = [env.reset(seed=seed)]
    while not any(steps[-1][2:4]):
        steps.append(env.step(env.action_space.sample()))
    return steps


@pytest.mark.parametrize("name", WORLDS)
def test_the_same_seed_gives_the_same_episode_and_another_seed_another(name):
    env = WORLDS[name]()
    first = trace(env, 3)
    assert len(first) > 1
    assert all(data_equivalence(a, b) for a, b in zip(first, trace(env, 3), strict=True))
    assert all(data_equivalence(a, b) for a, b in zip(first, trace(WORLDS[name](), 3), strict=True))
    assert not all(data_equivalence(a, b) for a, b in zip(first, trace(env, 4)))


def test_an_agent_that_answers_as_its_policy_would_changes_nothing():
    env = gym_env(Village, "villagers", 0, {"all": "random"}, years=0.5)
    env.reset(seed=6)
    over = False
    while not over:
        _, _, terminated, truncated, _ = env.step(env.tensor.rest("villagers")[env._row])
        over = terminated or truncated
    sim = Simulation(Village(), seed=6, policies={"all": "random"})
    sim.run(until=24)
    assert env.tensor.sim.digest == sim.digest


def test_a_step_leads_to_the_agents_next_decision_and_the_others_follow_their_policy():
    env = gym_env(Village, "villagers", 2, {"villagers": "fixed:2,0"}, years=0.5)
    observation, info = env.reset(seed=1)
    assert observation[:2].tolist() == [2, 0]
    assert info["tick"] == 0
    assert [mask.tolist() for mask in info["action_mask"]] == [[1, 1, 1], [1, 0]]
    observation, reward, terminated, truncated, info = env.step([1, 0])
    assert (reward, terminated, truncated, info["tick"], info["elapsed"]) == (4, False, False, 4, 4)
    assert env.tensor.sim.world.villagers.gold[0].tolist() == [16, 16, 12, 0]
    observation, reward, terminated, truncated, info = env.step([2, 0])
    assert (reward, terminated, truncated, info["tick"], info["elapsed"]) == (4, True, False, 8, 2)
    with pytest.raises(UserError, match=r"villagers 2: the episode is over; valid is reset\(\)"):
        env.step([1, 0])


def test_the_horizon_truncates():
    env = gym_env(Village, "elders", years=0.25)
    env.reset(seed=1)
    env.step([1, 0])
    _, _, terminated, truncated, info = env.step([1, 0])
    assert (terminated, truncated, info["tick"]) == (False, True, 12)


def test_a_registered_name_makes_the_environment():
    assert ID == "simengine/SingleAgent-v0"
    env = gymnasium.make(f"simengine.environments.single_agent:{ID}", world=Village, population="elders")
    observation, _ = env.reset(seed=2)
    assert observation.shape == (3,)
    assert np.isfinite(observation).all()


def begun():
    """An environment whose first decision is due."""
    env = gym_env(Village, "villagers", 0)
    env.reset(seed=1)
    return env


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: gym_env(Village, "villagers", 4), "agent 4 of villagers: valid is 0 to 3"),
        (lambda: gym_env(Village, "villager"), "unknown population 'villager'"),
        (lambda: gym_env(Village, "villagers", 3, years=0.125).reset(), "never asked before tick 6"),
        (lambda: gym_env(Village, "villagers", 0).step([1, 0]), "the episode is over"),
        (lambda: begun().step([0.5, 0]), r"villagers 0 is \(2,\) float64: valid is MultiDiscrete\(\[3 2\]\)"),
        (lambda: begun().step([1]), r"is \(1,\) int64: valid is MultiDiscrete"),
    ],
)
def test_what_cannot_be_an_agent_is_refused(make, said):
    with pytest.raises(UserError, match=said):
        make()
