"""The loss: half a miss at the edge of a band, a pull from afar, ranges of means."""

import numpy as np
import pytest

from analysis.calibration import CalibrationError, judge
from analysis.calibration.loss import IMPLAUSIBLE, soft_misses
from analysis.macro.facts import FACTS
from analysis.scorecard import Row, Scorecard
from tests.analysis.macro.synthetic import economy


def card(*half_widths):
    """A card of one fact whose histories lie so many half-widths above the US value."""
    target = FACTS.targets["u_mean"]
    return Scorecard(FACTS, (Row(target, target.real + target.halfwidth * np.array(half_widths)),), 100)


def test_a_fact_at_the_edge_of_its_band_is_half_missed():
    assert soft_misses(card(1.0)) == pytest.approx(0.5 + 0.03)
    assert soft_misses(card(-1.0)) == pytest.approx(0.5 + 0.03)


def test_a_fact_at_its_target_costs_next_to_nothing_and_a_far_one_about_one():
    assert soft_misses(card(0.0)) == pytest.approx(1 / (1 + np.exp(4)))
    assert soft_misses(card(5.0)) == pytest.approx(1.0 + 0.15, abs=1e-6)


def test_far_misses_still_pull_but_only_so_far():
    assert soft_misses(card(5.0)) > soft_misses(card(4.0)) + 0.02
    assert soft_misses(card(60.0)) == pytest.approx(1.18, abs=1e-6)
    assert soft_misses(card(7.0)) == pytest.approx(1.18, abs=1e-6)


def test_histories_are_averaged_and_undefined_ones_count_as_three_half_widths():
    assert soft_misses(card(1.0, 1.0, 0.0)) == pytest.approx((2 * 0.53 + 1 / (1 + np.exp(4))) / 3)
    assert soft_misses(card(np.nan)) == pytest.approx(soft_misses(card(3.0)))


def test_a_mean_outside_its_range_costs_by_the_widths_it_is_outside():
    histories = economy(replicas=3)
    mean = histories["unemployment_rate"].mean()
    plain = judge(histories, FACTS, {}).loss
    assert judge(histories, FACTS, {"unemployment_rate": (mean - 1, mean + 1)}).loss == plain
    above = judge(histories, FACTS, {"unemployment_rate": (mean - 3, mean - 1)})
    below = judge(histories, FACTS, {"unemployment_rate": (mean + 1, mean + 3)})
    assert above.loss - plain == pytest.approx(0.5 * IMPLAUSIBLE)
    assert below.loss - plain == pytest.approx(0.5 * IMPLAUSIBLE)
    assert above.means == {"unemployment_rate": pytest.approx(mean)}


def test_a_range_may_be_that_of_a_ratio_of_two_series():
    histories = economy(replicas=2)
    ratio = (histories["consumption"] / histories["gdp"]).mean()
    assert judge(histories, FACTS, {"consumption / gdp": (0.0, 1.0)}).means["consumption / gdp"] == ratio


@pytest.mark.parametrize("name", ["unemploiment", "gdp/unemploiment", "gdp/gdp/gdp"])
def test_a_range_of_something_that_is_no_series_is_refused_by_name(name):
    with pytest.raises(CalibrationError, match=f"plausible.{name}"):
        judge(economy(replicas=2), FACTS, {name: (0.0, 1.0)})
