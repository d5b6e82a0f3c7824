"""Heads of every kind, sets and memory: PPO finds the best policy where it is known by hand."""

import numpy as np
import pytest

from agents.observation import Feature, Items
from simengine.kernel.heads import Categorical, Real, Simplex, Tokens
from tests.agents.asking import School


def test_a_real_number_learns_the_target_that_what_is_seen_implies():
    """Reward -(x - 1 - 2 a)²: the best is 0, the best constant earns -4/3."""

    def lesson(school):
        for _ in range(4):
            seen = school.rng.uniform(-1, 1, size=(school.agents, 2)).astype(np.float32)
            price = school.ask(seen)["price"][:, 0]
            school.earn(-((price - 1.0 - 2.0 * seen[:, 0]) ** 2), ended=True)

    school = School(2, {"price": Real(-2.0, 4.0)})
    school.learn(lesson, 60)
    found = school.taught(lesson)
    assert found > -0.01


def test_shares_learn_the_weights_of_a_logarithmic_utility():
    """Cobb and Douglas: utility Σ w log x is largest where shares are the weights, which are observed."""

    def lesson(school):
        for _ in range(4):
            seen = school.rng.dirichlet((3.0, 3.0, 3.0), size=school.agents)
            basket = school.ask(seen.astype(np.float32))["basket"]
            school.earn((seen * (np.log(np.maximum(basket, 1e-9)) - np.log(seen))).sum(axis=1), ended=True)

    school = School(3, {"basket": Simplex(3)}, divergence_most=0.03)
    school.learn(lesson, 60)
    found = school.taught(lesson)
    assert found > -0.01


def test_symbols_learn_to_say_what_is_seen_in_order():
    def lesson(school):
        for _ in range(4):
            word = school.rng.integers(4, size=(school.agents, 3))
            seen = np.eye(4, dtype=np.float32)[word].reshape(school.agents, 12)
            school.earn((school.ask(seen)["word"] == word).mean(axis=1), ended=True)

    school = School(12, {"word": Tokens(4, 3)}, entropy=0.01)
    school.learn(lesson, 60)
    found = school.taught(lesson)
    assert found > 0.98


def test_heads_of_all_kinds_are_learned_side_by_side():
    heads = {"job": Categorical(3), "price": Real(0.0, 1.0), "basket": Simplex(2), "word": Tokens(3, 2)}

    def lesson(school):
        for _ in range(4):
            x = school.rng.uniform(size=school.agents)
            it = school.ask(np.stack([x, x > 0.5], axis=1).astype(np.float32))
            job = it["job"][:, 0] == np.where(x > 0.5, 2, 1)
            word = (it["word"] == np.where(x > 0.5, [[0], [2]], [[1], [1]]).T).mean(axis=1)
            price, basket = np.abs(it["price"][:, 0] - x), np.abs(it["basket"][:, 0] - 0.2 - 0.6 * x)
            school.earn(job + word - price - basket, ended=True)

    school = School(2, heads, entropy=0.001)
    school.learn(lesson, 80)
    found = school.taught(lesson)
    assert found > 1.9


RECALL = 4


def recall(school):
    """A cue of 3 is shown, then nothing for three decisions; the fourth is paid for naming it."""
    for _ in range(4):
        cue = school.rng.integers(3, size=school.agents)
        for step in range(RECALL):
            seen = np.zeros((school.agents, 4), np.float32)
            seen[:, 3] = step == RECALL - 1
            if step == 0:
                seen[np.arange(school.agents), cue] = 1.0
            named = school.ask(seen)[:, 0] == cue
            last = step == RECALL - 1
            school.earn(named * last, ended=last)


def test_a_cue_that_is_gone_is_remembered_and_without_memory_it_cannot_be():
    best, chance = 1.0 / RECALL, 1.0 / 3.0 / RECALL
    found = {}
    for memory in (0, 16):
        school = School(
            4, {"name": Categorical(3)}, agents=128, memory=memory, sequence=RECALL,
            entropy=0.01, discount_annual=0.9,
        )  # fmt: skip
        school.learn(recall, 50)
        found[memory] = school.taught(recall)
    assert found[0] < chance + 0.02
    assert found[16] > 0.95 * best


@pytest.mark.parametrize(("name", "fold"), [("mean", np.mean), ("largest", np.max)])
def test_the_mean_and_the_largest_of_a_set_are_learned(name, fold):
    """Offers are many or few; the reward is minus the squared distance to the mean or the largest of them."""
    features = {"offers": Items((Feature("price", "1"),), 6)}

    def lesson(school):
        for _ in range(4):
            many = school.rng.integers(1, 7, size=school.agents)
            there = np.arange(6) < many[:, None]
            offers = school.rng.uniform(size=(school.agents, 6)) * there
            wanted = np.array([fold(row[:n]) for row, n in zip(offers, many)])
            seen = {"offers": offers[..., None].astype(np.float32), "offers_mask": there}
            school.earn(-((school.ask(seen)["bid"][:, 0] - wanted) ** 2), ended=True)

    school = School(features, {"bid": Real(0.0, 1.0)})
    school.learn(lesson, 60)
    found = school.taught(lesson)
    assert found > -0.003


def test_a_thousand_and_twenty_four_heads_are_learned_at_once():
    """Each is paid for saying 1, which the prior says one time in five."""

    def lesson(school):
        for _ in range(2):
            said = school.ask(np.ones((school.agents, 1), np.float32))
            school.earn(said.mean(axis=1), ended=True)

    rewards = School(1, {f"head{k}": Categorical(2) for k in range(1024)}).learn(lesson, 8)
    assert rewards[0] == pytest.approx(0.2, abs=0.01)
    assert (np.diff(rewards) > 0.0).all()
    assert rewards[-1] > rewards[0] + 0.04
