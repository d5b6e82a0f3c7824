"""Measures of a market on series whose answer is known."""

import numpy as np
import pytest

from analysis.exchange.measures.depth import hump
from analysis.exchange.measures.impact import (
    BURN_IN,
    Parents,
    impact_at_duration,
    impact_exponent,
    scaled,
)
from analysis.exchange.measures.memory import autocorrelations, leverage, pearson
from analysis.exchange.measures.signs import sign_exponent
from analysis.exchange.measures.tails import aggregated, excess_kurtosis, hill, log_returns


def test_returns_add_up():
    closes = np.array([[100.0, 110, 121, 60.5, 60.5, 121]])
    returns = log_returns(closes)
    assert returns[0, :2] == pytest.approx([np.log(1.1)] * 2)
    assert aggregated(returns, 2) == pytest.approx(np.log([[1.21, 0.5]]))


@pytest.mark.parametrize("alpha", [2.0, 3.0, 5.0])
def test_hill_finds_the_index_of_a_pareto_tail(alpha):
    rng = np.random.default_rng(3)
    size = 1 + rng.pareto(alpha, (20, 20_000))
    found = hill(size * rng.choice((-1, 1), size.shape))
    assert found.mean() == pytest.approx(alpha, rel=0.02)


def test_hill_of_what_does_not_move_is_not_defined():
    assert np.isnan(hill(np.zeros((1, 300)))).all()


def test_kurtosis_of_two_points_of_a_laplace_and_of_a_normal():
    rng = np.random.default_rng(0)
    assert excess_kurtosis(np.array([-1.0, 1] * 50)) == pytest.approx(-2)
    assert excess_kurtosis(rng.laplace(size=(40, 10_000))).mean() == pytest.approx(3, abs=0.15)
    assert excess_kurtosis(rng.normal(size=(40, 10_000))).mean() == pytest.approx(0, abs=0.03)
    assert np.isnan(excess_kurtosis(np.ones(50)))


def test_autocorrelation_of_a_first_order_process_falls_geometrically():
    rng = np.random.default_rng(1)
    x = np.zeros((20, 20_000))
    for t in range(1, x.shape[1]):
        x[:, t] = 0.8 * x[:, t - 1] + rng.standard_normal(20)
    assert autocorrelations(x, (1, 3)).mean(axis=0) == pytest.approx([0.8, 0.512], abs=0.01)


def test_leverage_is_negative_where_falls_make_moves_larger():
    rng = np.random.default_rng(2)
    r, sigma = np.zeros((20, 5000)), np.ones(20)
    for t in range(r.shape[1]):
        r[:, t] = sigma * rng.standard_normal(20)
        sigma = np.sqrt(0.5 + 0.3 * sigma**2 + 0.3 * np.minimum(r[:, t], 0) ** 2)
    assert leverage(r).mean() < -0.02 < 0.02 < leverage(-r).mean()
    assert leverage(rng.standard_normal((50, 5000))).mean() == pytest.approx(0, abs=0.002)


def test_a_correlation_is_the_same_at_any_scale():
    rng = np.random.default_rng(4)
    x, e = rng.standard_normal((2, 10_000))
    for scale in (1e-9, 1, 1e12):
        assert pearson(scale * x, 0.6 * x + 0.8 * e) == pytest.approx(0.6, abs=0.02)


@pytest.mark.parametrize("power", [-0.2, -0.5, -0.8])
def test_sign_memory_finds_the_exponent_of_a_planted_law(power):
    lag, pairs = 2.0 ** np.arange(10), np.full(10, 1e7)
    noise = np.random.default_rng(5).standard_normal(10) * pairs**0.5
    assert sign_exponent(lag, 0.4 * lag**power * pairs + noise, pairs) == pytest.approx(power, abs=0.03)
    assert np.isnan(sign_exponent(lag, noise, pairs))
    assert np.isnan(sign_exponent(lag, 0 * lag, 0 * lag))


def orders(power, drag=0.0, count=60_000, days=400, seed=0):
    """Large orders that move prices by (Q/V)^power · T^drag daily deviations, in noise of their own."""
    rng = np.random.default_rng(seed)
    returns, volume = 0.01 * rng.standard_normal(days - 1), np.full(days, 1e4)
    size = 5e-3 * (1 + rng.pareto(1.5, count))
    duration = size**0.5 * np.exp(0.8 * rng.standard_normal(count))
    moved = size**power * (duration / np.median(duration)) ** drag + 0.15 * rng.standard_normal(count)
    sign = rng.choice((-1.0, 1.0), count)
    parents = Parents(rng.integers(0, days, count), sign, 1e4 * size, 0.01 * sign * moved, duration)
    return parents, returns, volume


@pytest.mark.parametrize("power", [0.3, 0.5, 0.75, 1.0])
def test_impact_finds_the_exponent_of_a_planted_law(power):
    size, moved, duration = scaled(*orders(power))
    assert impact_exponent(size, moved) == pytest.approx(power, abs=0.04)
    assert impact_at_duration(size, moved, duration) == pytest.approx(power, abs=0.1)


def test_impact_at_fixed_duration_tells_size_from_time():
    size, moved, duration = scaled(*orders(0.1, drag=0.6))
    assert impact_exponent(size, moved) > 0.3
    assert impact_at_duration(size, moved, duration) < 0.3


def test_orders_before_the_burn_in_do_not_count():
    parents, returns, volume = orders(0.5, count=4000)
    size, _, _ = scaled(parents, returns, volume)
    assert len(size) == ((parents.day > BURN_IN) & (parents.day <= len(returns))).sum()
    volume[: BURN_IN - 20] = 1.0
    assert np.array_equal(scaled(parents, returns, volume)[0], size)


def test_orders_that_move_nothing_have_no_exponent_to_speak_of():
    parents, returns, volume = orders(0.5, count=20_000)
    still = Parents(parents.day, parents.sign, parents.quantity, 0 * parents.change, parents.duration)
    assert np.isnan(impact_exponent(*scaled(still, returns, volume)[:2]))


def test_the_deepest_level_of_a_book():
    assert hump(np.array([3.0, 5, 9, 4, 1])) == 2
    assert hump(np.array([9.0, 5, 3, 1, 0])) == 0
    assert np.isnan(hump(np.array([1.0, 2, 3])))
    assert np.isnan(hump(np.zeros(5)))
