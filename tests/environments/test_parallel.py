"""The PettingZoo environment: the library's own tests, and which slot is shown, paid and masked when."""

import numpy as np
import pytest
from pettingzoo.test import parallel_api_test, parallel_seed_test

from simengine.environments import parallel_env
from simengine.errors import UserError
from simengine.simulation import Simulation
from tests.environments.village import Village
from tests.kernel.kitchen import Kitchen

MACRO = {"config": {"warmup_years": 0}, "years": 0.25}
CROWD = {"value": 30, "noise": 10, "parents": 5, "makers": 2, "fast": 2, "funds": 3, "momentum": 5, "pool": 3}
WORLDS = {
    "villagers": lambda: parallel_env(Village, ("villagers",)),
    "all villagers": lambda: parallel_env(Village, ("elders", "villagers"), discount=0.9),
    "cooks": lambda: parallel_env(Kitchen, ("cooks",)),
    "macro": lambda: parallel_env("macro", ("central_bank", "banks", "firms"), **MACRO),
    "traders": lambda: parallel_env(
        "exchange", ("traders",), years=0.002, config={"seated": ["makers"], "traders": CROWD}
    ),
}


@pytest.mark.parametrize("name", WORLDS)
def test_the_api_test_of_pettingzoo_passes(name, capsys):
    parallel_api_test(WORLDS[name](), num_cycles=200)
    assert "Passed Parallel API test" in capsys.readouterr().out


@pytest.mark.parametrize("name", WORLDS)
def test_the_seed_test_of_pettingzoo_passes(name):
    parallel_seed_test(WORLDS[name], num_cycles=200)


def episode(env, dig):
    """Every step of an episode in which slot n digs dig[n] a week."""
    steps = [(*env.reset(seed=1), {})]
    while env.agents:
        observations, rewards, _, truncations, infos = env.step(
            {agent: np.array([dig[int(agent[-1])], 0]) for agent in env.agents}
        )
        steps.append((observations, infos, rewards))
    assert all(truncations.values())
    return steps


def test_every_slot_is_an_agent_and_infos_say_who_lives_and_is_asked():
    env = parallel_env(Village, ("villagers",), years=0.25)
    assert env.possible_agents == [f"villagers_{slot}" for slot in range(4)]
    steps = episode(env, (2, 1, 1, 2))
    assert [infos["villagers_0"]["tick"] for _, infos, _ in steps] == [0, 2, 4, 8, 10, 12]

    def over_time(key, slot):
        return [np.asarray(infos[f"villagers_{slot}"][key]).tolist() for _, infos, _ in steps]

    assert over_time("alive", 2) == [True, True, True, False, False, False]
    assert over_time("ended", 2) == [False, False, False, True, False, False]
    assert over_time("alive", 3) == [False, False, False, False, True, True]
    assert over_time("ended", 1) == [False, False, False, True, False, False]
    assert over_time("elapsed", 1) == [0, 0, 4, 3, 0, 4]
    dig, talk = [True, False], [False, True]
    assert over_time("asked", 0) == [dig, talk, dig, dig, talk, [False, False]]
    assert [rewards["villagers_1"] for _, _, rewards in steps[1:]] == [0, 4, 3, 0, 4]
    assert [rewards["villagers_2"] for _, _, rewards in steps[1:]] == [0, 4, 2, 0, 0]
    assert [seen["villagers_2"].any() for seen, _, _ in steps] == [True, True, True, False, False, False]
    assert [seen["villagers_1"][1] for seen, _, _ in steps] == [0, 2, 4, 8, 10, 12]


def test_a_head_that_is_not_asked_allows_the_neutral_choice_alone():
    env = parallel_env(Village, ("villagers",))
    _, infos = env.reset(seed=1)
    asked, dead = ([mask.tolist() for mask in infos[f"villagers_{slot}"]["action_mask"]] for slot in (0, 3))
    assert asked == [[1, 1, 1], [1, 0]]
    assert dead == [[0, 1, 0], [1, 0]]
    for agent in env.agents:
        assert env.action_space(agent).contains(env.action_space(agent).sample(infos[agent]["action_mask"]))


def test_agents_without_an_action_follow_the_rule():
    env = parallel_env(Village, ("villagers", "elders"), years=0.5)
    env.reset(seed=3)
    while env.agents:
        env.step({})
    sim = Simulation(Village(), seed=3)
    sim.run(until=24)
    assert env.tensor.sim.digest == sim.digest


@pytest.mark.parametrize(
    ("actions", "said"),
    [
        ({"villager_0": np.array([1, 0])}, "unknown agent 'villager_0': did you mean 'villagers_0'"),
        ({"villagers_0": np.array([0.5, 0])}, r"\(3, 2\) float64: valid are integers \(3, 2\)"),
        ({"villagers_0": np.array([3, 0])}, r"answered \[3, 0\] to agent 0 of replica 0"),
    ],
)
def test_actions_that_are_none_are_refused_and_may_be_corrected(actions, said):
    env = parallel_env(Village, ("villagers",), years=0.25)
    env.reset(seed=1)
    with pytest.raises(ValueError, match=said):
        env.step(actions)
    assert env.step({})[4]["villagers_0"]["tick"] == 2


def test_populations_that_are_not_chosen_follow_their_policies():
    env = parallel_env(Village, ("elders",), years=0.5, policies={"villagers": "random"})
    env.reset(seed=3)
    while env.agents:
        env.step({"elders_0": np.array([1, 0])})
    sim = Simulation(Village(), seed=3, policies={"villagers": "random"})
    sim.run(until=24)
    assert env.tensor.sim.digest == sim.digest


def test_an_episode_in_which_nobody_is_ever_asked_is_refused_at_its_first_step():
    env = parallel_env(lambda: Village(fates={}, live=0), ("villagers",), years=0.25)
    env.reset(seed=1)
    assert env.agents == []
    with pytest.raises(UserError, match="the episode is over"):
        env.step({})
