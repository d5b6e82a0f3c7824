"""Spaces: which one heads and observations have, bounded, and which answers its actions are."""

import numpy as np
import pytest
from gymnasium import spaces
from hypothesis import given
from hypothesis import strategies as st

from simengine.environments import TensorEnv, parallel_env
from simengine.environments.spaces import Actions, observation_space
from simengine.errors import UserError
from simengine.kernel import Categorical, Real, Simplex, Tokens
from simengine.simulation import Simulation
from tests.kernel.kitchen import Kitchen

INDICES = {"dish": Categorical(4, 1), "order": Tokens(5, width=2)}
NUMBERS = {"heat": Real(0.0, 2.0), "mix": Simplex(3)}


def test_heads_that_choose_by_index_are_one_multidiscrete_space():
    acting = Actions(INDICES)
    assert acting.space == spaces.MultiDiscrete([4, 5, 5])
    assert acting.rest.tolist() == [1, 0, 0]
    answer = acting.answer([np.array([3, 4, 0]), np.array([0, 1, 2])])
    assert {head: given.tolist() for head, given in answer.items()} == {
        "dish": [[3], [0]], "order": [[4, 0], [1, 2]],
    }  # fmt: skip


def test_heads_that_choose_numbers_are_one_bounded_box():
    acting = Actions(NUMBERS)
    assert acting.space == spaces.Box(np.float32([0, 0, 0, 0]), np.float32([2, 1, 1, 1]))
    assert acting.space.is_bounded()
    answer = acting.answer([np.array([3.0, 1.0, 0.5, 0.5]), np.array([-1.0, 0.0, 0.0, 0.0])])
    assert answer["heat"].tolist() == [[2.0], [0.0]]
    assert answer["mix"].tolist() == [[0.5, 0.25, 0.25], [1 / 3] * 3]


def test_heads_of_both_sorts_are_a_dict_by_head():
    space = Actions(INDICES | NUMBERS).space
    assert space == spaces.Dict({
        "dish": spaces.MultiDiscrete([4]), "order": spaces.MultiDiscrete([5, 5]),
        "heat": spaces.Box(0.0, 2.0, (1,)), "mix": spaces.Box(0.0, 1.0, (3,)),
    })  # fmt: skip


def test_observations_of_several_arrays_are_a_dict_and_masks_are_binary():
    seen = observation_space({"own": (3,), "heard": (4, 2), "heard_mask": (4,)})
    assert seen["own"].shape == (3,)
    assert seen["heard"].shape == (4, 2)
    assert seen["heard_mask"] == spaces.MultiBinary((4,))
    assert observation_space(7).shape == (7,)


@given(st.integers(0, 10_000), st.sampled_from([INDICES, NUMBERS, INDICES | NUMBERS]))
def test_every_action_of_a_space_is_a_valid_answer(seed, heads):
    acting = Actions(heads)
    acting.space.seed(seed)
    answer = acting.answer([acting.space.sample() for _ in range(5)])
    for name, head in heads.items():
        assert not head.wrong(answer[name].astype(head.dtype)).any()


def test_the_mask_of_a_head_that_is_not_asked_leaves_the_neutral_choice():
    acting = Actions(INDICES | NUMBERS)
    masks = acting.masks(np.array([False, True, True, False]))
    assert [mask.tolist() for mask in masks["dish"]] == [[0, 1, 0, 0]]
    assert [mask.tolist() for mask in masks["order"]] == [[1] * 5] * 2
    assert masks["heat"] is masks["mix"] is None
    assert acting.space.contains(acting.space.sample(masks))


def test_agents_without_an_action_take_the_neutral_answer_of_every_kind():
    env = parallel_env(Kitchen, ("cooks",), years=1.0)
    env.reset(seed=3)
    while env.agents:
        env.step({})
    sim = Simulation(Kitchen(), seed=3, policies={"cooks": "rule"})
    sim.run(until=12)
    assert env.tensor.sim.digest == sim.digest


def test_steps_lead_from_barrier_to_barrier_of_an_instant():
    env = TensorEnv(Kitchen, ("cooks",), years=1.0)
    rows = env.reset(seed=1)["cooks"]
    seen = []
    while not env.over:
        seen.append((rows.tick, rows.asked.any(axis=0).tolist()))
        rows = env.step({"cooks": env.rest("cooks")})["cooks"]
    first, second = [True, True, True, True, False, True], [False, False, False, False, True, True]
    assert seen[:4] == [(0, first), (0, second), (1, first), (1, second)]
    sim = Simulation(Kitchen(), seed=1)
    sim.run(until=12)
    assert env.sim.digest == sim.digest


def test_observations_of_several_arrays_come_with_their_masks():
    env = TensorEnv(Kitchen, ("cooks",), replicas=2)
    rows = env.reset(seed=1)["cooks"]
    assert env.features["cooks"] == {"own": (3,), "heard": (4,), "heard_mask": (4,)}
    assert {name: array.shape for name, array in rows.observation.items()} == {
        "own": (10, 3), "heard": (10, 4), "heard_mask": (10, 4),
    }  # fmt: skip
    assert env.look("cooks")["heard_mask"].shape == (2, 7, 4)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (np.zeros((5, 6), np.int64), "valid is a dict of arrays by head: dish, heat"),
        ({"dishes": np.zeros(5, np.int64)}, "did you mean 'dish'"),
        ({"dish": np.zeros(5)}, r"\['dish'\] is \(5, 1\) float64: valid are integers \(5, 1\)"),
        ({"mix": np.zeros((5, 2))}, r"\['mix'\] is \(5, 2\) float64: valid are numbers \(5, 3\)"),
    ],
)
def test_answers_that_do_not_fit_are_refused(answer, said):
    env = TensorEnv(Kitchen, ("cooks",))
    env.reset(seed=1)
    with pytest.raises(UserError, match=said):
        env.step({"cooks": answer})
