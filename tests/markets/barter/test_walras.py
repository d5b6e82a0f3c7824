"""The Walrasian equilibrium: by hand, its symmetries, its refusals, and comparative statics of known sign."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from markets.barter import clear
from tests.markets.barter.societies import alone, drawn, edgeworth, same_bits, societies

CLOSE = 1e-12


@pytest.mark.parametrize(("a", "b"), [(0.5, 0.5), (0.3, 0.6), (0.01, 0.999), (0.8, 0.1)])
def test_two_agents_with_one_good_each_trade_at_the_price_found_by_hand(a, b):
    cleared = clear("walras", *edgeworth(a, b))
    np.testing.assert_allclose(cleared.price[0, 0] / cleared.price[0, 1], b / (1 - a), rtol=CLOSE)
    np.testing.assert_allclose(cleared.allocation[0], [[a, b], [1 - a, 1 - b]], rtol=CLOSE)
    assert cleared.converged.all()


def test_agents_with_the_same_tastes_hold_the_same_basket_in_proportion_to_what_they_brought():
    endowment, preference = drawn(1)
    preference[:] = preference[:, :1]
    cleared = clear("walras", endowment, preference)
    supply = endowment.sum(axis=1)
    np.testing.assert_allclose(cleared.price, normal(preference[:, 0] / supply), rtol=CLOSE)
    share = (endowment * (preference[:, :1] / supply[:, None])).sum(axis=2)
    np.testing.assert_allclose(cleared.allocation, share[..., None] * supply[:, None], rtol=CLOSE)


def normal(price):
    return price / price.sum(axis=-1, keepdims=True)


def test_who_holds_an_efficient_bundle_trades_nothing():
    traded = clear("walras", *drawn(2))
    preference = drawn(2)[1]
    again = clear("walras", traded.allocation, preference)
    np.testing.assert_allclose(again.allocation, traded.allocation, rtol=CLOSE)
    np.testing.assert_allclose(again.price, traded.price, rtol=CLOSE)
    assert again.converged.all()


def test_a_good_measured_in_other_units_has_another_price_and_the_same_owners():
    endowment, preference = drawn(3)
    units = np.array([1e3, 1.0, 1e-4])
    small, large = clear("walras", endowment, preference), clear("walras", endowment * units, preference)
    np.testing.assert_allclose(large.allocation, small.allocation * units, rtol=CLOSE)
    np.testing.assert_allclose(large.price, normal(small.price / units), rtol=CLOSE)


def test_richer_in_everything_is_richer_in_proportion_at_the_same_prices():
    endowment, preference = drawn(4)
    one, ten = clear("walras", endowment, preference), clear("walras", 10 * endowment, preference)
    np.testing.assert_allclose(ten.allocation, 10 * one.allocation, rtol=CLOSE)
    np.testing.assert_allclose(ten.price, one.price, rtol=CLOSE)


def test_the_order_of_agents_and_goods_does_not_matter():
    endowment, preference = drawn(5)
    agents, goods = [2, 0, 3, 1], [1, 2, 0]
    plain = clear("walras", endowment, preference)
    mixed = clear("walras", endowment[:, agents][..., goods], preference[:, agents][..., goods])
    np.testing.assert_allclose(mixed.allocation, plain.allocation[:, agents][..., goods], rtol=CLOSE)
    np.testing.assert_allclose(mixed.price, plain.price[..., goods], rtol=CLOSE)


def test_a_society_and_its_twin_trade_as_either_alone():
    endowment, preference = drawn(6)
    one = clear("walras", endowment, preference)
    both = clear("walras", np.tile(endowment, (1, 2, 1)), np.tile(preference, (1, 2, 1)))
    np.testing.assert_allclose(both.allocation, np.tile(one.allocation, (1, 2, 1)), rtol=CLOSE)
    np.testing.assert_allclose(both.price, one.price, rtol=CLOSE)


def test_a_single_agent_keeps_what_it_has():
    endowment, preference = drawn(7, agents=1)
    cleared = clear("walras", endowment, preference)
    np.testing.assert_allclose(cleared.allocation, endowment, rtol=CLOSE)
    np.testing.assert_allclose(cleared.price, normal(preference[:, 0] / endowment[:, 0]), rtol=CLOSE)
    assert cleared.converged.all()


def test_goods_that_no_taste_joins_are_refused_by_name():
    endowment, preference = drawn(8, goods=4)
    endowment[1] = [[1, 1, 0, 0], [2, 1, 0, 0], [0, 0, 1, 1], [0, 0, 3, 1]]
    preference[1] = endowment[1] / endowment[1].sum(axis=1, keepdims=True)
    with pytest.raises(ValueError, match=r"replica 1: goods \[0, 1\] and \[2, 3\] are separated"):
        clear("walras", endowment, preference)
    preference[1, 0] = [0.5, 0.25, 0.25, 0]  # goods 0 and 1 are sold for 2 and 3, but nothing flows back
    with pytest.raises(ValueError, match=r"replica 1: goods \[0, 1\] and \[2, 3\] are separated"):
        clear("walras", endowment, preference)
    preference[1, 3] = [0, 0.1, 0, 0.9]
    assert clear("walras", endowment, preference).converged.all()


def test_a_good_that_nobody_likes_has_no_price_and_is_refused():
    endowment, preference = drawn(9)
    preference[0] = [0.5, 0.5, 0.0]
    with pytest.raises(ValueError, match=r"replica 0: goods \[0, 1\] and \[2\] are separated"):
        clear("walras", endowment, preference)


def test_markets_that_are_barely_joined_are_priced_exactly():
    # Two halves joined by tastes of 1e-14: A has a second eigenvalue within 1e-14 of 1. By hand, symmetry
    # makes the flows between the halves equal, so that both are worth the same whatever joins them.
    thin = 1e-14
    preference = np.array([[[0.3, 0.7 - thin, thin, 0], [0.3, 0.7 - thin, 0, thin]] * 2])
    preference[0, 2:] = preference[0, :2][:, [2, 3, 0, 1]]
    cleared = clear("walras", np.eye(4)[None], preference)
    np.testing.assert_allclose(cleared.price[0, :2], cleared.price[0, 2:], rtol=CLOSE)
    np.testing.assert_allclose(cleared.price[0, 0] / cleared.price[0, 1], 3 / 7, rtol=1e-12)
    assert cleared.converged.all()


def test_a_good_that_nobody_brings_has_no_price_and_tastes_for_it_do_not_matter():
    endowment, preference = drawn(10)
    endowment[..., 1] = 0.0
    cleared = clear("walras", endowment, preference)
    rest = clear("walras", endowment[..., [0, 2]], normal(preference[..., [0, 2]]))
    np.testing.assert_allclose(cleared.allocation[..., [0, 2]], rest.allocation, rtol=CLOSE)
    np.testing.assert_allclose(cleared.price[:, [0, 2]], rest.price, rtol=CLOSE)
    assert np.isnan(cleared.price[:, 1]).all()
    assert (cleared.allocation[..., 1] == 0.0).all()
    assert cleared.converged.all()


def test_an_absent_agent_keeps_its_goods_and_moves_no_price():
    endowment, preference = drawn(11)
    present = np.ones(endowment.shape[:2], bool)
    present[:, 2] = False
    others = clear("walras", endowment[:, [0, 1, 3]], preference[:, [0, 1, 3]])
    endowment[0, 2], preference[0, 2] = np.nan, np.nan  # what an empty slot holds is nobody's business
    cleared = clear("walras", endowment, preference, present=present)
    np.testing.assert_array_equal(cleared.allocation[:, 2], endowment[:, 2])
    np.testing.assert_array_equal(cleared.allocation[:, [0, 1, 3]], others.allocation)
    np.testing.assert_array_equal(cleared.price, others.price)
    assert cleared.converged.all()


def test_an_agent_who_likes_nothing_there_is_stays_out_and_its_goods_with_it():
    # Agent 2 likes good 2 only, which nobody brings; only agent 2 brings good 3; agent 3 likes only that.
    endowment = np.array([[[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 5], [2, 2, 0, 0]]], float)
    preference = np.array([[[0.5, 0.5, 0, 0], [0.5, 0.5, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]])
    cleared = clear("walras", endowment, preference)
    np.testing.assert_allclose(cleared.allocation[0, :2], [[0.5, 0.5, 0, 0]] * 2)
    np.testing.assert_array_equal(cleared.allocation[0, 2:], endowment[0, 2:])
    np.testing.assert_array_equal(np.isnan(cleared.price[0]), [False, False, True, True])
    assert cleared.converged.all()


def test_who_brings_nothing_gets_nothing():
    endowment, preference = drawn(12)
    endowment[:, 1] = 0.0
    cleared = clear("walras", endowment, preference)
    assert (cleared.allocation[:, 1] == 0.0).all()
    assert cleared.converged.all()


@pytest.mark.parametrize("shape", [(2, 3, 2), (2, 0, 2), (0, 3, 2)])
def test_an_empty_market_clears_at_no_price(shape):
    cleared = clear("walras", np.zeros(shape), np.full(shape, 0.5))
    assert np.isnan(cleared.price).all()
    assert not cleared.allocation.any()
    assert cleared.converged.all()
    assert not cleared.gap.any()
    assert cleared.price.shape == (shape[0], 2)


@given(societies())
def test_goods_are_conserved_nobody_loses_and_the_certificate_holds(society):
    endowment, preference, present = society
    cleared = clear("walras", endowment, preference, present=present)
    x = cleared.allocation
    assert (x >= 0.0).all()
    np.testing.assert_allclose(x.sum(axis=1), endowment.sum(axis=1), rtol=1e-9)
    np.testing.assert_array_equal(x[~present], endowment[~present])
    whole = present & (endowment > 0).all(axis=2)
    gained = (
        preference * np.log(np.where(whole[..., None], x / np.where(whole[..., None], endowment, 1), 1))
    ).sum(axis=2)
    assert (gained >= -1e-12).all()
    price = np.nan_to_num(cleared.price)
    worth = (price[:, None] * (x - endowment)).sum(axis=2)
    assert (np.abs(worth) <= 1e-12 * (price[:, None] * endowment).sum(axis=(1, 2))[:, None]).all()
    assert cleared.converged.all()


@settings(max_examples=40)
@given(societies(replicas=3))
def test_a_replica_alone_clears_as_in_company_to_the_last_bit(society):
    endowment, preference, present = society
    together = clear("walras", endowment, preference, present=present)
    for r in range(3):
        one = slice(r, r + 1)
        same_bits(clear("walras", endowment[one], preference[one], present=present[one]), alone(together, r))


@given(st.integers(0, 1000), st.integers(0, 3), st.integers(0, 2), st.floats(0.01, 5.0))
def test_more_of_a_good_makes_it_cheaper_in_every_other_good(seed, agent, good, more):
    endowment, preference = drawn(seed, replicas=1)
    before = clear("walras", endowment, preference).price[0]
    endowment[0, agent, good] += more
    after = clear("walras", endowment, preference).price[0]
    others = np.arange(3) != good
    assert (after[good] / after[others] < before[good] / before[others]).all()


@given(st.integers(0, 1000), st.integers(0, 3), st.integers(0, 2), st.floats(0.01, 0.9))
def test_a_stronger_taste_for_a_good_makes_it_dearer_in_every_other_good(seed, agent, good, more):
    endowment, preference = drawn(seed, replicas=1)
    before = clear("walras", endowment, preference).price[0]
    preference[0, agent] = (1 - more) * preference[0, agent] + more * np.eye(3)[good]
    after = clear("walras", endowment, preference).price[0]
    others = np.arange(3) != good
    assert (after[good] / after[others] > before[good] / before[others]).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda e, w: e.__setitem__((1, 2, 0), -1.0), r"endowment \[-1.0.* of agent 2, replica 1 \(valid"),
        (lambda e, w: e.__setitem__((0, 1, 0), np.nan), r"endowment \[nan.* of agent 1, replica 0 \(valid"),
        (lambda e, w: e.__setitem__((0, 1, 0), np.inf), r"endowment \[inf.* of agent 1, replica 0 \(valid"),
        (lambda e, w: w.__setitem__((1, 3), [0.5, 0.5, 0.5]), r"of agent 3, replica 1 sums to 1.5 \(valid"),
        (lambda e, w: w.__setitem__((1, 3), [1.5, -1.0, 0.5]), r"preference \[1.5, -1.0, 0.5\] of agent 3"),
        (lambda e, w: w.__setitem__((1, 3, 0), np.nan), r"preference \[nan.* of agent 3, replica 1"),
    ],
)
def test_numbers_that_make_no_market_are_refused_with_their_place(change, message):
    endowment, preference = drawn(13)
    change(endowment, preference)
    with pytest.raises(ValueError, match=message):
        clear("walras", endowment, preference)


def test_shapes_that_do_not_fit_are_refused():
    endowment, preference = drawn(14)
    with pytest.raises(ValueError, match=r"endowment has shape \(4, 3\), preference \(2, 4, 3\)"):
        clear("walras", endowment[0], preference)
    with pytest.raises(ValueError, match=r"present has shape \(2, 3\) \(valid: \(2, 4\)\)"):
        clear("walras", endowment, preference, present=np.ones((2, 3), bool))
