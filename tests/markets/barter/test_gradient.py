"""Own derivatives of the market: against finite differences, and what theory says of their signs and sums."""

import numpy as np
import pytest

from markets.barter import clear, own_gradient, price_taking_gradient, walras_gradient
from markets.barter.demand import demand_into
from tests.markets.barter.societies import drawn, edgeworth

STEP = 1e-5


def central(outcome, column, i, g):
    """The derivative of `outcome()` (replica,) in `column[:, i, g]`, by central differences."""
    kept = column[:, i, g].copy()
    column[:, i, g] = kept + STEP
    high = outcome()
    column[:, i, g] = kept - STEP
    low = outcome()
    column[:, i, g] = kept
    return (high - low) / (2 * STEP)


def derivatives(clear_alone, endowment, preference, upstream):
    """dL/dw and dL/de by central differences; `clear_alone(e, w, i)` is agent i's bundle."""
    taste, goods = np.zeros_like(endowment), np.zeros_like(endowment)
    for i in range(endowment.shape[1]):

        def loss(i=i):
            likes = preference / preference.sum(axis=2, keepdims=True)
            return (clear_alone(endowment, likes, i) * upstream[:, i]).sum(axis=1)

        for g in range(endowment.shape[2]):
            taste[:, i, g] = central(loss, preference, i, g)
            if endowment[0, i, g] > 0:
                goods[:, i, g] = central(loss, endowment, i, g)
    return taste, goods


@pytest.mark.parametrize(("agents", "goods"), [(1, 3), (2, 2), (4, 3), (5, 4)])
def test_walrasian_derivatives_are_those_of_the_market_cleared_again(agents, goods):
    endowment, preference = drawn(agents, agents=agents, goods=goods)
    upstream = np.random.default_rng(0).normal(size=endowment.shape)
    cleared = clear("walras", endowment, preference)
    found = walras_gradient(cleared.price, endowment, preference, upstream)

    def bundle(e, w, i):
        return clear("walras", e, w).allocation[:, i]

    for ours, theirs in zip(found, derivatives(bundle, endowment, preference, upstream)):
        np.testing.assert_allclose(ours, theirs, rtol=1e-7, atol=1e-8)


def test_derivatives_hold_among_absent_agents_and_goods_that_nobody_brings():
    endowment, preference = drawn(30, agents=5, goods=4)
    endowment[..., 1] = 0.0
    upstream = np.random.default_rng(1).normal(size=endowment.shape)
    present = np.ones(endowment.shape[:2], bool)
    present[:, 3] = False
    cleared = clear("walras", endowment, preference, present=present)
    taste, goods = walras_gradient(cleared.price, endowment, preference, upstream, present)

    def bundle(e, w, i):
        return clear("walras", e, w, present=present).allocation[:, i]

    taste_seen, goods_seen = derivatives(bundle, endowment, preference, upstream)
    np.testing.assert_allclose(taste, taste_seen, rtol=1e-7, atol=1e-8)
    held = [0, 2, 3]
    np.testing.assert_allclose(goods[..., held], goods_seen[..., held], rtol=1e-7, atol=1e-8)
    assert not goods[:, [0, 1, 2, 4], 1].any()
    np.testing.assert_array_equal(goods[:, 3], upstream[:, 3])


def test_what_an_agent_brings_of_a_good_it_has_none_of_counts_too():
    endowment, preference = drawn(31)
    endowment[:, 1, 2] = 0.0
    upstream = np.random.default_rng(2).normal(size=endowment.shape)
    cleared = clear("walras", endowment, preference)
    _, goods = walras_gradient(cleared.price, endowment, preference, upstream)
    endowment[:, 1, 2] = STEP
    moved = clear("walras", endowment, preference)
    seen = ((moved.allocation - cleared.allocation) * upstream)[:, 1].sum(axis=1) / STEP
    np.testing.assert_allclose(goods[:, 1, 2], seen, rtol=1e-3)


def test_by_hand_only_the_good_that_it_buys_answers_to_a_monopolist_s_taste():
    # x_1 = (a, b): its taste a is how much of its own good it keeps; of the other it gets b at any a.
    endowment, preference = edgeworth(0.4, 0.7)
    cleared = clear("walras", endowment, preference)
    own, _ = walras_gradient(cleared.price, endowment, preference, np.array([[[1.0, 0.0], [0.0, 0.0]]]))
    np.testing.assert_allclose(own[0, 0], [1 - 0.4, -0.4])  # d a / d w in w / sum w
    other, _ = walras_gradient(cleared.price, endowment, preference, np.array([[[0.0, 1.0], [0.0, 0.0]]]))
    np.testing.assert_allclose(other[0, 0], 0, atol=1e-15)


def test_tastes_in_proportion_are_the_same_taste():
    endowment, preference = drawn(32)
    upstream = np.random.default_rng(3).normal(size=endowment.shape)
    cleared = clear("walras", endowment, preference)
    taste, _ = walras_gradient(cleared.price, endowment, preference, upstream)
    np.testing.assert_allclose((taste * preference).sum(axis=2), 0, atol=1e-14)


def test_among_a_thousand_a_price_taker_is_right_and_among_two_it_is_not():
    upstream = np.ones((1, 1000, 2)) * [1.0, -1.0]
    apart = []
    for agents in (2, 1000):
        endowment, preference = drawn(33, replicas=1, agents=agents, goods=2)
        price = clear("walras", endowment, preference).price
        exact = walras_gradient(price, endowment, preference, upstream[:, :agents])
        taking = price_taking_gradient(price, endowment, preference, upstream[:, :agents])
        apart.append([np.abs(a - b).max() / np.abs(a).max() for a, b in zip(exact, taking)])
    assert min(apart[0]) > 0.1
    assert max(apart[1]) < 0.01


@pytest.mark.parametrize("floor", [0.0, 0.5, [0.0, 2.0, 0.1]])
def test_price_taking_derivatives_are_those_of_demand(floor):
    endowment, preference = drawn(34)
    draws = np.random.default_rng(4)
    price, upstream = draws.dirichlet(np.ones(3), 2), draws.normal(size=endowment.shape)
    floors = np.broadcast_to(np.asarray(floor, float), 3).copy()
    found = price_taking_gradient(price, endowment, preference, upstream, floor=floors)
    supply, bundle = np.ones((2, 3)), np.empty(3)

    def bought(e, w, i):
        out = np.empty((2, 3))
        for r in range(2):
            demand_into(bundle, price[r] @ e[r, i], r, i, w, price, supply, floors)
            out[r] = bundle
        return out

    for ours, theirs in zip(found, derivatives(bought, endowment, preference, upstream)):
        np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-7)


def test_without_trade_taste_moves_nothing_and_goods_are_kept():
    endowment, preference = drawn(35)
    upstream = np.random.default_rng(5).normal(size=endowment.shape)
    still = clear("autarky", endowment, preference)
    taste, goods = own_gradient("autarky", still, endowment, preference, upstream)
    assert not taste.any()
    np.testing.assert_array_equal(goods, upstream)


def test_a_replica_alone_has_the_derivatives_it_has_in_company():
    endowment, preference = drawn(36, replicas=3)
    upstream = np.random.default_rng(6).normal(size=endowment.shape)
    price = clear("walras", endowment, preference).price
    for gradient in (walras_gradient, price_taking_gradient):
        together = gradient(price, endowment, preference, upstream)
        for r in range(3):
            one = slice(r, r + 1)
            single = gradient(price[one], endowment[one], preference[one], upstream[one])
            for a, b in zip(single, together):
                np.testing.assert_array_equal(a, b[one])


def test_an_upstream_of_another_shape_is_refused():
    endowment, preference = drawn(37)
    price = clear("walras", endowment, preference).price
    with pytest.raises(ValueError, match=r"shapes \(2, 3\), \(2, 4\) \(valid: "):
        walras_gradient(price, endowment, preference, endowment[..., 0])
