"""What traders of an exchange do by rule, where the answer is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.exchange.rules import coin, exposure, lots, pareto, quote, reservation, whim
from simengine.kernel import Noise
from streams.jit import jit

DRAWS = 100_000
UNIT = st.floats(1e-12, 1 - 1e-12)


def uniforms(*names):
    noise = Noise(5, [0])
    return [noise.uniform(name, DRAWS)[0] for name in names]


@jit
def each_lots(u, mean):
    return np.array([lots(x, mean) for x in u])


@jit
def each_pareto(u, tail, least, most):
    return np.array([pareto(x, tail, least, most) for x in u])


@jit
def each_distance(u, v, w, width):
    found = np.empty(u.size)
    for i in range(u.size):
        side, price = reservation(u[i], v[i], w[i], 10.0, 10.0, 0.5, width)
        found[i] = side * (10.0 - price)
    return found


@jit
def each_whim(u, v, w, taking, median, spread):
    return np.array([whim(u[i], v[i], w[i], taking, median, spread)[1] for i in range(u.size)])


@pytest.mark.parametrize("mean", [1.0, 1.5, 4.0, 30.0])
def test_quantities_are_geometric_from_one_lot(mean):
    found = each_lots(uniforms("lots")[0], mean)
    assert found.min() == 1
    assert found.mean() == pytest.approx(mean, rel=0.02)
    assert (found == 1).mean() == pytest.approx(1 / mean, rel=0.02)


@pytest.mark.parametrize("tail", [1.2, 1.5, 3.0])
def test_large_orders_have_a_pareto_tail_between_two_sizes(tail):
    found = each_pareto(uniforms("size")[0], tail, 10.0, 10_000.0)
    assert found.min() == 10
    assert found.max() <= 10_000
    for size in (20, 40, 80):
        assert (found >= size).mean() == pytest.approx((size / 10.0) ** -tail, rel=0.1)


def test_few_reservation_prices_lie_near_the_going_price():
    found = each_distance(*uniforms("side", "one", "other"), 0.01)
    assert found.min() > 0
    assert found.mean() == pytest.approx(0.02, rel=0.02)
    assert found.std() == pytest.approx(0.01 * 2**0.5, rel=0.02)
    for near in (0.0005, 0.001):
        share = 1 - (1 + near / 0.01) * np.exp(-near / 0.01)  # Gamma of shape 2
        assert (found < near).mean() == pytest.approx(share, rel=0.2)


@given(u=UNIT, v=UNIT, w=UNIT, worth=st.floats(8, 12), anchor=st.floats(0, 1))
def test_a_reservation_price_moves_with_what_is_believed(u, v, w, worth, anchor):
    side, price = reservation(u, v, w, 10.0, worth, anchor, 0.01)
    same, plain = reservation(u, v, w, 10.0, 10.0, anchor, 0.01)
    assert side == same == coin(u)
    assert price - plain == pytest.approx(anchor * (worth - 10.0), abs=1e-9)


def test_whims_are_lognormal_or_at_once():
    found = each_whim(*uniforms("side", "taking", "far"), 0.3, 4.0, 0.8)
    assert (found == 0).mean() == pytest.approx(0.3, abs=0.01)
    assert np.median(found[found > 0]) == pytest.approx(4.0, rel=0.02)
    assert np.log(found[found > 0]).std() == pytest.approx(0.8, rel=0.02)


def test_layers_of_a_maker_lie_evenly_around_what_seems_fair():
    assert [quote(1, layer, 100.0, 2.5, 2.0) for layer in range(3)] == [97.5, 95.5, 93.5]
    assert [quote(-1, layer, 100.0, 2.5, 2.0) for layer in range(3)] == [102.5, 104.5, 106.5]


def test_a_fund_holds_more_of_what_is_cheap_within_what_it_may_borrow():
    assert exposure(0.0, 8.0, 3.0) == 1.0
    assert exposure(0.1, 8.0, 3.0) == pytest.approx(1.8)
    assert exposure(1.0, 8.0, 3.0) == 3.0
    assert exposure(-0.5, 8.0, 3.0) == 0.0
