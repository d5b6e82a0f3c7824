"""Numbers that are not finite, put into updates: each is named and undone, none is left in the learner."""

import re

import numpy as np
import pytest
import torch

from agents.hyperparameters import Hyperparameters
from agents.networks import ActorCritic, Shape
from agents.ppo import Learner, Update
from agents.rollout import Rollout

BAD = (np.nan, np.inf, -np.inf)
SETTINGS = Hyperparameters(epochs=2, minibatch=16, minibatches_least=4, attention=0.0)
STEPS = 2 * 6
AGENTS, TICKS, FEATURES = 8, 13, 3


def played(learner, seed):
    """A rollout of eight agents with twelve closed rows each and an open one."""
    rng = np.random.default_rng(seed)
    rollout = Rollout(1, AGENTS, FEATURES, 1, learner.discount)
    who, nobody = np.arange(AGENTS, dtype=np.int32), np.zeros((1, AGENTS), np.bool_)
    for tick in range(TICKS):
        rollout.decided(
            tick, np.zeros(AGENTS, np.int32), who, rng.normal(size=(AGENTS, FEATURES)).astype(np.float32),
            rng.integers(0, 4, (AGENTS, 1)), np.ones((AGENTS, 1), np.bool_),
            np.full(AGENTS, np.log(0.25), np.float32),
        )  # fmt: skip
        rollout.rewarded(tick, rng.normal(size=(1, AGENTS)), nobody)
    return rollout


@pytest.fixture(scope="module")
def learner():
    """A learner that has learned a little, so that its optimiser remembers something."""
    network = ActorCritic(FEATURES, {"order": 4}, (0,), Shape((8,), (8,)), prior_steps=1e3)
    learner = Learner("shops", network, SETTINGS, 12)
    for seed in range(2):
        assert learner.update(played(learner, seed)).undone == ""
    return learner


def bits(learner):
    kept = learner.arrays()
    assert all(np.isfinite(array).all() for array in kept.values())
    assert any(name.startswith("adam") for name in kept)
    return {name: np.array(array).tobytes() for name, array in kept.items() if name != "updates"}


def assert_undone(learner, rollout, pattern):
    """The update says so, and weights, moments and yardsticks are to the bit what they were."""
    before = bits(learner)
    done = learner.update(rollout)
    assert re.fullmatch(f"shops: {pattern}: valid is a finite number", done.undone), done.undone
    assert done.row() == Update(reward=done.reward, undone=done.undone).row()
    assert bits(learner) == before


def test_three_hundred_gradients_that_are_not_finite_are_undone_at_their_parameter(learner):
    rng = np.random.default_rng(0)
    parameters = dict(learner.network.named_parameters())
    rollout = played(learner, 7)
    for k in range(300):
        name = list(parameters)[rng.integers(len(parameters))]
        at, step, bad, seen = rng.integers(parameters[name].numel()), rng.integers(STEPS), BAD[k % 3], []

        def poison(gradient, at=at, step=step, bad=bad, seen=seen):
            seen.append(1)
            if len(seen) != step + 1:
                return gradient
            poisoned = gradient.clone()
            poisoned.view(-1)[at] = bad
            return poisoned

        hook = parameters[name].register_hook(poison)
        assert_undone(learner, rollout, rf"gradient of {name} is (nan|inf)")
        hook.remove()
        assert len(seen) == step + 1  # it stopped there


@pytest.mark.parametrize(
    ("column", "shape"), [("observation", (FEATURES,)), ("reward", ()), ("log_probability", ())]
)
def test_a_hundred_numbers_of_a_rollout_that_are_not_finite_are_undone_at_their_row(learner, column, shape):
    rng = np.random.default_rng(1)
    rollout = played(learner, 8)
    numbers = getattr(rollout.transitions, column)
    for k in range(100):
        row = len(numbers) - 1 - k  # open rows among them
        at = (row, *(int(rng.integers(width)) for width in shape))
        kept, numbers[at] = numbers[at], BAD[k % 3]
        assert_undone(learner, rollout, rf"{column} {re.escape(str(list(at)))} is {BAD[k % 3]}")
        numbers[at] = kept


@pytest.mark.parametrize("large", [1e200, -1e200])
def test_a_reward_too_large_for_a_yardstick_is_undone(learner, large):
    rollout = played(learner, 9)
    rollout.transitions.reward[3] = large
    assert_undone(learner, rollout, r"(loss|gradient|earned\.square).* is (nan|inf)")


@pytest.mark.parametrize("last", [3, STEPS])
def test_weights_that_overflow_in_a_step_are_undone(learner, monkeypatch, last):
    steps, step = [], learner.optimiser.step

    def overflow():
        step()
        steps.append(1)
        if len(steps) == last:
            learner.network.value.bias.data.fill_(torch.inf)

    monkeypatch.setattr(learner.optimiser, "step", overflow)
    # After the last step nothing is computed any more: what is left is checked as well.
    where = r"network\.value\.bias \[0\] is inf" if last == STEPS else "loss is (nan|inf)"
    assert_undone(learner, played(learner, 10), where)


def test_a_first_update_that_is_undone_leaves_an_optimiser_without_memory():
    fresh, seen = (
        Learner("shops", ActorCritic(FEATURES, {"order": 4}, (0,), prior_steps=1e3), SETTINGS, 12),
        [],
    )
    before = {name: array.tobytes() for name, array in fresh._copy().items() if name != "updates"}

    def poison(gradient):
        seen.append(1)
        return gradient * (np.nan if len(seen) == 5 else 1.0)

    fresh.network.value.weight.register_hook(poison)
    assert fresh.update(played(fresh, 0)).undone
    assert {n: a.tobytes() for n, a in fresh._copy().items() if n != "updates"} == before
    assert not fresh.optimiser.state


def test_an_update_after_one_that_was_undone_is_as_good_as_ever(learner):
    rollout = played(learner, 11)
    kept, rollout.transitions.reward[0] = rollout.transitions.reward[0], np.nan
    assert learner.update(rollout).undone
    rollout.transitions.reward[0] = kept
    before = bits(learner)
    assert learner.update(rollout).undone == ""
    assert bits(learner) != before
