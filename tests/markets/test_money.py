"""One rounding rule, products that cannot wrap, splits that lose no cent."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from markets.money import multiply, split, split_rows, to_cents
from streams.jit import jit


@jit
def cost(price, quantity):
    return to_cents(price * quantity)


def test_halves_go_to_the_even_cent():
    assert to_cents([0.5, 1.5, 2.5, -0.5, -1.5, 2.4999, 2.5001]).tolist() == [0, 2, 2, 0, -2, 2, 3]
    assert to_cents(np.full((2, 3), 7.5)).tolist() == [[8] * 3] * 2
    assert to_cents(np.zeros(0)).dtype == np.int64


@pytest.mark.parametrize("amount", [0.5, 1.5, 2.5, -3.5, 1e15 + 0.5, 4e18])
def test_kernels_round_like_arrays(amount):
    assert cost(amount, 1.0) == to_cents(amount)


@pytest.mark.parametrize("amount", [np.nan, np.inf, -np.inf, 2.0**62, -1e300])
def test_amounts_that_are_none_are_refused(amount):
    with pytest.raises(OverflowError, match=r"an amount of money at 1 is \S+: valid"):
        to_cents([1.0, amount])
    with pytest.raises(OverflowError, match=r"an amount of money is \S+: valid"):
        cost(amount, 1.0)


@given(st.integers(-(2**63) + 1, 2**63 - 1), st.integers(-(2**63) + 1, 2**63 - 1))
def test_a_product_is_exact_or_refused(count, price):
    if abs(count * price) < 2**61:
        assert multiply(count, price) == count * price
    elif abs(count * price) > 2**62 + 2**10:
        with pytest.raises(OverflowError, match="beyond 2"):
            multiply(count, price)


def test_the_largest_remainders_get_the_cents_left_over_and_ties_go_to_the_lowest_index():
    assert split(100, np.ones(3)).tolist() == [34, 33, 33]
    assert split(10, np.array([1.0, 2.0, 4.0])).tolist() == [1, 3, 6]
    assert split(10, np.array([3.0, 9.0])).tolist() == [3, 7]
    assert split(5, np.array([0.0, 1.0, 0.0])).tolist() == [0, 5, 0]
    assert split(0, np.zeros(2)).tolist() == [0, 0]
    assert split(7, np.array([1, 1])).tolist() == [4, 3]


def test_rows_are_split_each_on_its_own():
    totals, weights = np.array([100, 0, 7]), np.array([[1.0, 1.0, 1.0], [0.0, 0.0, 0.0], [0.0, 2.0, 1.0]])
    assert split_rows(totals, weights).tolist() == [[34, 33, 33], [0, 0, 0], [0, 5, 2]]


weights = st.one_of(
    st.lists(st.floats(0, 1e280), min_size=1, max_size=40),
    st.lists(st.integers(0, 2**40).map(float), min_size=1, max_size=40),
    st.lists(st.just(1.0), min_size=1, max_size=200),
)


@given(st.integers(0, 2**49), weights)
def test_a_split_conserves_and_every_share_is_its_quota_rounded(total, weights):
    if sum(weights) == 0:
        return
    shares = split(total, np.array(weights))
    assert shares.sum() == total
    whole = sum(map(Fraction, weights))
    for share, weight in zip(shares.tolist(), weights):
        assert abs(share - total * Fraction(weight) / whole) < Fraction(3, 2)
        assert share >= 0


@given(st.integers(0, 2**20), st.lists(st.integers(0, 2**20), min_size=1, max_size=30))
def test_a_split_by_whole_numbers_is_the_largest_remainder_method_exactly(total, weights):
    whole = sum(weights)
    if whole == 0:
        return
    expected = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: -(total * weights[i] % whole))
    for i in order[: total - sum(expected)]:
        expected[i] += 1
    assert split(total, np.array(weights, np.float64)).tolist() == expected


@given(st.integers(2**49 + 1, 2**62), st.lists(st.integers(0, 2**20), min_size=1, max_size=30))
def test_a_split_of_a_large_total_is_the_same_method_by_rounded_weights(total, weights):
    if sum(weights) == 0:
        return
    parts = [round(weight / sum(weights) * 2.0**52) for weight in weights]
    whole = sum(parts)
    expected = [total * part // whole for part in parts]
    order = sorted(range(len(parts)), key=lambda i: -(total * parts[i] % whole))
    for i in order[: total - sum(expected)]:
        expected[i] += 1
    assert split(total, np.array(weights, np.float64)).tolist() == expected


@pytest.mark.parametrize(
    ("total", "weights", "message"),
    [
        (-1, [1.0], "a total to split must be"),
        (2**62 + 1, [1.0], "a total to split must be"),
        (1, [1.0, -1.0], "weights of a split must be finite"),
        (1, [1.0, np.nan], "weights of a split must be finite"),
        (1, [np.inf, 1.0], "weights of a split must be finite"),
        (1, [0.0, 0.0], "must not all be zero"),
        (1, [], "must not all be zero"),
    ],
)
def test_a_split_that_makes_no_sense_is_refused(total, weights, message):
    with pytest.raises(ValueError, match=message):
        split(total, np.array(weights, np.float64))
