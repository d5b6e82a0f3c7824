"""The measures that the two synthetic histories do not tell apart, on series of a few months."""

import numpy as np
import pytest

from analysis.macro.legacy import measures
from analysis.macro.legacy.months import Months
from tests.analysis.macro.legacy.histories import MONTHS, levels, prices, steady


def months(**changed):
    return Months(steady() | changed)


def growing(*episode):
    """A history of 3 % growth with an episode of other months in its middle."""
    growth = np.full(MONTHS - 1, 3.0)
    growth[50 : 50 + len(episode)] = episode
    return months(gdp=levels(growth))


def test_recovery_is_the_growth_of_six_months_once_three_are_free_of_recession():
    assert measures.recovery(growing(-6.0, -6.0, 9.0, 9.0, 9.0)) == pytest.approx([6.0])
    assert np.isnan(measures.recovery(growing(*([-6.0, 9.0] * 35)[:69]))).all()


def test_a_month_at_minus_one_percent_is_no_recession_and_one_below_is():
    assert np.isnan(measures.depth(growing(-0.99))).all()
    assert measures.depth(growing(-1.01)) == pytest.approx([-1.01])
    assert measures.mild_share(growing(-2.5)).tolist() == [100.0]
    assert measures.mild_share(growing(-3.5)).tolist() == [0.0]


def test_the_kurtosis_of_two_equal_points_is_minus_two_and_of_a_rare_third_is_large():
    assert measures.kurtosis(np.array([[1.0, -1.0] * 5])) == pytest.approx([-2.0])
    rare = np.array([[0.0] * 98 + [1.0, -1.0]])  # fourth moment .02, variance .02
    assert measures.kurtosis(rare) == pytest.approx([50.0 - 3.0])


def test_the_direction_of_the_rate_counts_only_in_months_that_ask_for_it():
    inflation = np.full(MONTHS - 1, 2.0)
    inflation[:40] = 4.0  # 40 months over target, in 10 of which the rate rises and in 20 it falls
    rate = np.full(MONTHS, 4.0)
    rate[1:11] += np.arange(1, 11)
    rate[11:] = 14.0
    rate[21:41] -= np.arange(1, 21) * 0.1
    rate[41:] = 12.0
    m = months(price_level=prices(inflation), policy_rate=rate[None])
    assert measures.raised_when_high(m) == pytest.approx([25.0])
    assert measures.right_direction(m) == pytest.approx([25.0])
    assert np.isnan(measures.cut_when_low(m)).all()


def test_policy_impact_compares_inflation_before_a_rise_with_a_year_later():
    rate = np.full(MONTHS, 4.0)
    rate[21:27] += np.arange(1, 7)  # six rises, in months 21 to 26
    rate[27:] = 10.0
    inflation = np.full(MONTHS - 1, 6.0)
    inflation[31:] = 3.0  # from month 32 on, a year after month 20
    m = months(price_level=prices(inflation), policy_rate=rate[None])
    assert measures.policy_impact(m) == pytest.approx([3.0])
    five = np.where(np.arange(MONTHS) < 26, rate, rate[25])
    m = months(price_level=prices(inflation), policy_rate=five[None])
    assert np.isnan(measures.policy_impact(m)).all()


def test_a_rate_change_that_moves_growth_fifteen_months_later_shows_at_that_lag_alone():
    rng = np.random.default_rng(3)
    change = rng.choice([-1.0, 1.0], MONTHS - 1)
    growth = np.full(MONTHS - 1, 3.0)
    growth[15:] -= change[:-15]
    m = months(gdp=levels(growth), policy_rate=4.0 + np.concatenate([[0.0], np.cumsum(change)])[None])
    parts = [measures.correlation(m.rate_change[:, :-lag], m.growth[:, lag:])[0] for lag in (12, 15, 18)]
    assert parts[1] == pytest.approx(-1.0)
    assert measures.rate_to_gdp(m) == pytest.approx([np.mean(parts)])
    assert measures.transmission_active(m).tolist() == [100.0]


def test_a_rate_near_zero_for_over_four_fifths_of_the_months_is_stuck():
    for share, points in ((0.7, 100.0), (0.9, 0.0)):
        rate = np.where(np.arange(MONTHS) < share * MONTHS, 0.25, 3.0)
        assert measures.off_zero_bound(months(policy_rate=rate[None])).tolist() == [points]


def test_wealth_of_the_indebted_is_counted_from_the_poorest():
    m = months(wealth=np.array([[-10.0, 0.0, 10.0, 20.0]]))
    assert measures.wealth_gini(m) == pytest.approx([(0 * -3 + 10 * -1 + 20 * 1 + 30 * 3) / (4 * 60)])
    assert measures.bottom_half_share(m) == pytest.approx([-50.0])
    assert measures.top_share(m, 0.01) == pytest.approx([100.0])


@pytest.mark.parametrize(
    ("name", "levels_of", "check"),
    [
        ("gdp", [1.0, 11.0], lambda m: m.gdp <= 10 * m.gdp[:, :1]),
        ("gdp", [1.0, 0.09], lambda m: m.gdp >= 0.1 * m.gdp[:, :1]),
        ("unemployment", [5.0, 25.5], lambda m: m.unemployment <= 25),
    ],
)
def test_stability_fails_in_a_single_month(name, levels_of, check):
    broken = np.where(np.arange(MONTHS) == 60, levels_of[1], levels_of[0])
    assert measures.holds(check(months(**{name: broken[None]}))).tolist() == [0.0]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"consumption": np.ones((1, 40))}, r"consumption \(1, 40\) differs from gdp \(1, 121\)"),
        ({"wealth": np.ones((2, 5))}, r"wealth \(2, 5\) differs from gdp"),
    ],
)
def test_series_of_different_shapes_are_refused(changed, said):
    with pytest.raises(ValueError, match=said):
        months(**changed)


def test_missing_and_short_series_are_refused():
    with pytest.raises(ValueError, match="legacy score: wealth missing"):
        Months({name: values for name, values in steady().items() if name != "wealth"})
    short = {name: values if name == "wealth" else values[:, :47] for name, values in steady().items()}
    with pytest.raises(ValueError, match="47 months, at least 48 are needed"):
        Months(short)
