"""How good an allocation is: by hand, at the two ends, and nan where there is nothing to measure."""

import numpy as np
import pytest

from analysis.barter.trade import dispersion
from markets.barter import clear, losers, mrs_dispersion, surplus_captured, walras_distance
from tests.markets.barter.societies import drawn, edgeworth

HALVES = np.full((1, 2, 2), 0.5)
TASTE = np.array([[[0.75, 0.25], [0.25, 0.75]]])


def test_walras_captures_all_at_no_distance_and_autarky_nothing_at_distance_one():
    endowment, preference = drawn(50)
    best = clear("walras", endowment, preference).allocation
    for allocation, captured, distance in [(best, 1.0, 0.0), (endowment, 0.0, 1.0)]:
        np.testing.assert_allclose(surplus_captured(endowment, allocation, preference), captured, atol=1e-12)
        np.testing.assert_allclose(walras_distance(endowment, allocation, preference), distance, atol=1e-12)
    half = (endowment + best) / 2
    np.testing.assert_allclose(walras_distance(endowment, half, preference), 0.5)
    assert (surplus_captured(endowment, half, preference) > 0.5).all()  # utility is concave
    assert (surplus_captured(endowment, half, preference) < 1.0).all()


def test_surplus_is_what_one_finds_by_hand():
    # From one unit of its own good each, Walras gives (3/4 1/4 / 1/4 3/4) at equal prices: U(x*) is
    # (3/4)^(3/4) (1/4)^(1/4), U of a half each is 1/2, and U(e) is 0. Both e and the halves are 1/2 from x*.
    endowment, _ = edgeworth(0.5, 0.5)
    best = 0.75**0.75 * 0.25**0.25
    np.testing.assert_allclose(surplus_captured(endowment, HALVES, TASTE), 0.5 / best)
    np.testing.assert_allclose(walras_distance(endowment, HALVES, TASTE), 1.0)


def test_where_there_is_nothing_to_gain_the_share_of_it_is_nan():
    _, preference = drawn(51)
    best = clear("walras", *drawn(51)).allocation
    assert np.isnan(surplus_captured(best, best, preference)).all()
    assert np.isnan(walras_distance(best, best, preference)).all()


def test_marginal_rates_agree_at_walras_and_differ_by_hand_before():
    # The rates are 3 and 1/3, so their logs lie at +- log(3) about their mean.
    np.testing.assert_allclose(mrs_dispersion(HALVES, TASTE), np.log(3))
    traded = clear("walras", *drawn(52)).allocation
    np.testing.assert_allclose(mrs_dispersion(traded, drawn(52)[1]), 0, atol=1e-14)


def test_an_agent_without_a_good_has_no_finite_rate_and_is_left_out():
    allocation, preference = drawn(53)
    whole = mrs_dispersion(allocation[:, 1:], preference[:, 1:])
    allocation[:, 0, 1] = 0.0
    np.testing.assert_allclose(mrs_dispersion(allocation, preference), whole)
    assert not mrs_dispersion(np.eye(2)[None], TASTE).any()


def test_with_a_floor_marginal_rates_are_those_of_what_is_added_to_it():
    # Of one unit of a good each, rates at floor 1 are (3/4)/2 : (1/4)/1 = 3/2 and its inverse.
    np.testing.assert_allclose(mrs_dispersion(np.eye(2)[None], TASTE, floor=1.0), np.log(1.5))


@pytest.mark.parametrize("goods", [2, 4])
def test_the_dispersion_is_that_of_the_analysis(goods):
    held, taste = drawn(56, goods=goods)
    np.testing.assert_allclose(mrs_dispersion(held, taste, floor=1.0), dispersion(taste, held, 1.0))


def test_with_a_floor_corners_takes_all_the_surplus_and_nobody_loses():
    endowment, preference = drawn(57)
    given = (endowment, clear("corners", endowment, preference).allocation, preference)
    np.testing.assert_allclose(surplus_captured(*given, floor=1.0), 1.0)
    np.testing.assert_allclose(walras_distance(*given, floor=1.0), 0.0, atol=1e-9)
    assert not losers(*given, floor=1.0).any()
    bargain = clear("nash", endowment, preference).allocation
    assert (surplus_captured(endowment, bargain, preference, floor=1.0) < 1.0 + 1e-12).all()


def test_losers_are_counted_where_they_lose():
    endowment, preference = drawn(54)
    allocation = endowment.copy()
    allocation[1, [0, 2]] *= 0.9
    allocation[1, 1] *= 1.1
    assert losers(endowment, allocation, preference).tolist() == [0, 2]
    present = np.ones(endowment.shape[:2], bool)
    present[1, 2] = False
    assert losers(endowment, allocation, preference, present).tolist() == [0, 1]
    assert losers(endowment, endowment, preference).tolist() == [0, 0]


def test_measures_refuse_goods_that_no_taste_joins():
    for measure in (surplus_captured, walras_distance):
        with pytest.raises(ValueError, match="replica 0: goods"):
            measure(np.eye(2)[None], HALVES, np.eye(2)[None])


def test_a_replica_alone_measures_as_in_company():
    endowment, preference = drawn(55, replicas=3)
    allocation = endowment.mean(axis=1, keepdims=True) + 0 * endowment
    for measure in (surplus_captured, walras_distance, losers):
        together = measure(endowment, allocation, preference)
        alone = [
            measure(endowment[r : r + 1], allocation[r : r + 1], preference[r : r + 1]) for r in range(3)
        ]
        np.testing.assert_array_equal(together, np.concatenate(alone))
    together = mrs_dispersion(allocation, preference)
    alone = [mrs_dispersion(allocation[r : r + 1], preference[r : r + 1]) for r in range(3)]
    np.testing.assert_array_equal(together, np.concatenate(alone))
