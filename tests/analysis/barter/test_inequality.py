"""Inequality of a moment and of lives."""

import numpy as np
import pytest

from analysis.barter.inequality import inequality, lasting_inequality

RNG = np.random.default_rng(0)


def numbers(amounts):
    return np.broadcast_to(np.arange(amounts.shape[2]), amounts.shape)


def test_inequality_is_the_mean_of_its_moments_and_has_no_null():
    amounts = np.array([[[1.0, 3.0], [2.0, 2.0]], [[0.0, 4.0], [0.0, 1.0]]])  # .25 and 0; .5 and .5
    found = inequality("holdings", amounts)
    assert (found.name, found.value, found.n) == ("inequality, holdings", 0.3125, 2)
    assert found.verdict == "nothing to hold it against"


def test_taking_turns_is_unequal_each_moment_and_equal_in_lives():
    amounts = np.array([[[0.0, 4.0], [4.0, 0.0]]])
    assert inequality("meals", amounts).value == 0.5
    assert lasting_inequality("meals", amounts, numbers(amounts)).value == 0.0


def test_luck_leaves_some_inequality_in_short_lives_and_the_null_is_it():
    amounts = RNG.exponential(1.0, (32, 20, 15))
    found = lasting_inequality("meals", amounts, numbers(amounts))
    assert found.value == pytest.approx(found.null, abs=0.01)
    assert found.value > 0.08


def test_lasting_advantage_is_above_luck():
    amounts = RNG.exponential(1.0, (16, 20, 15)) * np.linspace(0.5, 1.5, 15)
    assert lasting_inequality("meals", amounts, numbers(amounts)).sign == 1


def test_lives_in_a_slot_are_told_apart():
    amounts = np.array([[[1.0], [1.0], [3.0]]])
    identity = np.array([[[0], [0], [7]]])
    assert lasting_inequality("meals", amounts, identity).value == 0.25
