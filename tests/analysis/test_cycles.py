from itertools import pairwise

import numpy as np
import pytest

from analysis.cycles import recessions, turning_points


def test_a_drawn_recession_is_found_with_its_depth():
    y = [0, 1, 2, 3, 4, 3, 2, 1.5, 3, 5, 6, 7]
    assert turning_points(y) == [(4, True), (7, False)]
    assert recessions(y) == [(4, 7, -2.5)]


def test_two_recessions_with_an_expansion_between():
    y = [0, 1, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1, 2]
    assert [(r.peak, r.trough) for r in recessions(y)] == [(2, 4), (7, 10)]


def test_steady_growth_has_no_turning_point():
    assert turning_points(np.arange(50.0)) == []


def test_a_plateau_is_no_peak():
    assert turning_points([0, 1, 2, 2, 1, 0, 0, 1, 2]) == []


def test_the_first_and_last_two_quarters_hold_no_turning_point():
    assert turning_points([1, 5, 4, 3, 2, 1, 0, 2]) == []


def test_one_bad_quarter_between_good_ones_is_no_recession():
    # Quarter 5 tops its window and quarter 6 bottoms its own, but the phase lasts one quarter only.
    y = [0, 1, 2, 3, 4, 5, 2.5, 4.5, 4.8, 6, 7, 8]
    assert turning_points(y) == []


def test_of_two_peaks_without_a_trough_between_the_higher_stays():
    # The trough at 3-4 is a tie, so it is none; the peaks at 2 and 6 follow each other.
    y = [0, 1, 5, 2, 2, 3, 6, 3, 2, 1, 2, 3]
    assert turning_points(y) == [(6, True), (9, False)]


def test_a_recession_that_has_not_ended_does_not_count():
    assert recessions([0, 1, 2, 3, 4, 3, 2, 1, 0]) == []


def test_several_series_at_once_are_refused():
    with pytest.raises(ValueError, match=r"shape \(2, 20\)"):
        turning_points(np.zeros((2, 20)))


def test_a_dip_that_ends_above_its_peak_is_no_recession():
    rng = np.random.default_rng(0)
    for _ in range(200):
        y = np.cumsum(0.5 + rng.normal(size=100)) + rng.normal(size=100)
        points = turning_points(y)
        assert all(recession.change < 0 for recession in recessions(y))
        assert all(later - sooner >= 2 for (sooner, _), (later, _) in pairwise(points))
        assert all(kind != following for (_, kind), (_, following) in pairwise(points))
