"""What trade achieves, on exchanges solved by hand."""

import numpy as np
import pytest

from analysis.barter.trade import (
    dispersion,
    mrs_dispersion,
    price_convergence,
    price_distance,
    surplus_captured,
    walras_distance,
)

RNG = np.random.default_rng(0)


def test_two_agents_with_rates_of_two_and_a_half():
    taste = np.full((2, 2), 0.5)
    goods = np.array([[1.0, 2.0], [2.0, 1.0]])  # MRS 2 and 1/2: log 2 and −log 2, sd log 2
    assert dispersion(taste, goods, 0.0) == pytest.approx(np.log(2.0))
    assert dispersion(taste, goods - 1.0, 1.0) == pytest.approx(np.log(2.0))


def test_dispersion_is_the_mean_over_pairs_of_goods_and_singles_none_out():
    taste, goods = RNG.dirichlet(np.ones(3), 6), RNG.uniform(0.5, 2.0, (6, 3))
    log = np.log(taste / goods)
    variances = [(log[:, g] - log[:, h]).var() for g, h in ((0, 1), (0, 2), (1, 2))]
    assert dispersion(taste, goods, 0.0) == pytest.approx(np.sqrt(np.mean(variances)))


def test_a_market_that_clears_leaves_no_rates_apart():
    # Cobb-Douglas at prices p: x = w m / p, so that w/x is the same ratio of prices for all.
    taste = RNG.dirichlet(np.ones(3), (6, 5, 6))
    before = RNG.uniform(0.5, 2.0, taste.shape)
    price = np.array([0.2, 0.3, 0.5])
    after = taste * (before @ price)[..., None] / price
    found = mrs_dispersion(taste, before, after, 0.0)
    assert found.value == pytest.approx(0.0, abs=1e-7)
    assert found.sign == -1


def test_an_agent_without_a_good_leaves_the_tick_undefined():
    taste = np.full((1, 2, 2, 2), 0.5)
    goods = np.ones(taste.shape)
    goods[0, 0, 0, 0] = 0.0
    assert mrs_dispersion(taste, goods, goods, 0.0).value == 0.0
    assert np.isnan(dispersion(taste, goods, 0.0)[0, 0])


def test_prices_at_e_times_equilibrium_are_one_log_point_away():
    prices = np.full((6, 6), 2.0 * np.e)
    found = price_distance(prices, np.full((6, 6), 2.0 * np.exp(2.0)), 2.0)
    assert (found.value, found.null, found.sign) == (pytest.approx(1.0), pytest.approx(2.0), -1)


def test_prices_that_close_in_converge_and_random_ones_do_not():
    halving = np.exp(np.repeat([0.4, 0.2, 0.1], 5))[None, :].repeat(4, axis=0)
    random = np.exp(np.random.default_rng(1).normal(0.0, 0.3, (4, 15)))
    found = price_convergence(halving, random, 1.0)
    assert found.value == pytest.approx(np.log(4.0))
    with pytest.raises(ValueError, match="2 ticks: valid are 3 or more"):
        price_convergence(np.ones((1, 2)), np.ones((1, 2)), 1.0)


def test_shares_of_ticks_are_averaged_and_have_no_null():
    share = np.array([[0.5, np.nan, 1.0], [0.25, 0.25, 0.25]])
    for measure in (surplus_captured, walras_distance):
        found = measure(share)
        assert found.value == 0.5
        assert found.verdict == "nothing to hold it against"
