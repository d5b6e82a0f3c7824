"""The planner at Walrasian weights: one mirror step arrives, thousands of projected steps approach."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import optimize

from markets.barter import clear
from markets.barter.projected import project
from tests.markets.barter.societies import drawn, edgeworth


def test_one_mirror_step_reaches_the_walrasian_allocation():
    endowment, preference = drawn(80)
    ours, walras = clear("mirror", endowment, preference), clear("walras", endowment, preference)
    np.testing.assert_allclose(ours.allocation, walras.allocation, rtol=1e-13)
    np.testing.assert_array_equal(ours.price, walras.price)
    assert ours.converged.all()
    assert (ours.iterations == 1).all()


def test_projected_steps_reach_it_too_in_their_time():
    endowment, preference = drawn(81)
    walras = clear("walras", endowment, preference)
    ours = clear("projected", endowment, preference, iterations=100_000)
    assert ours.converged.all()
    assert (ours.iterations > 20).all()
    np.testing.assert_allclose(ours.allocation, walras.allocation, rtol=1e-7)
    early = clear("projected", endowment, preference, iterations=5)
    assert not early.converged.any()
    assert (early.iterations == 5).all()
    assert (early.gap > ours.gap).all()


def test_a_rate_that_overshoots_is_halved_until_it_does_not():
    endowment, preference = drawn(82)
    wild = clear("projected", endowment, preference, rate=1e6, iterations=100_000)
    assert wild.converged.all()


def test_projected_steps_leave_nothing_to_who_likes_none_of_it():
    endowment, preference = edgeworth(0.5, 0.5)
    preference = np.concatenate([preference, [[[1.0, 0.0]]]], axis=1)
    endowment = np.concatenate([endowment, [[[0.5, 0.5]]]], axis=1)
    ours = clear("projected", endowment, preference, iterations=100_000)
    assert ours.allocation[0, 2, 1] == 0.0
    assert ours.converged.all()


@pytest.mark.parametrize("seed", range(5))
def test_slsqp_finds_nothing_better_at_the_weights_of_the_walrasian_budgets(seed):
    endowment, preference = drawn(seed, replicas=1, agents=3)
    cleared = clear("mirror", endowment, preference)
    weight = (cleared.price[0] * endowment[0]).sum(axis=1, keepdims=True)
    supply, (taste,) = endowment[0].sum(axis=0), preference
    best = optimize.minimize(
        lambda x: -(weight * taste * np.log(x.reshape(3, 3))).sum(), np.tile(supply / 3, 3),
        jac=lambda x: -(weight * taste / x.reshape(3, 3)).ravel(),
        bounds=[(1e-9, None)] * 9, method="SLSQP", options={"ftol": 1e-14, "maxiter": 500},
        constraints={"type": "eq", "fun": lambda x: x.reshape(3, 3).sum(axis=0) - supply},
    )  # fmt: skip
    np.testing.assert_allclose(cleared.allocation[0], best.x.reshape(3, 3), atol=1e-5)
    assert -(weight * taste * np.log(cleared.allocation[0])).sum() <= best.fun + 1e-9


@given(arrays(np.float64, st.integers(1, 8), elements=st.floats(-10, 10)))
def test_a_projection_is_the_nearest_point_of_the_simplex(point):
    near = project(point)
    assert (near >= 0.0).all()
    np.testing.assert_allclose(near.sum(), 1.0, rtol=1e-12)
    # <point - near, y - near> <= 0 for every y of the simplex, that is for every corner.
    slopes = (point - near) - (point - near) @ near
    assert (slopes <= 1e-12).all()
