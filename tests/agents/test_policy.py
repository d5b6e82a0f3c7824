"""The policies every seat can be given."""

from types import SimpleNamespace

import numpy as np
import pytest

from agents.policy import FixedPolicy, RandomPolicy, RulePolicy


def asked(rows=2000):
    rng = np.random.default_rng(0)
    uniform = rng.random((rows, 2))
    uniform[:2] = [[2.0**-53, 2.0**-53], [1 - 2.0**-53, 1 - 2.0**-53]]
    return SimpleNamespace(heads={"price": 5, "hire": 3}, neutral=np.array([2, 1]), uniform=uniform)


def test_the_rule_is_the_neutral_residual():
    assert RulePolicy().act(asked()).tolist() == [2, 1]


def test_random_choices_are_equally_likely_and_within_the_head():
    action = RandomPolicy().act(asked())
    assert action.dtype == np.int64
    assert action[:2].tolist() == [[0, 0], [4, 2]]
    for head, size in enumerate((5, 3)):
        assert np.allclose(np.bincount(action[:, head]) / 2000, 1 / size, atol=0.04)


@pytest.mark.parametrize(("indices", "answer"), [((4, 0), [4, 0]), (1, [1, 1]), ((1,), [1, 1])])
def test_fixed_choices_are_the_same_for_all(indices, answer):
    assert FixedPolicy(indices).act(asked()).tolist() == answer
