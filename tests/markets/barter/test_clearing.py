"""The certificate: what it measures by hand, and that it is refused to whatever is not an equilibrium."""

import numpy as np
import pytest

from markets.barter import MODES, Terms, clear
from markets.barter.clearing import certified
from markets.barter.parties import gather
from tests.markets.barter.societies import drawn, edgeworth

ONCE = np.ones(1, np.int64)


def certificate(endowment, preference, allocation, price, weight=None, **settings):
    """The certificate of an allocation of one replica, at the endowments' worth if no weight is given."""
    price = np.array(price, float)[None]
    weight = (endowment * np.nan_to_num(price)[:, None]).sum(axis=2) if weight is None else np.array([weight])
    parties = gather(endowment, preference)
    return certified(parties, np.array(allocation, float)[None], price, weight, ONCE, **settings)


def test_gap_excess_and_least_gain_are_what_one_finds_by_hand():
    # Both hold half of each good, the first likes good 0 twice as much: at weights 1/2, df/dx is
    # (1/3 1/6 / 1/6 1/3) / (1/2), so the bound is 2/3 + 2/3 and <grad f, x> is 1: a gap of a third.
    halves = np.full((1, 2, 2), 0.5)
    taste = np.array([[[2, 1], [1, 2]]]) / 3
    still = certificate(halves, taste, halves[0], [0.5, 0.5])
    np.testing.assert_allclose(still.gap, 1 / 3)
    # At equal prices each wants 2/3 and 1/3, which is what there is.
    np.testing.assert_allclose(still.excess, 0, atol=1e-15)
    # At prices 3/4, 1/4 both are worth 1/2: they want (2 + 1)/3 * 1/2 / (3/4) = 2/3 of good 0 and 2 of 1.
    np.testing.assert_allclose(certificate(halves, taste, halves[0], [0.75, 0.25]).excess, 1)
    # The second gets less than half of both goods: log(.4/.5) is lost.
    moved = certificate(halves, taste, [[0.6, 0.6], [0.4, 0.4]], [0.5, 0.5])
    np.testing.assert_allclose(moved.least_gain, np.log(0.8))


@pytest.mark.parametrize(
    ("allocation", "price"),
    [
        ([[0.5, 0.5], [0.5, 0.5]], [0.5, 0.5]),  # right
        ([[0.51, 0.49], [0.49, 0.51]], [0.5, 0.5]),  # inefficient
        ([[0.5, 0.5], [0.5, 0.4]], [0.5, 0.5]),  # a good thrown away
        ([[0.6, 0.5], [0.5, 0.5]], [0.5, 0.5]),  # a good made
        ([[0.5, 0.5], [0.5, 0.5]], [0.51, 0.49]),  # a price at which others would be demanded
        ([[1.1, 0.5], [-0.1, 0.5]], [0.5, 0.5]),  # a debt in goods
        ([[np.nan, 0.5], [0.5, 0.5]], [0.5, 0.5]),
        ([[0.5, 0.5], [0.5, 0.5]], [np.nan, np.nan]),
        ([[0.0, 0.5], [1.0, 0.5]], [0.5, 0.5]),  # somebody left without a good it likes
    ],
)
def test_only_the_equilibrium_is_certified(allocation, price):
    right = allocation == [[0.5, 0.5], [0.5, 0.5]] and price == [0.5, 0.5]
    assert certificate(*edgeworth(0.5, 0.5), allocation, price).converged.item() is right


def test_an_efficient_allocation_that_harms_somebody_is_not_certified():
    endowment, taste = np.full((1, 2, 2), 0.5), np.full((1, 2, 2), 0.5)
    unfair = np.array([[0.7, 0.7], [0.3, 0.3]])
    found = certificate(endowment, taste, unfair, [0.5, 0.5], weight=[0.7, 0.3], priced=False)
    assert found.gap <= 1e-15
    np.testing.assert_allclose(found.least_gain, np.log(0.6))
    assert not found.converged


def test_weights_that_an_allocation_does_not_maximise_show_in_the_gap():
    endowment, taste = np.full((1, 2, 2), 0.5), np.full((1, 2, 2), 0.5)
    # At weights .7 and .3 the steepest slope of each good is .35 / .5: 1.4 in all, against <grad f, x> = 1.
    found = certificate(endowment, taste, endowment[0], [0.5, 0.5], weight=[0.7, 0.3])
    np.testing.assert_allclose(found.gap, 0.4)


def test_an_agent_who_lacks_a_good_that_it_likes_gains_by_definition():
    endowment, taste = edgeworth(0.5, 0.5)
    found = certificate(endowment, taste, endowment[0], [0.5, 0.5])
    assert found.least_gain == 0.0
    floored = certificate(endowment, taste, [[0.5, 0.2], [0.5, 0.8]], [0.5, 0.5], floor=np.ones(2))
    np.testing.assert_allclose(floored.least_gain, 0.5 * np.log(1.5 * 1.2 / 2))


def test_without_trade_the_gap_says_how_much_trade_could_do():
    endowment, preference = drawn(20)
    still = clear("autarky", endowment, preference)
    np.testing.assert_array_equal(still.allocation, endowment)
    assert np.isnan(still.price).all()
    assert (still.gap > 0.01).all()
    assert not still.converged.any()
    traded = clear("walras", endowment, preference)
    done = clear("autarky", traded.allocation, preference)
    assert done.converged.all()
    assert (done.iterations == 0).all()


def test_without_trade_goods_that_no_taste_joins_are_no_error():
    still = clear("autarky", np.eye(2)[None], np.eye(2)[None])
    assert np.isnan(still.gap).all()
    assert not still.converged


@pytest.mark.parametrize("mode", MODES)
def test_no_mode_writes_to_what_it_is_given_or_shares_memory_with_it(mode):
    endowment, preference = drawn(21)
    endowment.setflags(write=False)
    preference.setflags(write=False)
    partners = np.array([[1, 2, 3, 0]] * 2)
    cleared = clear(mode, endowment, preference, partners)
    assert not np.shares_memory(cleared.allocation, endowment)


def test_an_unknown_mode_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match=r"unknown barter mode 'walrus' \(valid: walras, "):
        clear("walrus", *drawn(22))


def test_a_negative_floor_is_refused():
    with pytest.raises(ValueError, match=r"floor is -1 \(valid: finite numbers >= 0\)"):
        Terms(floor=-1).floors(3)
