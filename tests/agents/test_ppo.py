"""The learner: gradients known by hand, when it stops, how it anneals, and that it forgets nothing."""

from dataclasses import replace
from math import exp, log

import numpy as np
import pytest
import torch

from agents.hyperparameters import Hyperparameters
from agents.joint import Joint
from agents.networks import ActorCritic, Shape
from agents.ppo import Learner, Update
from agents.rollout import Rollout

P = (0.6, 0.4)  # of the two actions; what the network says at an observation of zeros
FREE = Hyperparameters(gradient_norm=1e9, value_clip=None, clip=0.1, attention=0.0, minibatches_least=4)


def made(settings=FREE, seed=0, value=0.0):
    """A learner of one head with two actions, whose network answers P and `value` to zeros."""
    network = ActorCritic(2, {"order": 2}, (0,), Shape((4,), (4,)), seed=1)
    with torch.no_grad():
        network.policy.bias.copy_(torch.tensor(P).log())
        network.value.bias.fill_(value)
    return Learner("shops", network, settings, 12, seed)


def climb(learner, said, gain, target, old=0.0, entropy=0.0):
    """One step on rows that took action 0 with these log-probabilities; what it recorded."""
    said = torch.tensor(np.atleast_1d(said), dtype=torch.float32)
    rows = len(said)

    def column(x):
        return torch.tensor(np.broadcast_to(x, rows).copy(), dtype=torch.float32)

    data = {
        "seen": torch.zeros(rows, 2), "action": torch.zeros(rows, 1, dtype=torch.int64),
        "asked": torch.ones(rows, 1), "said": said, "gain": column(gain), "target": column(target),
        "value": column(old),
    }  # fmt: skip
    done = Update()
    divergence = learner._step(data, torch.arange(rows)[:, None], entropy, done)
    return done, divergence


def score(ratio, gain):
    """Gradient of `-ratio gain` with respect to the two logits: -ratio gain (one - p)."""
    return np.array([-ratio * gain * (1 - P[0]), ratio * gain * P[1]])


@pytest.mark.parametrize(
    ("ratio", "gain", "expected"),
    [
        (1.0, 2.0, score(1.0, 2.0)),
        (1.05, -2.0, score(1.05, -2.0)),
        (1.2, 2.0, [0.0, 0.0]),  # better and already likelier: enough
        (1.2, -2.0, score(1.2, -2.0)),  # worse and likelier: back
        (0.8, 2.0, score(0.8, 2.0)),
        (0.8, -2.0, [0.0, 0.0]),
    ],
)
def test_the_clipped_surrogate_has_the_gradient_by_hand(ratio, gain, expected):
    learner = made()
    done, divergence = climb(learner, log(P[0] / ratio), gain, target=0.0)
    np.testing.assert_allclose(learner.network.policy.bias.grad, expected, atol=1e-6)
    assert done.clipped == (abs(ratio - 1.0) > 0.1)
    assert divergence == pytest.approx(ratio - 1.0 - log(ratio), abs=1e-6)
    np.testing.assert_allclose(learner.network.value.bias.grad, 0.0, atol=1e-6)


def test_rows_of_a_minibatch_are_averaged():
    learner = made()
    climb(learner, [log(P[0]), log(P[0] / 1.2)], [3.0, 1.0], target=0.0)
    np.testing.assert_allclose(learner.network.policy.bias.grad, score(1.0, 3.0) / 2, atol=1e-6)


@pytest.mark.parametrize(
    ("value_clip", "old", "expected"),
    [
        (None, 0.0, 0.5 - 1.0),
        (0.2, 0.4, 0.5 - 1.0),  # it moved by .1: nothing is clipped
        (0.2, 0.0, 0.0),  # it moved towards the target by more than .2: enough
        (0.2, 1.5, 0.5 - 1.0),  # it moved past the target: the clipped error, of 1.3, is the smaller
    ],
)
def test_the_squared_error_of_values_has_the_gradient_by_hand(value_clip, old, expected):
    learner = made(replace(FREE, value=0.5, value_clip=value_clip), value=0.5)
    done, _ = climb(learner, log(P[0]), 0.0, target=1.0, old=old)
    assert learner.network.value.bias.grad.item() == pytest.approx(expected, abs=1e-6)
    assert done.value_error == pytest.approx(0.64 if old == 0.0 and value_clip else 0.25)


def test_the_entropy_bonus_has_the_gradient_by_hand():
    learner = made()
    done, _ = climb(learner, log(P[0]), 0.0, target=0.0, entropy=0.3)
    entropy = -sum(p * log(p) for p in P)
    assert done.entropy == pytest.approx(entropy)
    expected = [0.3 * p * (log(p) + entropy) for p in P]
    np.testing.assert_allclose(learner.network.policy.bias.grad, expected, atol=1e-6)


def test_log_probability_and_entropy_count_the_heads_asked():
    logits = torch.tensor([[0.7, 0.2, 0.1, 0.6, 0.4]]).log().repeat(4, 1)
    action = torch.tensor([[1, 0]]).repeat(4, 1)
    asked = torch.tensor([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
    prior = torch.tensor([0.5, 0.3, 0.2, 0.5, 0.5]).log()
    said, entropy, information = Joint({"a": 3, "b": 2}).spoken(logits, prior, action, asked)
    three, two = (-sum(p * log(p) for p in head) for head in ((0.7, 0.2, 0.1), P))
    np.testing.assert_allclose(said, [log(0.2) + log(0.6), log(0.2), log(0.6), 0.0], rtol=1e-5)
    np.testing.assert_allclose(entropy, [three + two, three, two, 0.0], rtol=1e-5)
    away = sum(p * log(p / q) for p, q in zip((0.7, 0.2, 0.1), (0.5, 0.3, 0.2)))
    apart = sum(p * log(p / 0.5) for p in P)
    np.testing.assert_allclose(information, [away + apart, away, apart, 0.0], rtol=1e-4)


@pytest.mark.parametrize("most", [1e-3, 0.5, 1e9])
def test_the_gradient_is_scaled_to_its_largest_norm_and_otherwise_left_alone(most):
    free, bound = made(), made(replace(FREE, gradient_norm=most))
    done = [climb(learner, log(P[0]), 5.0, target=3.0)[0] for learner in (free, bound)]
    length = done[0].gradient_norm
    assert done[1].gradient_norm == pytest.approx(length)  # recorded as it was
    shrink = min(1.0, most / length)
    for mine, its in zip(bound.network.parameters(), free.network.parameters(), strict=True):
        np.testing.assert_allclose(mine.grad, its.grad * shrink, rtol=1e-4, atol=1e-12)


# -- whole updates ----------------------------------------------------------------------------------


class Counting(Learner):
    """A learner that counts its steps and remembers the weight of the entropy."""

    steps, entropies = 0, ()

    def _step(self, data, batch, entropy_weight, done):
        self.steps += 1
        self.sizes = (*getattr(self, "sizes", ()), len(batch))
        self.entropies = (*self.entropies, entropy_weight)
        return super()._step(data, batch, entropy_weight, done)


def played(learner, seed=0, agents=20, ticks=11):
    """A rollout of twenty agents that are rewarded for action 1; each has ten closed rows and an open one."""
    rng, shape = np.random.default_rng(seed), (1, agents)
    rollout = Rollout(*shape, 2, 1, learner.discount)
    who = np.arange(agents, dtype=np.int32)
    for tick in range(ticks):
        seen = rng.normal(size=(agents, 2)).astype(np.float32)
        with torch.no_grad():
            said = learner.network(learner._normalised(seen))[0].log_softmax(dim=1).numpy()
        action = (rng.random(agents) > np.exp(said[:, 0])).astype(np.int64)
        rollout.decided(
            tick, np.zeros(agents, np.int32), who, seen, action[:, None], np.ones((agents, 1), np.bool_),
            said[who, action],
        )  # fmt: skip
        rollout.rewarded(tick, action[None] + 0.1 * rng.normal(size=shape), np.zeros(shape, np.bool_))
    return rollout


def counting(**settings):
    inner = made(replace(FREE, minibatch=50, **settings))
    return Counting("shops", inner.network, inner.settings, 12)


@pytest.mark.parametrize(("most", "epochs"), [(0.0, 1), (1e9, 3), (None, 3)])
def test_epochs_end_when_the_policy_has_moved_too_far(most, epochs):
    learner = counting(epochs=3, divergence_most=most, learning_rate=0.01)
    done = learner.update(played(learner))
    assert (done.epochs, learner.steps) == (epochs, 4 * epochs)
    assert done.divergence > 0.0


def test_minibatches_are_no_larger_than_asked_and_no_fewer_than_the_least():
    for settings, sizes in (
        ({}, (50,) * 4),
        ({"minibatches_least": 8}, (25,) * 8),
        ({"rows_most": 120, "minibatches_least": 1}, (50, 50, 20)),
    ):
        learner = counting(epochs=1, **settings)
        assert learner.update(played(learner)).rows == sum(sizes)
        assert learner.sizes == sizes


def test_rates_fall_in_a_line_to_the_end_of_the_training():
    learner = counting(epochs=1, learning_rate=0.004, entropy=0.2)
    for progress in (0.0, 0.25, 0.75):
        learner.entropies = ()
        learner.update(played(learner), progress)
        assert learner.optimiser.param_groups[0]["lr"] == pytest.approx(0.004 * (1 - progress))
        assert learner.entropies == pytest.approx([0.2 * (1 - progress)] * 4)
    fixed = counting(epochs=1, learning_rate=0.004, entropy=0.2, anneal=False)
    fixed.update(played(fixed), 0.75)
    assert fixed.optimiser.param_groups[0]["lr"] == 0.004
    assert fixed.entropies == (0.2,) * 4


def test_the_discount_of_a_tick_is_the_years_root():
    assert made(replace(FREE, discount_annual=0.5)).discount ** 12 == pytest.approx(0.5)


def test_what_is_rewarded_becomes_likelier_and_values_what_is_earned():
    learner = made(replace(FREE, epochs=10, learning_rate=0.01, discount_annual=1e-12, minibatch=64))
    for seed in range(15):
        done = learner.update(played(learner, seed))
    with torch.no_grad():
        share = learner.network(torch.zeros(1, 2))[0].softmax(dim=1)[0, 1].item()
    assert share > 0.95
    assert learner._values(torch.zeros(1, 2))[0] == pytest.approx(share, abs=0.2)
    assert exp(-done.entropy) > 0.8
    assert done.undone == ""


def test_an_update_without_a_closed_row_changes_no_weight():
    learner = made()
    before = learner._copy()
    assert learner.update(played(learner, ticks=1)).rows == 0
    after = learner.arrays()
    assert all(np.array_equal(before[name], after[name]) for name in before if name != "updates")


def bits(learner):
    return {name: np.array(x).tobytes() for name, x in learner.arrays().items()}


def test_an_update_depends_on_the_learner_and_the_rollout_alone():
    def after(seed):
        learner = made(replace(FREE, minibatch=32), seed)
        torch.rand(seed + 3)
        for k in range(3):
            learner.update(played(learner, k))
        return bits(learner)

    assert after(0) == after(0)
    assert after(0) != after(1)


def test_minibatches_are_drawn_anew_for_each_update_population_and_seed():
    learners = made(), made(seed=1), Learner("mills", made().network, FREE, 12)
    keys = {learner._key() for learner in learners}
    for learner in learners:
        learner.update(played(learner))
        keys.add(learner._key())
    assert len(keys) == 6


def test_a_learner_restored_from_its_arrays_goes_on_to_the_same_bits():
    one, other = made(), made(seed=0)
    for k in range(2):
        one.update(played(one, k))
    other.restore({name: np.array(x) for name, x in one.arrays().items()})
    assert bits(other) == bits(one)
    for k in range(2, 4):
        one.update(played(one, k), 0.5)
        other.update(played(other, k), 0.5)
    assert bits(other) == bits(one)
    fresh = made()
    one.restore(fresh.arrays())
    assert bits(one) == bits(fresh)
    assert not one.optimiser.state


def test_a_row_of_the_log_holds_plain_numbers():
    learner = made()
    row = learner.update(played(learner)).row()
    assert all(type(number) in (int, float, str) for number in row.values())
    assert 0.0 < row["reward"] < 1.2
    assert row["rows"] == 200


def test_in_bfloat16_the_gradient_is_nearly_the_same_and_weights_stay_float32():
    gradients = []
    for precision in ("float32", "bfloat16"):
        network = made(value=0.3).network
        learner = Learner("shops", network, FREE, 12, precision=precision)
        climb(learner, log(P[0]), 2.0, target=1.0)
        gradients.append(network.policy.bias.grad.numpy().copy())
        assert {x.dtype for x in network.state_dict().values()} == {torch.float32}
    np.testing.assert_allclose(gradients[1], gradients[0], rtol=0.01)
    assert not np.array_equal(*gradients)
