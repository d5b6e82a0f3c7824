"""Pooled payments: shares by hand, no payers, every cent matched in few rows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from markets.money import split
from markets.pooling import pool


def rows(paid, weight):
    """Rows of one replica as (payer, payee, amount)."""
    replica, payer, payee, amount = pool(np.array([paid], np.int64), np.array([weight], np.float64))
    assert not replica.any()
    return list(zip(payer.tolist(), payee.tolist(), amount.tolist()))


def test_a_pool_is_shared_by_weight_along_the_north_west_corner():
    # 100 cents by 2 : 1 : 1 are 50, 25, 25. Payer 0 fills payee 0, then part of payee 1; payer 1 the rest.
    assert rows([60, 40], [2, 1, 1]) == [(0, 0, 50), (0, 1, 10), (1, 1, 15), (1, 2, 25)]


def test_the_odd_cent_goes_to_the_lowest_slot_among_equals():
    assert rows([100], [1, 1, 1]) == [(0, 0, 34), (0, 1, 33), (0, 2, 33)]


def test_who_pays_nothing_or_weighs_nothing_has_no_row():
    assert rows([0, 70, 0, 30], [0, 1, 0]) == [(1, 1, 70), (3, 1, 30)]


def test_without_payments_there_are_no_rows():
    assert rows([0, 0], [1, 1]) == []
    assert rows([0, 0], [0, 0]) == []
    assert rows([], [1, 1]) == []


def test_a_payment_without_payees_is_refused():
    with pytest.raises(ValueError, match="must not all be zero"):
        rows([5], [0, 0])


@st.composite
def pools(draw):
    payers, payees = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    cents = st.one_of(st.just(0), st.integers(0, 10**12))
    paid = draw(st.lists(cents, min_size=3 * payers, max_size=3 * payers))
    share = st.one_of(st.just(0.0), st.floats(1e-6, 1))
    weights = np.array(draw(st.lists(share, min_size=3 * payees, max_size=3 * payees))).reshape(3, payees)
    weights[weights.sum(axis=1) == 0, 0] = 1.0
    return np.array(paid, np.int64).reshape(3, payers), weights


@given(pools())
def test_every_cent_paid_arrives_by_largest_remainder_in_few_rows(sheet):
    paid, weight = sheet
    replica, payer, payee, amount = pool(paid, weight)
    sent, got = np.zeros_like(paid), np.zeros(weight.shape, np.int64)
    np.add.at(sent, (replica, payer), amount)
    np.add.at(got, (replica, payee), amount)
    np.testing.assert_array_equal(sent, paid)
    for r in range(3):
        np.testing.assert_array_equal(got[r], split(paid[r].sum(), weight[r]))
    assert (amount > 0).all()
    assert (np.diff(replica) >= 0).all()
    assert (np.bincount(replica, minlength=3) <= paid.shape[1] + weight.shape[1] - 1).all()


@settings(max_examples=30)
@given(pools())
def test_a_replica_alone_pays_the_rows_it_pays_in_company(sheet):
    paid, weight = sheet
    together = pool(paid, weight)
    for r in range(3):
        alone = pool(paid[r : r + 1], weight[r : r + 1])
        for column in range(1, 4):
            np.testing.assert_array_equal(alone[column], together[column][together[0] == r])
