"""Policies: the rule is neutral, the random one uniform by its keyed noise, the fixed one fixed."""

from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from agents import FixedPolicy, RandomPolicy, RulePolicy
from simengine.kernel import Categorical

HEADS = {"consume": 4, "borrow": 2, "work": 3}


def question(uniform, heads=HEADS, neutral=(2, 1, 1)):
    """What a seat asks, as far as these policies look."""
    specs = {name: Categorical(size) for name, size in heads.items()}
    return SimpleNamespace(uniform=np.array(uniform, np.float64), heads=specs, neutral=np.array(neutral))


def test_the_rule_answers_neutrally():
    assert RulePolicy().act(question([[0.1, 0.1, 0.1]])).tolist() == [2, 1, 1]


def test_the_random_policy_cuts_the_unit_interval_into_equal_parts():
    answers = RandomPolicy().act(question([[0.0, 0.49, 0.32], [0.25, 0.5, 0.34], [0.76, 0.51, 0.67]]))
    assert answers.tolist() == [[0, 0, 0], [1, 1, 1], [3, 1, 2]]
    assert answers.dtype == np.int64


def test_the_random_policy_stays_inside_the_table_at_the_edge_of_the_interval():
    least, top = 2.0**-53, 1 - 2.0**-53
    answers = RandomPolicy().act(question([[least] * 3, [top] * 3]))
    assert answers.tolist() == [[0, 0, 0], [3, 1, 2]]
    assert RandomPolicy().act(question([[top]], {"rate": 10**6})).tolist() == [[10**6 - 1]]


@pytest.mark.parametrize("head", range(3))
def test_the_random_policy_finds_every_index_equally_likely(head):
    answers = RandomPolicy().act(question(np.random.default_rng(3).random((20_000, 3))))
    assert stats.chisquare(np.bincount(answers[:, head], minlength=list(HEADS.values())[head])).pvalue > 0.01


def test_an_agents_random_answer_depends_on_its_own_noise_alone():
    uniform = np.random.default_rng(4).random((50, 3))
    order = np.random.default_rng(5).permutation(50)
    policy = RandomPolicy()
    together = policy.act(question(uniform))
    np.testing.assert_array_equal(policy.act(question(uniform[order])), together[order])
    np.testing.assert_array_equal(policy.act(question(uniform[7:8]))[0], together[7])


def test_no_rows_get_no_answers():
    assert RandomPolicy().act(question(np.empty((0, 3)))).shape == (0, 3)


def test_the_fixed_policy_answers_one_index_per_head_or_one_for_all():
    assert FixedPolicy((3, 0, 2)).act(question([[0.5] * 3])).tolist() == [3, 0, 2]
    assert FixedPolicy(1).act(question([[0.5] * 3])).tolist() == [1, 1, 1]
    assert FixedPolicy((1,)).act(question([[0.5] * 3])).tolist() == [1, 1, 1]
    assert FixedPolicy((4,)).act(question([[0.5]], {"rate": 21})).tolist() == [4]


def test_none_of_them_looks_at_an_observation():
    assert not any(policy.needs_observation for policy in (RulePolicy(), RandomPolicy(), FixedPolicy(0)))
