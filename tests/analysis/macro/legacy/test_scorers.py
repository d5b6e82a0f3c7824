"""The scorers on cases worked out by hand, their faults among them."""

import numpy as np
import pytest

from analysis.macro.legacy.scorers import Boolean, Correlation, Distance, Range, Severity, Value


@pytest.mark.parametrize(
    ("measured", "points"), [(4.0, 100.0), (6.0, 75.0), (2.0, 75.0), (12.0, 0.0), (40.0, 0.0)]
)
def test_a_value_loses_half_a_point_for_every_percent_of_its_target(measured, points):
    assert Value(4.0, 1.0)(measured) == pytest.approx(points)


def test_a_value_is_measured_in_tolerances_where_its_target_is_smaller():
    assert Value(0.5, 2.0)(1.5) == pytest.approx(75.0)
    assert Value(0.0, 0.0)(0.01) == pytest.approx(50.0)


@pytest.mark.parametrize(("target", "tolerance"), [(2.7, 2.0), (0.85, 0.2), (70.0, 15.0), (-3.0, 1.0)])
def test_a_measured_zero_earns_fifty_points_for_any_target(target, tolerance):
    assert Value(target, tolerance)(0.0) == pytest.approx(50.0)


@pytest.mark.parametrize(
    ("measured", "points"),
    [(20.0, 100.0), (15.0, 85.0), (10.0, 70.0), (30.0, 70.0), (5.0, 25.0), (45.0, 25.0), (0.0, 0.0)],
)
def test_a_range_earns_most_in_its_middle_and_falls_outside_by_the_size_of_its_edge(measured, points):
    assert Range(10.0, 30.0)(measured) == pytest.approx(points)


def test_a_perfect_value_at_the_edge_of_its_range_earns_seventy():
    assert Range(0.0, 5.0)(0.0) == pytest.approx(70.0)
    assert Range(30.0, 100.0)(100.0) == pytest.approx(70.0)


def test_outside_an_edge_smaller_than_one_the_distance_counts_in_units():
    assert Range(0.0, 5.0)(-0.5) == pytest.approx(25.0)
    assert Range(-0.6, 0.2)(0.7) == pytest.approx(25.0)


@pytest.mark.parametrize(
    ("measured", "points"), [(-0.85, 100.0), (-0.35, 50.0), (0.1, 1.5), (0.0, 4.5), (0.9, 0.0), (-1.0, 85.0)]
)
def test_a_correlation_of_the_wrong_sign_earns_thirty_at_most(measured, points):
    assert Correlation(-0.85)(measured) == pytest.approx(points)


def test_where_the_sign_does_not_matter_no_correlation_at_all_earns_seventy():
    assert Correlation(0.3, sign_matters=False)(0.0) == pytest.approx(70.0)
    assert Correlation(0.3, sign_matters=False)(-0.2) == pytest.approx(50.0)


def test_a_condition_earns_all_or_nothing_by_the_share_of_histories():
    assert Boolean(0.99)([1.0, 0.99, 0.0]).tolist() == [100.0, 0.0, 0.0]
    assert Boolean(0.3)([0.31, 0.3]).tolist() == [100.0, 0.0]


def test_a_distance_costs_points_a_unit_down_to_zero():
    np.testing.assert_allclose(Distance(-2.92, 5.0)([-2.92, -6.92, -40.0]), [100.0, 80.0, 0.0])


def test_deeper_crises_earn_more_whatever_their_depth():
    assert Severity(-3.36, -2.1)([-90.0, -3.36, -2.1, 5.0]).tolist() == [100.0, 50.0, 20.0, 20.0]


@pytest.mark.parametrize(
    "scorer", [Value(2.7, 2.0), Range(0.0, 5.0), Correlation(0.3), Distance(1.0, 5.0), Severity(-3.36, -2.1)]
)
def test_what_is_not_defined_earns_no_number(scorer):
    points = scorer(np.array([np.nan, 1.0]))
    assert np.isnan(points).tolist() == [True, False]
