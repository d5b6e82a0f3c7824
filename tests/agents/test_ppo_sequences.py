"""PPO over sequences: what is remembered is carried along as it was when the policy acted."""

import numpy as np
import pytest
import torch

from agents.observation import Feature, Items
from agents.rollout import sequences
from simengine.kernel.heads import Categorical, Real
from tests.agents.asking import School

FEATURES = {"own": (Feature("a", "1"),), "offers": Items((Feature("p", "1"),), 3)}
HEADS = {"job": Categorical(3), "price": Real(0.0, 1.0)}


def lived(sequence=4, agents=10, ticks=11, seed=0, **settings):
    """A school whose agents have lived through some ticks; they all die at tick 6."""
    school = School(FEATURES, HEADS, agents, seed, memory=5, sequence=sequence, minibatch=32, **settings)
    life(school, ticks)
    return school


def life(school, ticks=11):
    for tick in range(ticks):
        there = school.rng.random((school.agents, 3)) < 0.5
        offers = (school.rng.normal(size=there.shape) * there).astype(np.float32)
        own = school.rng.normal(size=(school.agents, 1)).astype(np.float32)
        answer = school.ask({"own": own, "offers": offers, "offers_mask": there})
        school.earn(answer["price"][:, 0] + answer["job"][:, 0], ended=tick == 6)


@pytest.mark.parametrize("sequence", [1, 3, 16])
def test_unchanged_weights_say_of_sequences_what_was_said_when_they_acted(sequence):
    school = lived(sequence)
    learner, rows = school.learner, school.policy.rollout.transitions
    batch = torch.from_numpy(sequences(rows.following, sequence))
    where, outputs, values = learner._answers(learner._normalised(rows.observation), batch)
    said, _, _ = learner.network.joint.spoken(
        outputs, learner.network.prior, torch.from_numpy(rows.action)[where],
        torch.from_numpy(rows.asked).float()[where],
    )  # fmt: skip
    np.testing.assert_allclose(said.detach(), rows.log_probability[where], atol=1e-4)
    alone = learner._values(learner._normalised(rows.observation))[where]
    worth = values.detach() * learner.earned.sd[0] + learner.earned.mean[0]
    np.testing.assert_allclose(worth, alone, atol=1e-4)


def test_a_gradient_flows_back_to_the_first_step_of_a_sequence_and_no_further():
    learner = lived(sequence=4).learner
    seen = torch.rand(2, 4, learner.network.layout.width, requires_grad=True)
    outputs, _ = learner.network(seen)
    outputs[0, 3].sum().backward()
    moved = seen.grad.abs().sum(dim=2)
    assert (moved[0] > 0.0).all()
    assert (moved[1] == 0.0).all()
    memory = learner.network.layout.remembered(seen.grad)
    assert (memory[0, 0] != 0.0).any()  # what was stored before the first step
    assert (memory[0, 1:] == 0.0).all()  # later ones are computed, not taken from the rows


def test_measuring_anew_what_is_observed_leaves_the_function_as_it_is():
    school = lived()
    learner, rows = school.learner, school.policy.rollout.transitions.observation
    with torch.no_grad():
        before = learner.network(learner._normalised(rows))[0]
        learner._measure_observations(rows)
        after = learner.network(learner._normalised(rows))[0]
    assert learner.items["offers"].rows[0] == learner.network.layout.described(rows, "offers")[1].sum()
    np.testing.assert_allclose(after, before, atol=1e-4)


def test_minibatches_are_whole_sequences_and_all_closed_rows_are_learned_from():
    school = lived(sequence=4, epochs=1, minibatches_least=1)
    sizes = []
    step = school.learner._step
    school.learner._step = lambda data, batch, *rest: sizes.append(batch.shape) or step(data, batch, *rest)
    done = school.learner.update(school.policy.rollout)
    # Ten lives of seven decisions, in 4 + 3, and ten of four, of which the last is open.
    assert done.rows == 10 * 7 + 10 * 3
    assert sizes == [(8, 4), (8, 4), (8, 4), (6, 4)]
    assert done.undone == ""


def test_a_learner_restored_from_its_arrays_goes_on_to_the_same_bits():
    def bits(school):
        return {name: np.array(x).tobytes() for name, x in school.learner.arrays().items()}

    one, other = lived(), lived(seed=0)
    one.learner.update(one.policy.rollout)
    other.learner.restore({name: np.array(x) for name, x in one.learner.arrays().items()})
    assert bits(one) == bits(other)
    for school in (one, other):
        school.policy.rollout.clear()
        school.ready()
        school.rng = np.random.default_rng(7)
        life(school)
        school.learner.update(school.policy.rollout)
    assert bits(one) == bits(other)
