"""The macro world's shares: worth 1 at rest, moved by profits, mood and the real rate, part of net worth."""

import math

import numpy as np
import pytest

from simengine import Simulation
from simengine.config import merged
from simengine.worlds.macro.accounts import capital_gains, firm_equity, household_wealth, value_shares
from tests.simengine.worlds.macro.history import REST, simulate

ELASTICITIES = {"profit_elasticity": 0.5, "confidence_elasticity": 2.0, "rate_semi_elasticity": 4.0}


def opened(**equity):
    """The world before its first month, in two replicas; shares jump to their worth unless told otherwise."""
    config = merged(REST, {"equity": {**ELASTICITIES, "price_gain_monthly": 1.0, **equity}})
    return Simulation("macro", policies="rule", seed=3, replicas=2, config=config).world


def price(world):
    """The share price after its monthly move."""
    value_shares(world)
    return world.economy.share_price


def test_shares_are_worth_what_they_are_at_rest_when_nothing_moves():
    np.testing.assert_allclose(price(opened()), 1.0, rtol=1e-12)


def test_the_share_price_at_rest_stays_for_years():
    sim, _ = simulate(merged(REST, {"equity": ELASTICITIES}), replicas=2, years=5)
    np.testing.assert_allclose(sim.world.economy.share_price, 1.0, atol=0.01)


def test_profits_a_tenth_above_rest_raise_shares_by_a_tenth_of_their_elasticity():
    world = opened()
    world.firms.profit[0] *= 1.1
    np.testing.assert_allclose(price(world), [math.exp(0.5 * 0.1), 1.0], rtol=1e-12)


def test_profits_that_grow_with_trend_and_prices_are_at_rest():
    world = opened()
    world.firms.profit[...] *= 1.2 * 1.5
    world.economy.trend *= 1.2
    world.economy.price_level *= 1.5
    np.testing.assert_allclose(price(world), 1.0, rtol=1e-12)


def test_profits_beyond_one_and_a_half_times_rest_in_either_direction_count_no_more():
    world = opened()
    world.firms.profit[0] *= 9.0
    world.firms.profit[1] *= -9.0
    np.testing.assert_allclose(price(world), [math.exp(0.75), math.exp(-0.75)], rtol=1e-12)


def test_a_point_on_the_real_rate_lowers_shares_by_its_semi_elasticity_and_confidence_raises_them():
    world = opened()
    world.economy.rate[0] += 0.01
    world.economy.expected_inflation[1] += 0.01
    np.testing.assert_allclose(price(world), [math.exp(-0.04), math.exp(0.04)], rtol=1e-12)
    world = opened()
    world.economy.rate += 0.02
    world.economy.expected_inflation += 0.02
    world.economy.confidence[1] = 0.05
    np.testing.assert_allclose(price(world), [1.0, math.exp(0.1)], rtol=1e-12)


def test_the_share_price_closes_a_share_of_the_gap_to_its_worth():
    world = opened(price_gain_monthly=0.25)
    world.economy.confidence += 0.05
    worth = math.exp(0.1)
    np.testing.assert_allclose(price(world), 1.0 + 0.25 * (worth - 1.0), rtol=1e-12)
    np.testing.assert_allclose(price(world), 1.0 + (1.0 - 0.75**2) * (worth - 1.0), rtol=1e-12)


def test_firms_own_cash_stocks_and_plants_and_owe_loans_and_taxes():
    world = opened()
    f, books = world.firms, world.books
    world.economy.price_level[:] = (20_000.0, 10_000.0)
    f.tax_due[:, 1] = 700
    cents = books.read("deposits", "firms") + books.read("loans", "firms") + f.stock_value
    expected = cents.sum(axis=1) + np.array([20_000.0, 10_000.0]) * f.capital.sum(axis=1) - 700
    np.testing.assert_allclose(firm_equity(world), expected, rtol=1e-12)


@pytest.mark.parametrize("share_price", [1.0, 0.8, 1.3])
def test_net_worth_is_deposits_less_debt_and_taxes_plus_shares_at_their_price(share_price):
    world = opened()
    world.economy.share_price[:] = share_price
    h, books = world.households, world.books
    h.tax_due[:, 2] = 900
    own = books.read("deposits", "households") + books.read("loans", "households")
    own[:, 2] -= 900
    firms, banks = firm_equity(world), books.net_worth("banks").sum(axis=1)
    shares = h.equity_share * (share_price * firms + banks)[:, None]
    np.testing.assert_allclose(household_wealth(world), own + shares, atol=1.0)
    # All of it belongs to somebody.
    total = own.sum(axis=1) + share_price * firms + banks
    np.testing.assert_allclose(household_wealth(world).sum(axis=1), total, atol=0.5 * h.skill.shape[1])


def test_the_series_of_net_worth_follows_the_share_price():
    def lifted(sim):
        sim.world.economy.share_price[0] = 1.5

    # Shares neither move nor are spent: what half as much again adds is half of what firms own, deflated.
    still = {"price_gain_monthly": 0.0, "wealth_effect_monthly": 0.0}
    sim, series = simulate(merged(REST, {"equity": still}), replicas=[4, 4], years=0.25, prepare=lifted)
    worth, level = series["household_net_worth"][:, 0], series["price_level"][:, 0] / 100.0
    np.testing.assert_allclose(worth[0] - worth[1], 0.5 * firm_equity(sim.world)[0] / 100.0 / level[0])


def test_shareholders_spend_a_share_of_capital_gains_and_nothing_at_rest():
    world = opened(wealth_effect_monthly=0.01)
    assert (capital_gains(world) == 0.0).all()
    world.economy.share_price[:] = (1.2, 0.9)
    units = firm_equity(world) / world.economy.price_level
    np.testing.assert_allclose(capital_gains(world), 0.01 * np.array([0.2, -0.1]) * units, rtol=1e-12)


def test_what_shareholders_spend_of_capital_gains_reaches_the_shops():
    def lifted(sim):
        sim.world.economy.share_price[0] = 1.2

    plain = {"habit_monthly": 0.0, "durable_share": 0.0, "hand_to_mouth_share": 0.0}
    still = {"price_gain_monthly": 0.0, "wealth_effect_monthly": 0.001}
    config = merged(REST, {"equity": still, "household": plain})
    sim = Simulation("macro", policies="rule", replicas=[4, 4], config=config)
    lifted(sim)
    before = capital_gains(sim.world)
    sim.run(ticks=1)
    h, level = sim.world.households, sim.world.economy.price_level[0]
    more = (h.month_purse[0] - h.month_purse[1]) / level
    np.testing.assert_allclose(more, before[0] * h.equity_share[0], rtol=1e-3, atol=1.0 / level)
