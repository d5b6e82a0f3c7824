"""The Gini coefficient on cases solved by hand."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from streams.measures import gini


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([5, 5, 5, 5], 0.0),
        ([0, 0, 0, 8], 0.75),
        ([1, 2, 3], 2 / 9),  # (-2·1 + 0·2 + 2·3) / (3·6)
        ([3, 1, 2], 2 / 9),
        ([1, 3], 0.25),
        ([-2, 0, 6], 4 / 3),  # (-2·-2 + 2·6) / (3·4): debts can lift it above 1
        ([7], 0.0),
    ],
)
def test_gini_of_a_few_values(values, expected):
    assert gini(values) == pytest.approx(expected, abs=1e-15)


def test_gini_is_taken_along_an_axis():
    table = np.array([[1, 0], [1, 4]])
    assert gini(table).tolist() == [0.5, 0.3]
    assert gini(table, axis=0).tolist() == [0.0, 0.5]


def test_gini_is_not_defined_for_nothing_or_net_debt():
    assert np.isnan(gini([0, 0]))
    assert np.isnan(gini([-3, 1]))


def test_gini_of_large_amounts_is_exact():
    assert gini(np.array([10**15, 10**15])) == 0.0


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=30), st.integers(1, 1000), st.randoms())
def test_gini_does_not_depend_on_unit_or_order_and_equals_the_mean_difference(values, scale, order):
    shuffled = list(values)
    order.shuffle(shuffled)
    x = np.array(values)
    if x.sum() > 0:
        mean_difference = np.abs(x[:, None] - x[None, :]).sum() / (2 * len(x) * x.sum())
        assert gini(x) == pytest.approx(mean_difference, abs=1e-12)
        assert gini(np.array(shuffled) * scale) == pytest.approx(gini(x), abs=1e-12)
        assert 0 <= gini(x) < 1


@given(st.lists(st.integers(0, 10**15), min_size=1, max_size=30))
@example([k * 10**12 for k in range(1, 1001)])
def test_money_in_whole_cents_has_the_gini_of_the_same_money_in_floats(cents):
    found, n = gini(np.array(cents, np.int64)), len(cents)
    np.testing.assert_array_equal(found, gini(np.array(cents, np.float64)))
    assert np.isnan(found) == (sum(cents) == 0)
    assert not found < -1e-9
    assert not found > 1.0 - 1.0 / n + 1e-9
