"""Yardsticks: means and deviations of what was seen, and layers that stay the same function."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from agents.hyperparameters import Hyperparameters
from agents.networks import SHAPES, ActorCritic
from agents.ppo import Learner
from agents.yardsticks import LEAST_SD, Yardstick, rescale_inputs, rescale_output

seeds = st.integers(0, 2**32 - 1)


def measured(*parts, memory=1e9):
    yardstick = Yardstick(parts[0].shape[1], memory)
    for part in parts:
        yardstick.see(part)
    return yardstick


@settings(max_examples=50)
@given(seeds, st.lists(st.integers(1, 40), min_size=1, max_size=6))
def test_parts_seen_one_after_another_measure_like_all_at_once(seed, rows):
    rng = np.random.default_rng(seed)
    every = rng.normal(rng.normal(size=3), 2.0, size=(sum(rows), 3))
    yardstick = measured(*np.split(every, np.cumsum(rows)[:-1]))
    np.testing.assert_allclose(yardstick.mean, every.mean(axis=0), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(yardstick.sd, np.maximum(every.std(axis=0), LEAST_SD), rtol=1e-6, atol=1e-7)


def test_an_untouched_yardstick_changes_nothing_and_a_constant_does_not_divide_by_zero():
    assert Yardstick(2, 10.0).mean.tolist() == [0.0, 0.0]
    assert Yardstick(2, 10.0).sd.tolist() == [1.0, 1.0]
    constant = measured(np.full((50, 1), 3.0))
    assert (constant.mean[0], constant.sd[0]) == (3.0, LEAST_SD)


def test_what_is_older_than_the_memory_fades():
    old, new = np.zeros((100, 1)), np.ones((100, 1))
    # 100 rows count for 100 of 200 each time, so that every part halves the distance
    assert measured(old, *[new] * 3, memory=100.0).mean[0] == pytest.approx(1 - 1 / 8)


def scales(rng, width):
    return rng.normal(size=width) * 3, np.exp(rng.normal(size=width) * 2)


@settings(max_examples=50)
@given(seeds)
def test_a_layer_of_observations_stays_the_same_function_of_the_raw_ones(seed):
    rng = np.random.default_rng(seed)
    before, after = scales(rng, 4), scales(rng, 4)
    layer = nn.Linear(6, 8)
    nn.init.orthogonal_(layer.weight, generator=torch.Generator().manual_seed(seed))
    nn.init.zeros_(layer.bias)
    raw = after[0] + after[1] * rng.normal(size=(50, 4))

    def answer(mean, sd):
        padded = np.hstack([(raw - mean) / sd, rng.normal(size=(50, 2)) * 0])
        with torch.no_grad():
            return layer.double()(torch.from_numpy(padded)).numpy()

    first = answer(*before)
    rescale_inputs(layer.float(), before, after)
    np.testing.assert_allclose(answer(*after), first, rtol=1e-4, atol=2e-6 * (1 + np.abs(first).max()))


@settings(max_examples=50)
@given(seeds)
def test_a_layer_of_values_stays_the_same_function_in_the_unit_of_rewards(seed):
    rng = np.random.default_rng(seed)
    before, after = scales(rng, 1), scales(rng, 1)
    layer, x = nn.Linear(8, 1), torch.from_numpy(rng.normal(size=(50, 8)).astype(np.float32))
    with torch.no_grad():
        first = layer(x).double().numpy() * before[1] + before[0]
        rescale_output(layer, before, after)
        again = layer(x).double().numpy() * after[1] + after[0]
    largest = np.abs(first).max() + np.abs(after[0]).max() + np.abs(before[0]).max()
    np.testing.assert_allclose(again, first, rtol=1e-5, atol=2e-6 * largest)


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_a_learner_that_measures_acts_and_values_as_before(shape):
    rng = np.random.default_rng(5)
    learner = Learner("shops", ActorCritic(4, {"order": 6}, (2,), SHAPES[shape]), Hyperparameters(), 12)
    for _ in range(3):
        raw = (rng.normal(size=(500, 4)) * [0.1, 1, 10, 1] + [0, 3, -20, 1]).astype(np.float32)
        answers = []
        for measure in (False, True):
            if measure:
                learner._measure_observations(raw)
                learner._measure_returns(rng.normal(50.0, 20.0, size=300))
            seen = learner._normalised(raw)
            with torch.no_grad():
                answers.append((learner.network(seen)[0].numpy(), learner._values(seen)))
        np.testing.assert_allclose(answers[1][0], answers[0][0], rtol=1e-4, atol=1e-4)
        np.testing.assert_allclose(answers[1][1], answers[0][1], rtol=1e-4, atol=1e-3)
