"""Equilibrium with corners: demand and prices by hand, against SLSQP, and what tatonnement cannot price."""

import numpy as np
import pytest
from scipy import optimize

from markets.barter import clear
from markets.barter.demand import demand_into
from tests.markets.barter.societies import drawn, edgeworth


def bought(worth, likes, price, floor):
    """The demand of one agent for goods that are all there."""
    bundle = np.empty(len(likes))
    likes, price, floor = (np.array(x, float) for x in (likes, price, floor))
    demand_into(bundle, worth, 0, 0, likes[None, None], price[None], np.ones((1, len(likes))), floor)
    return bundle


def test_demand_leaves_out_what_is_dear_or_not_liked():
    # Levels of entry c p / w are 1 and 3: up to a worth of 1/2 * (3 - 1) = 1 only good 0 is bought.
    assert bought(0.5, [0.5, 0.5], [0.5, 1.5], [1, 1]).tolist() == [1, 0]
    assert bought(1.0, [0.5, 0.5], [0.5, 1.5], [1, 1]).tolist() == [2, 0]
    # At 2 the common level is 2 + 1/2 + 3/2 = 4: 4 * .5 / .5 - 1 = 3 and 4 * .5 / 1.5 - 1 = 1/3.
    np.testing.assert_allclose(bought(2.0, [0.5, 0.5], [0.5, 1.5], [1, 1]), [3, 1 / 3])
    assert bought(0.0, [0.5, 0.5], [0.5, 1.5], [1, 1]).tolist() == [0, 0]
    assert bought(2.0, [1, 0], [0.5, 1.5], [1, 1]).tolist() == [4, 0]
    assert bought(2.0, [0.5, 0.5], [1, 1], [0, 0]).tolist() == [1, 1]
    # Good 0 without a floor is always bought; good 1 enters at level 2, from a worth of 1 on.
    assert bought(1.0, [0.5, 0.5], [1, 1], [0, 1]).tolist() == [1, 0]
    assert bought(2.0, [0.5, 0.5], [1, 1], [0, 1]).tolist() == [1.5, 0.5]


def test_demand_is_the_best_that_slsqp_finds():
    draws = np.random.default_rng(70)
    corners = 0
    for _ in range(30):
        likes, price, floor = draws.dirichlet(np.ones(4)), draws.uniform(0.2, 2, 4), draws.uniform(0.05, 2, 4)
        best = optimize.minimize(
            lambda x, likes=likes, floor=floor: -(likes * np.log(floor + x)).sum(),
            np.full(4, 0.25 / price), bounds=[(0, None)] * 4, method="SLSQP", options={"ftol": 1e-14},
            constraints={"type": "eq", "fun": lambda x, price=price: price @ x - 1.0},
        )  # fmt: skip
        ours = bought(1.0, likes, price, floor)
        np.testing.assert_allclose(ours, best.x, atol=1e-5)
        corners += (ours == 0).sum()
    assert corners > 10


@pytest.mark.parametrize(("a", "kept"), [(0.5, 0.5), (0.6, 0.8), (2 / 3, 1.0), (0.9, 1.0)])
def test_who_likes_its_own_good_enough_keeps_all_of_it(a, kept):
    # At equal prices and c = 1 the level is 1/2 + 1: an agent wants 3a - 1 of its own good and 2 - 3a of the
    # other, which is none from a = 2/3 on.
    cleared = clear("corners", *edgeworth(a, 1 - a), floor=1.0)
    np.testing.assert_allclose(cleared.allocation[0], [[kept, 1 - kept], [1 - kept, kept]], atol=1e-13)
    np.testing.assert_allclose(cleared.price, 0.5)
    assert cleared.converged.all()


def test_without_floors_corners_is_walras():
    endowment, preference = drawn(71)
    ours, walras = (clear(mode, endowment, preference, floor=0.0) for mode in ("corners", "walras"))
    np.testing.assert_allclose(ours.allocation, walras.allocation, rtol=1e-12)
    np.testing.assert_allclose(ours.price, walras.price, rtol=1e-12)


def test_with_floors_and_no_corner_it_is_walras_with_the_floors_added():
    endowment, preference = drawn(72)
    floor = np.array([0.01, 0.02, 0.005])
    preference = 0.5 * preference + 1 / 6
    shifted = clear("walras", endowment + floor, preference)
    ours = clear("corners", endowment, preference, floor=floor)
    assert (ours.allocation > 0).all()
    np.testing.assert_allclose(ours.allocation, shifted.allocation - floor, rtol=1e-12)
    np.testing.assert_allclose(ours.price, shifted.price, rtol=1e-12)


def test_everyone_buys_the_best_it_can_afford_and_markets_clear():
    draws = np.random.default_rng(73)
    endowment = draws.uniform(0, 2, (20, 5, 3)) * (draws.random((20, 5, 3)) < 0.6)
    endowment[:, 0] += 0.1
    preference = draws.dirichlet(np.full(3, 0.5), (20, 5))
    cleared = clear("corners", endowment, preference, floor=0.5)
    assert cleared.converged.all()
    assert (cleared.allocation == 0).mean() > 0.1
    for r in range(20):
        for i in range(5):
            best = bought(cleared.price[r] @ endowment[r, i], preference[r, i], cleared.price[r], [0.5] * 3)
            np.testing.assert_allclose(cleared.allocation[r, i], best, atol=1e-12)


def test_groups_that_want_nothing_of_each_other_clear_too():
    preference = np.array([[[0.5, 0.5, 0, 0]] * 2 + [[0, 0, 0.5, 0.5]] * 2])
    cleared = clear("corners", np.eye(4)[None], preference, floor=0.1)
    np.testing.assert_allclose(cleared.allocation[0], preference[0], atol=1e-12)
    assert cleared.converged.all()


def test_prices_that_must_fall_for_ever_are_not_certified():
    # Agent 0 likes only what agent 1 keeps for itself; agent 1 likes only its own good; agent 2 likes both
    # but brings nothing: good 0 is worth nothing, and no price above 0 says so.
    preference = np.array([[[0, 1], [0, 1], [0.5, 0.5]]], float)
    endowment = np.array([[[1, 0], [0, 1], [0, 0]]], float)
    cleared = clear("corners", endowment, preference, floor=0.1)
    assert not cleared.converged
    np.testing.assert_array_equal(cleared.allocation, endowment)
    assert cleared.iterations > 100


def test_prices_found_by_ever_longer_steps_take_few_of_them():
    # Nobody trades where each likes what it has: no stationary vector joins the goods, and the floors are a
    # thousand times what there is, so that plain steps would take thousands.
    cleared = clear("corners", 1e-3 * np.eye(2)[None], np.array([[[0.9, 0.1], [0.4, 0.6]]]), floor=1.0)
    np.testing.assert_allclose(cleared.allocation[0], 1e-3 * np.eye(2), atol=1e-15)
    assert cleared.converged
    assert cleared.iterations < 50


def test_a_good_that_nobody_likes_is_refused():
    endowment, preference = drawn(74)
    preference[1] = [0.5, 0.0, 0.5]
    with pytest.raises(ValueError, match="replica 1: nobody likes good 1"):
        clear("corners", endowment, preference)


def test_more_of_a_good_is_cheaper_and_a_stronger_taste_dearer_between_corners():
    endowment, preference = drawn(75, replicas=30)
    before = clear("corners", endowment, preference, floor=1.0)
    assert (before.allocation == 0).any()
    endowment[:, 0, 1] += 0.5
    supplied = clear("corners", endowment, preference, floor=1.0).price
    endowment[:, 0, 1] -= 0.5
    preference = 0.8 * preference + 0.2 * np.eye(3)[1]
    liked = clear("corners", endowment, preference, floor=1.0).price
    for other in (0, 2):
        ratio = before.price[:, 1] / before.price[:, other]
        cheaper = supplied[:, 1] / supplied[:, other] / ratio
        assert (cheaper <= 1 + 1e-12).all()  # equal where agent 0 keeps all of the good and buys nothing else
        assert (cheaper < 0.999).sum() >= 25
        assert (liked[:, 1] / liked[:, other] > ratio).all()
