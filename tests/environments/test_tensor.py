"""The tensor interface: what is asked, earned, ended and truncated, row by row."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from simengine.environments import TensorEnv
from simengine.errors import UserError
from simengine.kernel import Categorical, KernelError
from simengine.simulation import Simulation
from streams.events import Reward
from tests.environments.village import BORN, DIES, REPLACED, VANISHES, Village

QUARTER = 0.25


def village(fates=None, **declared):
    return TensorEnv(lambda: Village(fates or {}), ("villagers",), years=QUARTER, **declared)


def digging(rows):
    """Slots 0 to 3 dig 2, 1, 0 and 2 a week, and nobody talks."""
    return np.stack([np.array([2, 1, 0, 2])[rows.agent], np.zeros(len(rows), np.int64)], axis=1)


def history(env, seed=1):
    """Every row of an episode in which everyone digs: (tick, replica, agent) → what was told."""
    rows, told = env.reset(seed)["villagers"], {}
    while True:
        for i in range(len(rows)):
            told[rows.tick, int(rows.replica[i]), int(rows.agent[i])] = (
                *(float(rows.reward[i]), int(rows.elapsed[i])),
                *(bool(rows.asked[i].any()), bool(rows.ended[i]), bool(rows.truncated[i])),
            )
        if env.over:
            return told
        rows = env.step({"villagers": digging(rows)})["villagers"]


ASKED, LAST = (True, False, False), (False, False, True)
DIED, HEIR = (False, True, False), (True, True, False)


def test_rewards_are_summed_from_each_agents_decision_to_its_next():
    told = history(village())
    assert told == {
        (0, 0, 0): (0, 0, *ASKED), (0, 0, 1): (0, 0, *ASKED), (0, 0, 2): (0, 0, *ASKED),
        (2, 0, 0): (4, 2, *ASKED),
        (4, 0, 0): (4, 2, *ASKED), (4, 0, 1): (4, 4, *ASKED), (4, 0, 2): (0, 4, *ASKED),
        (8, 0, 0): (8, 4, *ASKED), (8, 0, 1): (4, 4, *ASKED), (8, 0, 2): (0, 4, *ASKED),
        (10, 0, 0): (4, 2, *ASKED),
        (12, 0, 0): (4, 2, *LAST), (12, 0, 1): (4, 4, *LAST), (12, 0, 2): (0, 4, *LAST),
    }  # fmt: skip


def test_a_discount_counts_from_the_decision():
    told = history(village(discount=0.5))
    assert told[2, 0, 0] == (2 + 1, 2, *ASKED)
    assert told[4, 0, 0] == (2 + 1, 2, *ASKED)
    assert told[4, 0, 1] == (1 + 0.5 + 0.25 + 0.125, 4, *ASKED)


def test_a_life_that_ends_is_told_once_with_its_own_time_and_reward():
    fates = {5: [(1, 1, DIES)], 6: [(0, 1, REPLACED)], 9: [(1, 0, VANISHES)]}
    told = history(village(fates, replicas=2))
    assert told[8, 1, 1] == (2, 2, *DIED)
    assert (12, 1, 1) not in told
    assert told[8, 0, 1] == (3, 3, *HEIR)
    assert told[12, 0, 1] == (4, 4, *LAST)
    assert told[10, 1, 0] == (4, 2, *DIED)
    assert (12, 1, 0) not in told
    assert told[8, 1, 2] == told[8, 0, 2] == (0, 4, *ASKED)


def test_what_was_earned_before_the_first_decision_belongs_to_none():
    told = history(village({5: [(0, 3, BORN)]}))
    assert told[8, 0, 3] == (0, 0, *ASKED)
    assert told[12, 0, 3] == (8, 4, *LAST)


def test_an_heir_that_decides_before_the_next_step_of_others_is_told_apart_from_the_dead():
    told = history(village({1: [(0, 1, REPLACED)], 2: [(0, 0, REPLACED)]}))
    assert told[2, 0, 1] == (2, 2, *DIED)
    assert told[4, 0, 1] == (0, 0, *ASKED)
    assert told[4, 0, 0] == (2, 1, *HEIR)


@settings(max_examples=25)
@given(
    st.dictionaries(
        st.integers(0, 11),
        st.tuples(st.integers(0, 1), st.integers(0, 3), st.sampled_from([DIES, REPLACED, BORN])).map(
            lambda fate: [fate]
        ),
    ),
    st.sampled_from([1.0, 0.5]),
    st.integers(0, 99),
)
def test_rewards_agree_with_a_ledger_kept_by_hand(fates, discount, seed):
    env = village(fates, replicas=2, discount=discount)
    rows = env.reset(seed)["villagers"]
    draw, since, sums = np.random.default_rng(seed), {}, {}

    def note(batch):
        for i, key in enumerate(zip(batch.replica.tolist(), batch.agent.tolist())):
            if key in since:
                sums[key] += discount ** (batch.tick - since[key]) * batch.amount[i]
                if batch.ended[i]:
                    del since[key]

    env.sim.bus.listen(Reward, note)
    while not env.over:
        keys = list(zip(rows.replica.tolist(), rows.agent.tolist()))
        for i, key in enumerate(keys):
            if rows.asked[i].any():
                since[key], sums[key] = rows.tick, 0.0
        actions = draw.integers(0, [3, 2], (len(rows), 2))
        rows = env.step({"villagers": actions})["villagers"]
        for i, key in enumerate(zip(rows.replica.tolist(), rows.agent.tolist())):
            assert rows.reward[i] == sums.pop(key, 0.0)
    assert not any(sums.values())


def test_arrays_have_the_documented_shapes_and_are_the_callers_own():
    env = village(replicas=3)
    rows = env.reset(1)["villagers"]
    assert (env.heads, env.features, env.slots) == (
        {"villagers": {"dig": Categorical(3, neutral=1), "talk": Categorical(2)}},
        {"villagers": 3},
        {"villagers": 4},
    )
    assert rows.observation.shape == (9, 3)
    assert rows.asked.shape == (9, 2)
    for name in ("replica", "agent", "observation", "asked", "reward", "elapsed", "ended", "truncated"):
        tensor = torch.from_numpy(getattr(rows, name))
        assert len(tensor) == len(rows) == 9
        tensor.zero_()
    again = env.step({"villagers": torch.ones((9, 2), dtype=torch.int64)})["villagers"]
    assert again.agent.tolist() == [0, 0, 0]
    assert again.replica.tolist() == [0, 1, 2]


def test_observations_at_the_horizon_are_those_of_the_horizon():
    env = village()
    rows = env.reset(1)["villagers"]
    while not env.over:
        rows = env.step({"villagers": digging(rows)})["villagers"]
    assert rows.observation[:, :2].tolist() == [[0, 12], [1, 12], [2, 12]]


def test_an_episode_answered_by_a_policy_is_the_run_with_that_policy_inside():
    env = TensorEnv(Village, ("villagers", "elders"), years=1, policies={"all": "random"})
    env.reset(seed=7)
    while not env.over:
        env.step({name: env.rest(name) for name in env.populations})
    sim = Simulation(Village(), seed=7, policies={"all": "random"})
    sim.run(until=48)
    assert (env.sim.tick, env.sim.digest) == (48, sim.digest)
    assert env.sim.counted() | {"batches": 0} == sim.counted() | {"batches": 0}


def test_episodes_of_a_seed_run_on_replica_numbers_of_their_own():
    together, alone = village(replicas=2), village()
    rows = together.reset(seed=5)["villagers"]
    first = alone.reset(seed=5)["villagers"]
    second = alone.reset()["villagers"]
    for replica, single in enumerate((first, second)):
        assert np.array_equal(rows.observation[rows.replica == replica], single.observation)
    assert not np.array_equal(first.observation, second.observation)
    assert alone.sim.numbers == (1,)
    assert np.array_equal(alone.reset(seed=5)["villagers"].observation, first.observation)


def test_warming_up_follows_the_policies_given_and_earns_nothing():
    env = TensorEnv(Village, ("villagers",), years=QUARTER, policies={"villagers": "fixed:2,1"})
    rows = env.reset(1)["villagers"]
    assert env.sim.world.villagers.gold[0].tolist() == [8, 8, 8, 0]
    assert (rows.reward == 0).all()


@pytest.mark.parametrize(
    ("actions", "said"),
    [
        ({}, r"villagers are asked: valid is actions\['villagers'\]"),
        ({"villagers": np.ones((3, 2))}, r"\(3, 2\) float64: valid are integers \(3, 2\)"),
        ({"villagers": np.ones((4, 2), np.int64)}, r"\(4, 2\) int64: valid are integers \(3, 2\)"),
        ({"villagers": np.full((3, 2), 3)}, r"answered \[3, 3\] to agent 0"),
    ],
)
def test_answers_that_do_not_fit_are_refused_and_may_be_corrected(actions, said):
    env = village()
    rows = env.reset(1)["villagers"]
    with pytest.raises((UserError, KernelError), match=said):
        env.step(actions)
    assert env.step({"villagers": digging(rows)})["villagers"].reward.tolist() == [4]


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ({"populations": ("villager",)}, "unknown population 'villager': did you mean 'villagers'"),
        ({"populations": ("strangers",)}, "'strangers' of world village: nothing is shown to it"),
        ({"populations": ()}, "populations is empty: valid are some of villagers, elders, strangers"),
        ({"years": 0}, "years = 0 is 0 ticks: valid is a whole number of ticks from 1"),
        ({"years": 0.1}, "years = 0.1 is 4.8"),
        ({"discount": 0.0}, "discount = 0.0: valid is above 0"),
    ],
)
def test_what_cannot_be_an_environment_is_refused(declared, said):
    with pytest.raises(UserError, match=said):
        TensorEnv(**({"world": Village, "populations": ("villagers",)} | declared))


def test_a_step_without_or_after_an_episode_is_refused():
    with pytest.raises(UserError, match="the episode is over"):
        village().step({})


def test_macro_steps_every_population_at_once():
    env = TensorEnv(
        "macro",
        ("central_bank", "government", "banks", "households", "firms"),
        replicas=2,
        years=QUARTER,
        policies="rule",
        config={"warmup_years": 0},
    )
    told, asked = env.reset(seed=1), dict.fromkeys(env.populations, 0)
    while not env.over:
        for name, rows in told.items():
            asked[name] += int(rows.asked.any(axis=1).sum())
        told = env.step({name: env.rest(name) for name in env.populations})
    assert {name: asked[name] for name in ("central_bank", "government", "banks", "households")} == {
        "central_bank": 4, "government": 2, "banks": 30, "households": 600,
    }  # fmt: skip
    assert asked["firms"] >= 120
    assert all(rows.truncated.all() and len(rows) == 2 * env.slots[name] for name, rows in told.items())
    sim = Simulation("macro", policies="rule", seed=1, replicas=2, config={"warmup_years": 0})
    sim.run(until=12)
    assert sim.digest == env.sim.digest
