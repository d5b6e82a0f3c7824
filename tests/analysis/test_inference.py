"""Intervals and tests against numbers worked by hand or by another library."""

import numpy as np
import pytest
from scipy import stats

from analysis.inference import (
    bootstrapped,
    discoveries,
    paired,
    ratio_of_means,
    resamples,
    sign_test,
    uniforms,
)


def test_a_paired_interval_solved_by_hand():
    # Differences 1, 2, 3: mean 2, sd 1, error 1/√3, t(2) at 97.5 % = 4.3027.
    found = paired([0.0, 0.0, 0.0], [1.0, 2.0, 3.0])
    half = 4.302652729911275 / np.sqrt(3)
    assert (found.mean, found.pairs) == (2.0, 3)
    assert (found.low, found.high) == (pytest.approx(2 - half), pytest.approx(2 + half))
    assert found.p == pytest.approx(stats.ttest_1samp([1, 2, 3], 0).pvalue)


def test_undefined_histories_leave_their_pair_and_are_counted():
    base = np.array([[1.0, np.nan, 3.0, 4.0], [1.0, np.nan, np.nan, 4.0]])
    changed = np.array([[2.0, 9.0, 3.0, np.nan], [2.0, 1.0, 1.0, np.nan]])
    found = paired(base, changed)
    assert found.pairs.tolist() == [2, 1]
    assert found.mean.tolist() == [0.5, 1.0]
    assert np.isnan(found.low).tolist() == [False, True]
    assert np.isnan(found.p).tolist() == [False, True]
    nothing = paired([np.nan], [1.0])
    assert nothing.pairs == 0
    assert np.isnan(nothing.mean)


def test_equal_arms_differ_by_nothing_and_a_constant_change_is_certain():
    assert paired([1.0, 2.0], [1.0, 2.0])[:4] == (0.0, 0.0, 0.0, 1.0)
    assert paired([1.0, 2.0], [2.0, 3.0])[:4] == (1.0, 1.0, 1.0, 0.0)


def test_a_ratio_of_means_is_exact_when_the_parts_are_proportional():
    whole = np.array([1.0, 2.0, 6.0])
    assert ratio_of_means(0.25 * whole, whole) == pytest.approx((0.25, 0.25, 0.25))
    share, low, high = ratio_of_means([1.0, 1.0, 1.0], [2.0, 4.0, 6.0])
    # Residuals 1 − .25·(2, 4, 6) = .5, 0, −.5: sd .5, error .5/√3, over a mean of 4.
    assert share == 0.25
    assert (
        high - share == pytest.approx(share - low) == pytest.approx(4.302652729911275 * 0.5 / np.sqrt(3) / 4)
    )


def test_bounds_keep_their_order_when_the_whole_is_negative():
    share, low, high = ratio_of_means([-1.0, -1.0, -1.0], [-2.0, -4.0, -6.0])
    assert (share, low, high) == ratio_of_means([1.0, 1.0, 1.0], [2.0, 4.0, 6.0])
    assert low < share < high


def test_the_sign_test_is_the_binomial_test_of_those_who_turned():
    before = np.array([True] * 6 + [False] * 4)
    after = np.array([False] * 6 + [True] + [False] * 3)
    assert sign_test(before, after) == pytest.approx(stats.binomtest(1, 7, 0.5).pvalue)
    assert sign_test(before, before) == 1.0


def test_benjamini_and_hochberg_find_what_their_own_example_finds():
    # Benjamini and Hochberg (1995), section 3.2: 15 p-values, four rejected at .05.
    p = [
        .0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528, .7590, 1.0
    ]  # fmt: skip
    assert discoveries(p).sum() == 4
    assert discoveries([np.nan, 0.001, 0.9]).tolist() == [False, True, False]
    assert not discoveries([0.04, 0.06, 0.9]).any()


def test_pure_chance_gives_few_discoveries_but_many_intervals_off_zero():
    rng = np.random.default_rng(0)
    found = paired(np.zeros((1500, 24)), rng.normal(size=(1500, 24)))
    excluding = ((found.low > 0) | (found.high < 0)).sum()
    assert 45 < excluding < 105  # 75 expected
    assert discoveries(found.p).sum() <= 2


def test_a_bootstrap_of_two_histories_solved_by_hand():
    # Redrawn means of (0, 1) are 0, ½, 1 with weights ¼, ½, ¼: both ends are within 2.5 %; no skew, no bias.
    found = bootstrapped([0.0, 0.0], [0.0, 1.0])
    assert (found.mean, found.low, found.high, found.pairs) == (0.5, 0.0, 1.0, 2)
    assert found.p == pytest.approx(0.5, abs=0.05)  # twice the quarter of means at 0


def test_a_bootstrap_of_normal_data_agrees_with_students_t():
    values = np.random.default_rng(1).normal(0.3, 1.0, (40, 200))
    ours, exact = bootstrapped(0.0, values), paired(0.0, values)
    assert ours.mean == pytest.approx(exact.mean)
    width = exact.high - exact.low
    assert np.abs(ours.low - exact.low).max() < 0.08 * width.min()
    assert np.abs(ours.high - exact.high).max() < 0.08 * width.min()
    assert np.corrcoef(ours.p, exact.p)[0, 1] > 0.97


def test_a_bootstrap_of_skewed_data_agrees_with_another_library():
    values = np.random.default_rng(2).exponential(1.0, 40)
    other = stats.bootstrap(
        (values,), np.mean, n_resamples=40_000, method="BCa", rng=np.random.default_rng(3)
    ).confidence_interval
    found = bootstrapped(0.0, values, draws=40_000)
    assert (found.low, found.high) == (
        pytest.approx(other.low, abs=0.01),
        pytest.approx(other.high, abs=0.01),
    )
    assert found.high - found.mean > found.mean - found.low


def test_bootstrap_intervals_hold_the_truth_about_as_often_as_they_say():
    values = np.random.default_rng(4).normal(1.0, 2.0, (1000, 64))
    found = bootstrapped(0.0, values, draws=1000)
    assert 0.92 < ((found.low < 1.0) & (found.high > 1.0)).mean() < 0.97


def test_expanded_intervals_of_six_histories_hold_the_truth_where_plain_ones_fail():
    values = np.random.default_rng(5).normal(1.0, 2.0, (1500, 6))
    plain, wide = (bootstrapped(0.0, values, draws=1000, expanded=expanded) for expanded in (False, True))
    covers = [((found.low < 1.0) & (found.high > 1.0)).mean() for found in (plain, wide)]
    assert covers[0] < 0.88
    assert 0.92 < covers[1] < 0.97


def test_undefined_and_equal_histories_are_bootstrapped_as_they_are_paired():
    base = np.array([[1.0, np.nan, 3.0, 4.0], [1.0, np.nan, np.nan, 4.0]])
    changed = np.array([[2.0, 9.0, 5.0, np.nan], [2.0, 1.0, 1.0, np.nan]])
    found = bootstrapped(base, changed)
    assert found.pairs.tolist() == [2, 1]
    assert np.isnan(found.low).tolist() == [False, True]
    assert bootstrapped([1.0, 2.0], [1.0, 2.0])[:4] == (0.0, 0.0, 0.0, 1.0)
    assert bootstrapped([1.0, 2.0], [2.0, 3.0])[:3] == (1.0, 1.0, 1.0)


def test_draws_are_keyed_even_and_unlike_for_another_seed():
    draws = resamples(8, 20_000, seed=5)
    assert np.array_equal(draws, resamples(8, 20_000, seed=5))
    assert np.array_equal(draws[:100], resamples(8, 100, seed=5))
    assert stats.chisquare(np.bincount(draws.ravel())).pvalue > 0.001
    assert (draws == resamples(8, 20_000, seed=6)).mean() == pytest.approx(1 / 8, abs=0.01)
    assert np.abs(np.corrcoef(draws[:, :4].T) - np.eye(4)).max() < 0.04


def test_uniforms_are_keyed_and_even():
    draws = uniforms((50, 400), seed=3)
    assert np.array_equal(draws, uniforms((50, 400), seed=3))
    assert np.array_equal(draws[:2], uniforms((2, 400), seed=3))
    assert stats.kstest(draws.ravel(), "uniform").pvalue > 0.001
    assert ((draws > 0) & (draws < 1)).all()
    assert uniforms((0, 3)).shape == (0, 3)
