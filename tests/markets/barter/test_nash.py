"""Nash bargaining: by symmetry, against SLSQP, who cannot gain, and that a floor is needed."""

import numpy as np
import pytest
from scipy import optimize

from markets.barter import clear
from tests.markets.barter.societies import drawn, edgeworth


def gains(allocation, endowment, preference, floor):
    return (preference * np.log((floor + allocation) / (floor + endowment))).sum(axis=-1)


def test_two_alike_but_for_what_they_bring_share_by_halves_as_at_walras():
    market = edgeworth(0.5, 0.5)
    for mode in ("nash", "walras"):
        cleared = clear(mode, *market, floor=1e-3)
        np.testing.assert_allclose(cleared.allocation, 0.5, rtol=1e-9)
        np.testing.assert_allclose(cleared.price, 0.5, rtol=1e-9)
        assert cleared.converged.all()


def test_mirrored_agents_gain_alike():
    cleared = clear("nash", *edgeworth(0.6, 0.4), floor=0.1)
    (x,) = cleared.allocation
    np.testing.assert_allclose(x, x[::-1, ::-1], rtol=1e-8)
    # Efficient and symmetric: (c + x_0) / (c + x_1) = 3/2 on x_0 + x_1 = 1, so x_0 + c = .6 (1 + 2c).
    np.testing.assert_allclose(x[0], [0.62, 0.38], rtol=1e-8)


@pytest.mark.parametrize("floor", [0.01, 1.0])
@pytest.mark.parametrize("seed", range(4))
def test_slsqp_finds_no_larger_product_of_gains(seed, floor):
    (endowment,), (preference,) = drawn(seed, replicas=1, agents=3)
    endowment[seed % 3, 1] = 0.0
    cleared = clear("nash", endowment[None], preference[None], floor=floor)
    assert cleared.converged.all()
    supply = endowment.sum(axis=0)

    def loss(x):
        gained = gains(x.reshape(3, 3), endowment, preference, floor)
        return -np.log(np.maximum(gained, 1e-12)).sum()

    start = (
        0.9 * clear("corners", endowment[None], preference[None], floor=floor).allocation[0]
        + 0.1 * supply / 3
    )
    best = optimize.minimize(
        loss, start.ravel(), bounds=[(0, None)] * 9, method="SLSQP", options={"ftol": 1e-13, "maxiter": 500},
        constraints={"type": "eq", "fun": lambda x: x.reshape(3, 3).sum(axis=0) - supply},
    )  # fmt: skip
    assert loss(cleared.allocation[0].ravel()) <= best.fun + 1e-9
    np.testing.assert_allclose(loss(cleared.allocation[0].ravel()), best.fun, atol=1e-4)


def test_everyone_gains_where_anyone_can():
    endowment, preference = drawn(90, replicas=10, agents=6)
    endowment[:, 2] = 0.0
    cleared = clear("nash", endowment, preference, floor=0.5)
    assert (gains(cleared.allocation, endowment, preference, 0.5) > 0).all()
    assert cleared.converged.all()
    assert (cleared.least_gain > 0).all()


def test_who_holds_an_efficient_bundle_trades_nothing():
    endowment, preference = drawn(91)
    traded = clear("corners", endowment, preference, floor=0.5).allocation
    again = clear("nash", traded, preference, floor=0.5)
    np.testing.assert_array_equal(again.allocation, traded)
    assert again.converged.all()
    assert (again.iterations == 0).all()


def test_a_duplicated_society_bargains_as_either_alone():
    endowment, preference = drawn(92)
    one = clear("nash", endowment, preference, floor=0.5)
    both = clear("nash", np.tile(endowment, (1, 2, 1)), np.tile(preference, (1, 2, 1)), floor=0.5)
    np.testing.assert_allclose(both.allocation, np.tile(one.allocation, (1, 2, 1)), rtol=1e-6, atol=1e-9)


def test_units_of_goods_and_their_floors_do_not_matter():
    endowment, preference = drawn(93)
    units = np.array([100.0, 1.0, 0.01])
    small = clear("nash", endowment, preference, floor=0.5)
    large = clear("nash", endowment * units, preference, floor=0.5 * units)
    np.testing.assert_allclose(large.allocation, small.allocation * units, rtol=1e-8, atol=1e-9)


def test_who_cannot_gain_by_any_agreement_stays_out():
    # Agent 2 brings and likes good 2 only, and nobody else has any of it.
    endowment = np.array([[[1, 0, 0], [0, 1, 0], [0, 0, 1]]], float)
    preference = np.array([[[0.5, 0.5, 0], [0.5, 0.5, 0], [0, 0, 1]]])
    cleared = clear("nash", endowment, preference, floor=0.1)
    np.testing.assert_allclose(cleared.allocation[0, :2, :2], 0.5, rtol=1e-9)
    np.testing.assert_array_equal(cleared.allocation[0, 2], endowment[0, 2])
    assert cleared.converged.all()


def test_who_can_gain_only_by_what_another_is_given_first_gains_too():
    # Agent 3 is given good 0, which lets it part with good 2, the only one that agent 2 likes.
    endowment = np.array([[[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 1]]], float)
    preference = np.array([[[0.5, 0.5, 0], [0.5, 0.5, 0], [0, 0, 1], [0.5, 0, 0.5]]])
    cleared = clear("nash", endowment, preference, floor=0.1)
    assert (gains(cleared.allocation, endowment, preference, 0.1) > 1e-3).all()
    assert cleared.converged.all()


def test_a_bargain_cut_short_is_not_certified():
    cleared = clear("nash", *drawn(94), floor=0.5, iterations=3)
    assert not cleared.converged.any()
    np.testing.assert_allclose(cleared.allocation.sum(axis=1), drawn(94)[0].sum(axis=1), rtol=1e-12)


def test_without_a_start_nobody_trades_and_the_certificate_says_so():
    endowment, preference = drawn(96)
    cleared = clear("nash", endowment, preference, floor=0.5, iterations=0)
    np.testing.assert_array_equal(cleared.allocation, endowment)
    assert not cleared.converged.any()


@pytest.mark.parametrize("floor", [0.0, [0.5, 0.0, 0.5]])
def test_a_floor_of_zero_is_refused(floor):
    with pytest.raises(ValueError, match=r"valid for nash: finite numbers > 0"):
        clear("nash", *drawn(95), floor=floor)


def test_who_gains_next_to_nothing_at_corners_is_given_something_before_it_bargains():
    # At the prices of `corners` agents 0 and 2 gain 1e-12 and less by parting with what little they have.
    endowment = np.array([[[6.6e-13, 2.2822], [0.0361, 1.2866], [7.46e-11, 1.2774], [0.2494, 0.0137]]])
    first = np.array([[0.4526, 0.6501, 0.4162, 0.6911]])
    preference = np.stack([first, 1.0 - first], axis=2)
    cleared = clear("nash", endowment, preference)
    assert cleared.converged.all()
    assert (gains(cleared.allocation, endowment, preference, 1.0) > 0.007).all()


def test_where_all_gains_are_too_slight_to_bargain_over_corners_is_the_outcome():
    endowment = np.array([[[1.2e-11, 0.33], [1.1, 1.3e-11], [0.7285, 0.1739]]])
    first = np.array([[0.1531, 0.6765, 0.4358]])
    preference = np.stack([first, 1.0 - first], axis=2)
    cleared, corners = (clear(mode, endowment, preference) for mode in ("nash", "corners"))
    np.testing.assert_array_equal(cleared.allocation, corners.allocation)
    assert cleared.converged.all()


def test_where_steps_lead_astray_nobody_loses_and_the_certificate_is_refused(monkeypatch):
    endowment, preference = drawn(97)

    def robbed(endowment, preference, scale, supply, allocation, *rest):
        allocation[0, 1:] += allocation[0, 0] / 3
        allocation[0, 0] = 0.0
        return np.ones(2, np.int64)

    monkeypatch.setattr("markets.barter.nash.bargain", robbed)
    cleared, corners = (clear(mode, endowment, preference, floor=0.5) for mode in ("nash", "corners"))
    np.testing.assert_array_equal(cleared.allocation[0], corners.allocation[0])
    np.testing.assert_array_equal(cleared.price[0], corners.price[0])
    assert (cleared.least_gain >= 0.0).all()
    assert not cleared.converged.any()
