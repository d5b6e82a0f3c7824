"""What holds of every mechanism: goods stay, nobody loses, order and company do not matter."""

import numpy as np
import pytest
from hypothesis import given, settings

from markets.barter import MODES, clear, own_gradient
from tests.markets.barter.societies import alone, drawn, next_in_ring, same_bits, societies

OPTIMAL = ("walras", "corners", "mirror", "nash")


def cleared_by(mode, endowment, preference, present=None):
    """The market by any mode: everyone calls on the next slot, and gradients take 200 steps."""
    partners = next_in_ring(endowment)
    return clear(mode, endowment, preference, partners, present, rounds=3, iterations=200)


@pytest.mark.parametrize("mode", MODES)
@settings(max_examples=50)
@given(society=societies())
def test_goods_stay_nobody_loses_and_what_optimises_is_certified(mode, society):
    endowment, preference, present = society
    cleared = cleared_by(mode, endowment, preference, present)
    x = cleared.allocation
    assert (x >= 0.0).all()
    np.testing.assert_allclose(x.sum(axis=1), endowment.sum(axis=1), rtol=1e-9)
    np.testing.assert_array_equal(x[~present], endowment[~present])
    if mode != "projected":  # which may not have arrived
        assert (cleared.least_gain >= -1e-12).all()
    if mode in OPTIMAL:
        assert cleared.converged.all()
    priced = ~np.isnan(cleared.price).all(axis=1)
    np.testing.assert_allclose(np.nansum(cleared.price, axis=1), priced.astype(float), rtol=1e-12)
    assert cleared.iterations.dtype == np.int64


@pytest.mark.parametrize("mode", MODES)
@settings(max_examples=10)
@given(society=societies(replicas=3))
def test_a_replica_alone_clears_as_in_company_to_the_last_bit(mode, society):
    endowment, preference, present = society
    together = cleared_by(mode, endowment, preference, present)
    for r in range(3):
        one = slice(r, r + 1)
        same_bits(cleared_by(mode, endowment[one], preference[one], present[one]), alone(together, r))


@pytest.mark.parametrize("mode", [mode for mode in MODES if mode != "pairwise"])
def test_the_order_of_agents_and_goods_does_not_matter(mode):
    endowment, preference = drawn(60)
    agents, goods = [2, 0, 3, 1], [1, 2, 0]
    plain = cleared_by(mode, endowment, preference)
    mixed = cleared_by(mode, endowment[:, agents][..., goods], preference[:, agents][..., goods])
    np.testing.assert_allclose(mixed.allocation, plain.allocation[:, agents][..., goods], rtol=1e-7)
    np.testing.assert_allclose(mixed.price, plain.price[..., goods], rtol=1e-7)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("shape", [(2, 3, 2), (2, 0, 2), (0, 3, 2), (1, 1, 1)])
def test_an_empty_market_clears_at_no_price(mode, shape):
    cleared = cleared_by(mode, np.zeros(shape), np.full(shape, 1.0 / shape[2]))
    assert np.isnan(cleared.price).all()
    assert not cleared.allocation.any()
    assert cleared.converged.all()


@pytest.mark.parametrize("mode", MODES)
def test_a_single_agent_keeps_what_it_has(mode):
    endowment, preference = drawn(61, agents=1)
    cleared = cleared_by(mode, endowment, preference)
    np.testing.assert_allclose(cleared.allocation, endowment, rtol=1e-14)
    assert cleared.converged.all()


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_has_own_derivatives_that_are_finite_and_blind_to_the_scale_of_taste(mode):
    endowment, preference = drawn(62)
    endowment[:, 1, 2] = 0.0
    endowment[1, :, 0] = 0.0
    upstream = np.random.default_rng(7).normal(size=endowment.shape)
    cleared = cleared_by(mode, endowment, preference)
    taste, goods = own_gradient(mode, cleared, endowment, preference, upstream)
    assert np.isfinite(taste).all()
    assert np.isfinite(goods).all()
    np.testing.assert_allclose((taste * preference).sum(axis=2), 0, atol=1e-13)
    assert taste.any() == (mode != "autarky")


@pytest.mark.parametrize("mode", ["mirror", "projected"])
def test_a_planner_s_derivatives_are_those_of_the_equilibrium_it_reaches(mode):
    endowment, preference = drawn(63)
    upstream = np.ones_like(endowment)
    cleared = cleared_by("walras", endowment, preference)
    found = [own_gradient(name, cleared, endowment, preference, upstream) for name in ("walras", mode)]
    np.testing.assert_array_equal(*found)
