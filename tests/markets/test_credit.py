"""The credit market: capital room by hand, banks without capital, no applicants, nothing beyond the room."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from markets.credit import availability, grant, instalment, interest, sum_by_bank

MINIMUM, CUSHION, FLOOR = 0.05, 0.03, 0.2


def share(capital, loans, applications, willingness=1.0):
    """The fraction one bank grants."""
    sheets = (np.array([[cents]], np.int64) for cents in (capital, loans, applications))
    return availability(*sheets, np.array([[willingness]]), MINIMUM, CUSHION, FLOOR)[0, 0]


def test_a_bank_above_its_cushion_grants_all_its_capital_can_carry():
    # 100 of capital carry 100 / .05 = 2,000 of loans; 1,000 are lent, so there is room for 1,000.
    assert share(100, 1000, 500) == 1
    assert share(100, 1000, 1000) == 1
    assert share(100, 1000, 4000) == 0.25


def test_near_the_minimum_a_bank_rations_by_its_distance_from_it():
    # Ratio .06: a third of the cushion is left. Room is 60 / .05 - 1,000 = 200, more than a third of 300.
    assert share(60, 1000, 300) == pytest.approx(1 / 3)
    # Ratio .053: a tenth of the cushion; the floor of .2 holds where the room of 60 allows it: 20 of 100.
    assert share(53, 1000, 100) == 0.2
    assert share(53, 1000, 600) == pytest.approx(0.1)


def test_willingness_moves_the_fraction_but_not_the_capital_requirement():
    assert share(100, 1000, 500, 0.5) == 0.5
    assert share(100, 1000, 500, 1.5) == 1
    assert share(60, 1000, 300, 1.5) == pytest.approx(1 / 2)
    assert share(100, 1000, 4000, 1.5) == 0.25
    assert share(50, 1000, 300, 1.5) == 0


def test_a_bank_without_capital_grants_nothing():
    for capital in (50, 49, 0, -100):
        assert share(capital, 1000, 300) == 0
    assert share(0, 0, 300) == 0


def test_a_bank_that_has_lent_nothing_yet_lends_to_its_room():
    assert share(10, 0, 100) == 1
    assert share(10, 0, 400) == 0.5


def test_without_applications_the_fraction_is_the_one_a_small_applicant_would_get():
    assert share(100, 1000, 0) == 1
    assert share(60, 1000, 0) == pytest.approx(1 / 3)
    home, none = np.zeros((1, 2), np.int32), np.zeros((1, 2), np.int64)
    assert not grant(none, home, np.ones((1, 1))).any()
    assert not sum_by_bank(none, home, 1).any()


def test_grants_are_cut_to_the_home_banks_share_and_rounded_down():
    granted = grant(np.array([[101, 101, 0, 7]]), np.array([[0, 1, 1, 0]], np.int32), np.array([[0.5, 1.0]]))
    assert granted.tolist() == [[50, 101, 0, 3]]


def test_sums_go_to_the_bank_of_each_client():
    home = np.array([[0, 2, 0, 2], [1, 1, 1, 0]], np.int32)
    total = sum_by_bank(np.array([[1, 2, 4, 8], [16, 32, 64, 128]]), home, 3)
    assert total.tolist() == [[5, 0, 10], [128, 112, 0]]


def test_interest_is_a_twelfth_of_the_annual_rate_rounded_half_to_even():
    assert interest(120_000, 0.05) == 500
    assert interest(150, 0.04) == 0  # .5
    assert interest(450, 0.04) == 2  # 1.5
    assert interest(0, 0.05) == 0


def test_instalments_amortise_a_loan_and_never_overpay_it():
    assert instalment(1000, 0.02) == 20
    assert instalment(1049, 0.02) == 20
    assert instalment(1049, 1.0) == 1049
    assert instalment(0, 0.02) == 0
    balance = 100_000
    for _ in range(200):
        due = instalment(balance, 0.02)
        assert 0 <= due <= balance
        balance -= due
    assert balance == pytest.approx(100_000 * 0.98**200, rel=0.02)


@st.composite
def banks(draw):
    """Capital, loans (2, banks), applications (2, borrowers), home."""
    count, borrowers = draw(st.integers(1, 3)), draw(st.integers(0, 8))

    def table(values, columns, dtype=np.int64):
        rows = draw(st.lists(values, min_size=2 * columns, max_size=2 * columns))
        return np.array(rows, dtype).reshape(2, columns)

    return (
        table(st.integers(-(10**9), 10**9), count), table(st.integers(0, 10**10), count),
        table(st.integers(0, 10**9), borrowers), table(st.integers(0, count - 1), borrowers, np.int32),
    )  # fmt: skip


@given(banks(), st.floats(0, 1), st.floats(0, 2))
def test_nobody_gets_more_than_it_asked_for_and_no_bank_lends_beyond_its_room(sheet, floor, willing):
    capital, loans, applied, home = sheet
    asked = sum_by_bank(applied, home, capital.shape[1])
    assert asked.sum() == applied.sum()
    fraction = availability(capital, loans, asked, np.full(loans.shape, willing), MINIMUM, CUSHION, floor)
    granted = grant(applied, home, fraction)
    lent = sum_by_bank(granted, home, capital.shape[1])
    assert ((fraction >= 0) & (fraction <= 1)).all()
    assert ((granted >= 0) & (granted <= applied)).all()
    assert (lent <= np.maximum(capital / MINIMUM - loans, 0) * (1 + 1e-9) + 1e-3).all()
    assert not lent[capital <= MINIMUM * loans].any()
    assert (asked * fraction - lent < applied.shape[1] + 1).all()


@given(banks(), st.integers(0, 10**8))
def test_more_capital_never_lends_less(sheet, more):
    capital, loans, applied, home = sheet
    asked = sum_by_bank(applied, home, capital.shape[1])
    rules = np.ones(loans.shape), MINIMUM, CUSHION, FLOOR
    poor = availability(capital, loans, asked, *rules)
    rich = availability(capital + more, loans, asked, *rules)
    solid = loans > 0
    assert (rich[solid] >= poor[solid] * (1 - 1e-12)).all()


@settings(max_examples=30)
@given(banks())
def test_a_replica_alone_is_granted_what_it_is_in_company(sheet):
    def granted(capital, loans, applied, home):
        asked = sum_by_bank(applied, home, capital.shape[1])
        willing = np.ones(loans.shape)
        return grant(applied, home, availability(capital, loans, asked, willing, MINIMUM, CUSHION, FLOOR))

    together = granted(*sheet)
    for r in range(2):
        np.testing.assert_array_equal(granted(*(column[r : r + 1] for column in sheet))[0], together[r])
