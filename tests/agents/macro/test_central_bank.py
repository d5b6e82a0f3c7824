"""The central bank: the Taylor rule by hand, at rest and off it."""

import numpy as np
import pytest

from agents.macro import central_bank
from tests.agents.macro.states import assert_heads_match_tables

RESPONSES = (0.81, 1.5, 0.5)  # smoothing a quarter, inflation, output


def rate(previous=0.05, neutral=0.02, inflation=0.03, target=0.03, output_gap=0.0, responses=RESPONSES):
    arrays = (np.array([number]) for number in (previous, neutral, inflation, target, output_gap))
    return central_bank.rule_rate(*arrays, responses)[0]


def test_the_action_table_is_half_points_up_to_five_and_neutral_in_the_middle():
    assert_heads_match_tables(central_bank, 21, rate=(central_bank.RATE, 0))
    np.testing.assert_allclose(np.diff(central_bank.RATE), 0.005)
    assert central_bank.RATE[[0, -1]].tolist() == [-0.05, 0.05]


def test_at_rest_the_rate_is_the_neutral_one_plus_inflation_and_stays():
    assert rate() == pytest.approx(0.05)


def test_the_rule_by_hand():
    # .81 a quarter is .9 a meeting; desired are .02 + .04 + .5 * .01 - .5 * .02 = .055.
    # .9 * .05 + .1 * .055 = .0505.
    assert rate(inflation=0.04, output_gap=-0.02) == pytest.approx(0.0505)


def test_taylors_own_rule_by_hand():
    # Taylor (1993): 2 + 4 + .5 (4 - 2) + .5 * 3 = 8.5 percent, whatever the rate was.
    taylor = (0.0, 1.5, 0.5)
    for previous in (0.0, 0.2):
        assert rate(previous, 0.02, 0.04, 0.02, 0.03, taylor) == pytest.approx(0.085)


def test_without_smoothing_a_point_of_inflation_or_of_the_gap_raises_the_rate_by_the_response():
    sharp = (0.0, 1.5, 0.5)
    assert rate(inflation=0.04, responses=sharp) - rate(responses=sharp) == pytest.approx(0.015)
    assert rate(output_gap=0.01, responses=sharp) - rate(responses=sharp) == pytest.approx(0.005)
    assert rate(output_gap=-0.01, responses=sharp) - rate(responses=sharp) == pytest.approx(-0.005)


def test_meetings_of_a_quarter_smooth_as_much_as_the_quarter():
    first = rate(previous=0.09)
    assert rate(previous=first) == pytest.approx(0.81 * 0.09 + 0.19 * 0.05)


def test_each_replica_has_a_rate_of_its_own():
    columns = np.random.default_rng(1).uniform(0, 0.1, (5, 4))
    together = central_bank.rule_rate(*columns, RESPONSES)
    for r in range(4):
        assert central_bank.rule_rate(*columns[:, r : r + 1], RESPONSES)[0] == together[r]
