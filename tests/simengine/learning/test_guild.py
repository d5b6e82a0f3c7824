"""Heads of every kind, items and memory, from barrier to weights file: learned, resumed, shared out."""

from dataclasses import replace

import pytest

from agents.weights import load
from simengine.learning.evaluation import evaluate, returns
from simengine.learning.plan import Plan
from simengine.learning.training import Trainer
from tests.simengine.learning.guild import BEST, BEST_FORGETFUL
from tests.simengine.learning.local_workers import by_local
from tests.simengine.learning.worlds import bits, log

WORLD = "tests.simengine.learning.guild:Guild"
SETTINGS = {
    "shape": "small", "memory": 16, "sequence": 8, "learning_rate": 0.01, "attention": 0.0, "entropy": 0.003,
    "divergence_most": 0.1, "minibatches_least": 4, "epochs": 4, "discount_annual": 0.9**12, "greedy": True,
}  # fmt: skip
PLAN = Plan(
    world=WORLD, replicas=4, iterations=60, span_years=2.0, spans=5, settings={"all": SETTINGS},
    evaluate_every=0,
)  # fmt: skip


def watch(trainer):
    """Nobody looks."""


def never():
    return False


def judged(policy):
    """The mean reward of a day on noise that nobody learned from."""
    return returns(evaluate(WORLD, {}, {"apprentices": policy}, 99, 8, 2.0))["apprentices"].mean()


def test_a_mixed_seat_is_learned_to_nearly_the_best_and_beyond_what_is_possible_without_memory(tmp_path):
    trainer = Trainer.begin(PLAN, tmp_path)
    untrained = judged(trainer.pupils["apprentices"].trained({}).policy())
    assert trainer.run(watch, never)
    learned = judged(load(tmp_path / "models" / "apprentices.safetensors").policy())
    print(f"best {BEST}, forgetful {BEST_FORGETFUL:.3f}, untrained {untrained:.3f}, learned {learned:.3f}")
    assert untrained < 0.6
    assert learned > 0.94 * BEST > BEST_FORGETFUL
    assert not any(row["undone"] for row in trainer.rows)


BRIEF = replace(PLAN, replicas=3, iterations=4, span_years=0.5, spans=2, config={"apprentices": 5})


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Four iterations of five days and a half of a life each, in two episodes."""
    trainer = Trainer.begin(BRIEF, tmp_path_factory.mktemp("whole"))
    assert trainer.run(watch, never)
    return trainer


@pytest.mark.parametrize("stop", [1, 2, 3])
def test_interrupted_and_resumed_it_ends_in_the_same_bits(stop, whole, tmp_path):
    trainer = Trainer.begin(BRIEF, tmp_path)
    assert not trainer.run(watch, lambda: trainer.iteration >= stop)
    resumed = Trainer.resume(tmp_path)
    assert resumed.run(watch, never)
    assert bits(resumed) == bits(whole)
    assert log(resumed) == log(whole)
    assert resumed.collector.sim.digest == whole.collector.sim.digest


def test_workers_with_shares_of_the_replicas_learn_the_same_bits(whole, tmp_path):
    crew = Trainer.begin(BRIEF, tmp_path, collect_by=by_local(2))
    assert crew.run(watch, never)
    assert bits(crew) == bits(whole)
    assert log(crew) == log(whole)


def test_a_training_goes_on_from_its_weights_file(whole, tmp_path):
    path = str(whole.folder / "models" / "last" / "apprentices.safetensors")
    started = Trainer(replace(BRIEF, start={"apprentices": path}), tmp_path)
    mine, its = started.pupils["apprentices"].trained({}), load(path)
    assert mine.digest == its.digest
    assert mine.build == its.build
