"""How good an allocation is: by hand, at the two ends, and nan where there is nothing to measure."""

import numpy as np
import pytest

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
    # log(w/x) of the two are log 3 apart between goods, so they lie at +- log(3)/2 about each agent's mean.
    np.testing.assert_allclose(mrs_dispersion(HALVES, TASTE), np.log(3) / 2)
    traded = clear("walras", *drawn(52)).allocation
    np.testing.assert_allclose(mrs_dispersion(traded, drawn(52)[1]), 0, atol=1e-14)


def test_an_agent_without_a_good_has_no_finite_rate_and_is_left_out():
    allocation, preference = drawn(53)
    whole = mrs_dispersion(allocation[:, 1:], preference[:, 1:])
    allocation[:, 0, 1] = 0.0
    np.testing.assert_allclose(mrs_dispersion(allocation, preference), whole)
    assert not mrs_dispersion(np.eye(2)[None], TASTE).any()


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
