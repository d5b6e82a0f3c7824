"""Barter in pairs: one exchange by hand, gains at every exchange, networks, and calls in vain."""

import numpy as np
import pytest

from markets.barter import clear
from tests.markets.barter.societies import drawn, edgeworth


def pair(*edges, replicas=1):
    return np.tile(np.array(edges), (replicas, 1, 1))


@pytest.mark.parametrize(("a", "b"), [(0.5, 0.5), (0.3, 0.6), (0.9, 0.2)])
def test_two_agents_exchange_as_at_walras(a, b):
    market = edgeworth(a, b)
    ours, walras = clear("pairwise", *market, edges=pair((1, 0))), clear("walras", *market)
    np.testing.assert_allclose(ours.allocation, walras.allocation, rtol=1e-14)
    np.testing.assert_allclose(ours.price, walras.price, rtol=1e-14)
    assert ours.converged.all()


def test_a_chain_of_exchanges_is_one_walras_after_another():
    endowment, preference = drawn(100)
    ours = clear("pairwise", endowment, preference, edges=pair((0, 1), (2, 1), (3, 0), replicas=2)).allocation
    held = endowment.copy()
    for couple in ([0, 1], [2, 1], [3, 0]):
        held[:, couple] = clear("walras", held[:, couple], preference[:, couple]).allocation
    np.testing.assert_allclose(ours, held, rtol=1e-13)


def test_partners_are_called_slot_by_slot_first_calls_first():
    endowment, preference = drawn(101)
    partners = np.tile(np.array([[1, 2], [3, -1], [0, 1], [2, 0]]), (2, 1, 1))
    calls = pair((0, 1), (1, 3), (2, 0), (3, 2), (0, 2), (2, 1), (3, 0), replicas=2)
    by_partner = clear("pairwise", endowment, preference, partners, rounds=2)
    by_edge = clear("pairwise", endowment, preference, edges=calls, rounds=2)
    np.testing.assert_array_equal(by_partner.allocation, by_edge.allocation)
    np.testing.assert_array_equal(by_partner.price, by_edge.price)
    first = clear("pairwise", endowment, preference, partners[..., 0])
    np.testing.assert_array_equal(
        first.allocation, clear("pairwise", endowment, preference, edges=calls[:, :4]).allocation
    )


def test_both_gain_at_every_exchange_and_goods_stay():
    endowment, preference = drawn(102, agents=6)
    draws = np.random.default_rng(8)
    utility = (preference * np.log(endowment)).sum(axis=2)
    held = endowment
    for _ in range(40):
        edge = draws.choice(6, (2, 1, 2), replace=True)
        held = clear("pairwise", held, preference, edges=edge).allocation
        after = (preference * np.log(held)).sum(axis=2)
        assert (after >= utility - 1e-14).all()
        utility = after
    np.testing.assert_allclose(held.sum(axis=1), endowment.sum(axis=1), rtol=1e-14)
    assert (utility > (preference * np.log(endowment)).sum(axis=2)).all()


def test_where_everyone_meets_everyone_barter_ends_efficient_and_before_its_rounds():
    endowment, preference = drawn(103)
    partners = np.array([[[j for j in range(4) if j != i] for i in range(4)]] * 2)
    cleared = clear("pairwise", endowment, preference, partners, rounds=1000)
    assert cleared.converged.all()
    assert (cleared.iterations < 100).all()
    assert (cleared.iterations > 1).all()
    again = clear("pairwise", cleared.allocation, preference, partners, rounds=1000)
    np.testing.assert_array_equal(again.allocation, cleared.allocation)
    assert (again.iterations == 1).all()
    assert np.isnan(again.price).all()


def test_pairs_that_never_meet_leave_gains_on_the_table_and_the_certificate_says_so():
    endowment, preference = drawn(104)
    cleared = clear("pairwise", endowment, preference, edges=pair((0, 1), (2, 3), replicas=2), rounds=50)
    assert (cleared.iterations < 50).all()
    assert (cleared.gap > 1e-3).all()
    assert not cleared.converged.any()


def test_calls_on_oneself_on_nobody_and_on_the_absent_come_to_nothing():
    endowment, preference = drawn(105)
    present = np.array([[True, True, False, True]] * 2)
    cleared = clear("pairwise", endowment, preference, np.array([[0, 2, 1, -1]] * 2), present, rounds=5)
    np.testing.assert_array_equal(cleared.allocation, endowment)
    assert np.isnan(cleared.price).all()


def test_agents_who_like_nothing_of_each_other_part_as_they_met():
    for taste in (np.eye(2)[None], np.array([[[0.5, 0.5], [0.0, 1.0]]])):
        cleared = clear("pairwise", np.eye(2)[None], taste, edges=pair((0, 1)))
        np.testing.assert_array_equal(cleared.allocation, np.eye(2)[None])


def test_a_good_that_neither_likes_stays_with_its_owner():
    endowment = np.array([[[1, 0, 3], [0, 1, 0], [0, 0, 1]]], float)
    preference = np.array([[[0.5, 0.5, 0], [0.5, 0.5, 0], [0.3, 0.3, 0.4]]])
    cleared = clear("pairwise", endowment, preference, edges=pair((0, 1)))
    np.testing.assert_allclose(cleared.allocation[0], [[0.5, 0.5, 3], [0.5, 0.5, 0], [0, 0, 1]])
    np.testing.assert_allclose(cleared.price[0], [0.5, 0.5, np.nan])


def test_the_price_is_the_mean_of_the_exchanges_by_turnover():
    # Agents 0 and 1 swap at 1 : 1 and turn over half of what they are worth, agents 2 and 3 at 3 : 1.
    endowment = np.tile(np.eye(2), (2, 1))[None]
    preference = np.array([[[0.5, 0.5], [0.5, 0.5], [0.75, 0.25], [0.75, 0.25]]])
    cleared = clear("pairwise", endowment, preference, edges=pair((0, 1), (2, 3)))
    # The second turnover: agent 2 is worth 3/4 and spends a quarter of it on good 1.
    turnover = np.array([0.5, 0.75 * 0.25 * 2]) / 2
    mean = turnover @ [[0.5, 0.5], [0.75, 0.25]] / turnover.sum()
    np.testing.assert_allclose(cleared.price[0], mean)


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({}, "needs partners"),
        ({"partners": np.zeros((2, 4)), "edges": np.zeros((2, 1, 2))}, "needs partners"),
        ({"partners": np.zeros((2, 3))}, r"partners have shape \(2, 3\) \(valid: \(2, 4\)"),
        ({"edges": np.zeros((1, 5, 2))}, r"edges have shape \(1, 5, 2\) \(valid: \(2, edge, 2\)"),
        ({"partners": np.full((2, 4), 4)}, r"replica 0: there is no agent 4 to meet \(valid: 0 to 3"),
        ({"edges": np.full((2, 1, 2), -2)}, r"replica 0: there is no agent -2 to meet"),
    ],
)
def test_partners_who_cannot_be_met_are_refused(terms, message):
    with pytest.raises(ValueError, match=message):
        clear("pairwise", *drawn(106), **terms)
