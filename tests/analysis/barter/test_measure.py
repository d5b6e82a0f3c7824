"""A number beside its null: intervals that count the noise of both, and words that claim no more."""

import numpy as np
import pytest

from analysis.barter.measure import (
    Measure,
    compared,
    compared_ratio,
    difference,
    per_history,
    shuffled,
    under_shuffles,
)
from analysis.inference import bootstrapped

RNG = np.random.default_rng(0)


def of(value=1.0, null=0.0, low=0.5, high=1.5, n=6):
    return Measure("hubs", value, null, low, high, n, "Gini")


def test_a_mean_against_a_number_is_its_bootstrap():
    values = RNG.exponential(1.0, 24)
    found, exact = compared("x", values, 0.3, "1"), bootstrapped(0.0, values, expanded=True)
    assert (found.value, found.null, found.n) == (pytest.approx(values.mean()), 0.3, 24)
    assert (found.low, found.high) == (pytest.approx(exact.low), pytest.approx(exact.high))


def test_noise_that_value_and_null_share_does_not_blur_their_difference():
    shared = RNG.normal(0.0, 10.0, 16)
    found = compared("x", shared + 1.0, shared)
    assert found.sign == 1
    assert found.low == pytest.approx(found.value)
    assert found.high == pytest.approx(found.null + 1.0)


def test_rounding_is_no_finding():
    values = RNG.normal(size=8)
    found = compared("x", values * (1 + 4e-16), values)
    assert found.verdict == "not distinguishable from chance"
    assert difference("x", values, values * (1 + 4e-16)).sign == 0
    assert compared_ratio("x", values + 10.0 + 1e-14, np.ones(8), values + 10.0).sign == 0


def test_a_history_in_which_either_is_not_finite_is_left_out_of_both():
    found = compared("x", [1.0, np.nan, 3.0, 5.0], [0.0, 0.0, np.inf, 2.0])
    assert (found.value, found.null, found.n) == (3.0, 1.0, 2)
    assert np.isnan(compared("x", [np.nan], 0.0).value)


def test_one_history_has_no_interval_and_no_null_is_not_zero():
    alone = compared("x", [2.0], 1.0)
    assert (alone.value, alone.n, alone.sign) == (2.0, 1, 0)
    assert np.isnan([alone.low, alone.high]).all()
    bare = compared("x", [1.0, 2.0, 3.0], None)
    assert np.isnan(bare.null)
    assert bare.low < 2.0 < bare.high


@pytest.mark.parametrize(
    ("measure", "verdict"),
    [
        (of(), "above chance"),
        (of(null=2.0), "below chance"),
        (of(null=0.6), "not distinguishable from chance"),
        (of(null=0.5), "not distinguishable from chance"),
        (of(null=np.nan), "nothing to hold it against"),
        (of(low=np.nan, high=np.nan), "too few histories to tell"),
        (of(n=5), "too few histories to tell"),
        (of(value=np.nan), "not defined in these histories"),
    ],
)
def test_the_verdict_claims_no_more_than_the_interval(measure, verdict):
    assert measure.verdict == verdict


def test_chance_is_called_a_finding_about_as_rarely_as_it_should_be():
    draws = np.random.default_rng(1).normal(size=(400, 2, 32))
    signs = [compared("x", value, null).sign for value, null in draws]
    assert np.mean(np.abs(signs)) == pytest.approx(0.05, abs=0.035)


def test_a_ratio_weighs_histories_by_their_size():
    found = compared_ratio("x", [1.0, 9.0], [10.0, 10.0], [0.0, 10.0])
    assert (found.value, found.null, found.n) == (0.5, 0.5, 2)
    heavy = compared_ratio("x", [1.0, 90.0], [1.0, 99.0], 0.0)
    assert heavy.value == 0.91
    assert heavy.low == pytest.approx(90 / 99)
    assert compared_ratio("x", [1.0, 5.0], [2.0, 0.0], 0.0).n == 1
    assert compared_ratio("x", [5.0], [0.0], 0.0).n == 0


def test_a_proportional_ratio_is_certain():
    whole = RNG.uniform(1.0, 5.0, 12)
    found = compared_ratio("x", 0.25 * whole, whole, 0.0)
    assert (found.value, found.low, found.high) == pytest.approx((0.25, 0.25, 0.25))


def test_a_difference_is_taken_in_pairs_of_histories():
    base = RNG.normal(0.0, 10.0, (6, 40))
    found = difference("x", base, base + 0.5)
    assert (found.value, found.low, found.high, found.null) == pytest.approx((0.5, 0.5, 0.5, 0.0))


def test_means_of_histories_are_of_what_is_finite():
    values = np.array([[[1.0, np.nan], [3.0, np.inf]], [[np.nan] * 2] * 2])
    found = per_history(values)
    assert found[0] == 2.0
    assert np.isnan(found[1])


def test_every_row_is_shuffled_by_itself_evenly_and_by_its_seed():
    rows = np.tile(np.arange(4), (60_000, 1))
    found = shuffled(rows, seed=3)
    np.testing.assert_array_equal(np.sort(found, axis=1), rows)
    np.testing.assert_array_equal(found, shuffled(rows, seed=3))
    assert (found == shuffled(rows, seed=4)).mean() == pytest.approx(0.25, abs=0.01)
    counts = np.unique(found, axis=0, return_counts=True)[1]
    assert len(counts) == 24
    assert abs(counts / 2500 - 1).max() < 0.1


def test_a_statistic_that_order_does_not_touch_is_its_own_null():
    values = RNG.normal(size=(3, 5, 7))
    np.testing.assert_allclose(
        under_shuffles(lambda x: x.mean(axis=(1, 2)), values), values.mean(axis=(1, 2))
    )
