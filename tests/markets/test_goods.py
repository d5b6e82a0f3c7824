"""The goods market: rationing by hand, empty and one-sided markets, conservation, rotating visits, luck."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from markets.goods import blank_orders, choose_suppliers, clear_goods, spread_demand, visit_suppliers

EXACT = 1e-9


def clear(orders, price, stock, buyer=None, groups=None):
    """One replica; `orders` are (seller, fallback, spend), of buyers 0, 1, … in one group if not said."""
    seller, fallback, spend = np.array(orders, np.int64).reshape(-1, 3).T
    buyer = range(len(spend)) if buyer is None else buyer
    ends = [0, len(spend)] if groups is None else groups
    return clear_goods(
        seller.astype(np.int32)[None], fallback.astype(np.int32)[None], spend[None].copy(),
        np.array([price], np.int64), np.array([stock], np.float64), np.array(buyer, np.int32), np.array(ends),
    )  # fmt: skip


def clear_alike(seller, fallback, spend, price, stock):
    """Any number of replicas, of buyers 0, 1, … in one group."""
    orders = spend.shape[1]
    buyer, groups = np.arange(orders, dtype=np.int32), np.array([0, orders])
    return clear_goods(seller, fallback, spend, price, stock, buyer, groups)


def sales(fills):
    """Rows as (buyer, seller, amount)."""
    return list(zip(fills.buyer.tolist(), fills.seller.tolist(), fills.amount.tolist()))


def test_buyers_of_a_short_seller_are_served_in_proportion_and_the_rest_by_their_fallback():
    # Firm 0 has 10 units at 100; 800/100 + 1200/100 = 20 are ordered: half of each order is served.
    # The missing 400 and 600 cents buy 2 and 3 units at 200 from firm 1, which has plenty.
    fills = clear([(0, 1, 800), (0, 1, 1200)], price=[100, 200], stock=[10, 100])
    assert sales(fills) == [(0, 0, 400), (0, 1, 400), (1, 0, 600), (1, 1, 600)]
    assert fills.quantity.tolist() == [4, 2, 6, 3]
    assert fills.price.tolist() == [100, 200, 100, 200]
    assert fills.demanded.tolist() == [[20, 0]]
    assert fills.sold.tolist() == [[10, 5]]
    assert fills.revenue.tolist() == [[1000, 1000]]
    assert fills.paid.tolist() == [[800, 1200]]
    assert fills.received.tolist() == [[6, 9]]


def test_the_second_round_rations_what_the_first_has_left():
    # Firm 1 has 3 units and sells 1 to a buyer of its own. The missing 400 and 600 cents want 2 + 3 units of
    # the 2 left: two fifths of each, 160 and 240 cents. What the second round cannot serve is not spent.
    fills = clear([(0, 1, 800), (0, 1, 1200), (1, 0, 200)], price=[100, 200], stock=[10, 3])
    assert sales(fills) == [(0, 0, 400), (0, 1, 160), (1, 0, 600), (1, 1, 240), (2, 1, 200)]
    assert fills.sold.tolist() == [[10, 3]]
    assert fills.paid.tolist() == [[560, 840, 200]]


def test_rows_say_who_bought_and_offsets_cut_them_by_group():
    orders = [(0, -1, 100), (0, -1, 0), (0, -1, 300), (0, -1, 400)]
    fills = clear(orders, price=[100], stock=[50], buyer=[5, 6, 0, 1], groups=[0, 2, 2, 4])
    assert fills.offsets.tolist() == [0, 1, 1, 3]
    assert fills.group.tolist() == [0, 2, 2]
    assert sales(fills) == [(5, 0, 100), (0, 0, 300), (1, 0, 400)]


def test_rows_of_a_replica_lie_together_with_its_groups_in_turn():
    seller, nobody = np.zeros((2, 3), np.int32), np.full((2, 3), -1, np.int32)
    spend, price, stock = np.array([[1, 2, 3], [4, 0, 6]]), np.array([[1], [1]]), np.array([[9.0], [99.0]])
    buyer, groups = np.arange(3, dtype=np.int32), np.array([0, 1, 3])
    fills = clear_goods(seller, nobody, spend, price, stock, buyer, groups)
    assert fills.replica.tolist() == [0, 0, 0, 1, 1]
    assert fills.group.tolist() == [0, 1, 1, 0, 1]
    assert fills.amount.tolist() == [1, 2, 3, 4, 6]
    assert fills.offsets.tolist() == [0, 1, 3, 4, 5]


def test_without_stock_nothing_is_sold_but_demand_is_heard():
    fills = clear([(0, 1, 800), (1, 0, 600)], price=[100, 200], stock=[0, 0])
    assert len(fills.amount) == 0
    assert not fills.paid.any()
    assert not fills.sold.any()
    assert fills.demanded.tolist() == [[8, 3]]


def test_without_demand_nothing_is_sold():
    for orders in ([], [(0, 1, 0), (1, -1, 0)]):
        fills = clear(orders, price=[100, 200], stock=[5, 5])
        assert len(fills.amount) == 0
        assert not fills.demanded.any()
        assert not fills.revenue.any()


def test_a_buyer_without_a_fallback_keeps_what_its_seller_cannot_serve():
    fills = clear([(0, -1, 1000)], price=[100, 1], stock=[4, 1000])
    assert sales(fills) == [(0, 0, 400)]


@st.composite
def markets(draw):
    """Seller, fallback, spend (2, orders); price, stock (2, firms)."""
    orders, firms = draw(st.integers(0, 8)), draw(st.integers(1, 4))

    def table(values, columns, dtype):
        rows = draw(st.lists(values, min_size=2 * columns, max_size=2 * columns))
        return np.array(rows, dtype).reshape(2, columns)

    cents = st.one_of(st.integers(0, 3), st.integers(0, 10_000_000))
    units = st.one_of(st.just(0.0), st.floats(0, 1e4))
    return (
        table(st.integers(0, firms - 1), orders, np.int32),
        table(st.integers(-1, firms - 1), orders, np.int32),
        table(cents, orders, np.int64), table(st.integers(1, 5000), firms, np.int64),
        table(units, firms, np.float64),
    )  # fmt: skip


def total(fills, column, axis, size):
    """Sums (2, size) of a column of the rows by replica and buyer or seller."""
    out = np.zeros((2, size), getattr(fills, column).dtype)
    np.add.at(out, (fills.replica, getattr(fills, axis)), getattr(fills, column))
    return out


@given(markets())
def test_cents_paid_are_cents_received_and_pay_for_goods_in_stock(market):
    _seller, _fallback, spend, price, stock = market
    fills = clear_alike(*market)
    np.testing.assert_array_equal(total(fills, "amount", "buyer", spend.shape[1]), fills.paid)
    np.testing.assert_array_equal(total(fills, "amount", "seller", price.shape[1]), fills.revenue)
    np.testing.assert_allclose(total(fills, "quantity", "buyer", spend.shape[1]), fills.received, rtol=EXACT)
    np.testing.assert_allclose(total(fills, "quantity", "seller", price.shape[1]), fills.sold, rtol=EXACT)
    np.testing.assert_array_equal(fills.price, price[fills.replica, fills.seller])
    np.testing.assert_allclose(fills.quantity * fills.price, fills.amount, rtol=1e-12)
    assert (fills.amount > 0).all()
    assert (fills.paid <= spend).all()
    assert (fills.sold <= stock * (1 + EXACT)).all()


@given(markets())
def test_a_short_seller_serves_everybody_in_the_same_proportion(market):
    seller, fallback, spend, price, stock = market
    nobody = np.full_like(fallback, -1)
    fills = clear_alike(seller, nobody, spend, price, stock)
    for r in range(2):
        for k, j in enumerate(seller[r]):
            share = min(1.0, stock[r, j] / fills.demanded[r, j]) if spend[r, k] else 1.0
            assert -1 < fills.paid[r, k] - spend[r, k] * share <= 1e-6


@given(markets())
def test_where_sellers_have_nothing_the_second_round_is_a_first_round_at_the_fallbacks(market):
    seller, _, spend, price, stock = market
    shelf = np.concatenate([stock, np.zeros((2, 1))], axis=1)
    prices = np.concatenate([price, np.ones((2, 1), np.int64)], axis=1)
    empty, nobody = np.full_like(seller, price.shape[1]), np.full_like(seller, -1)
    second = clear_alike(empty, seller, spend, prices, shelf)
    first = clear_alike(seller, nobody, spend, prices, shelf)
    np.testing.assert_array_equal(second.paid, first.paid)
    np.testing.assert_array_equal(second.revenue, first.revenue)


@given(markets())
def test_only_what_a_seller_lacks_is_bought_and_only_from_the_fallback(market):
    seller, fallback, spend, _price, stock = market
    fills = clear_alike(*market)
    first, second = seller[fills.replica, fills.buyer], fallback[fills.replica, fills.buyer]
    elsewhere = fills.seller != first
    assert (fills.seller[elsewhere] == second[elsewhere]).all()
    short = fills.demanded > stock
    assert short[fills.replica, first][elsewhere].all()
    served = ~short[np.arange(2)[:, None], seller]
    np.testing.assert_array_equal(fills.paid[served], spend[served])


@given(markets())
def test_a_market_cleared_alone_has_the_bits_it_has_in_company(market):
    together = clear_alike(*market)
    for r in range(2):
        alone = clear_alike(*(column[r : r + 1].copy() for column in market))
        for name in ("demanded", "sold", "revenue", "paid", "received"):
            np.testing.assert_array_equal(getattr(alone, name)[0], getattr(together, name)[r])
        rows = together.replica == r
        for name in ("buyer", "seller", "quantity", "price", "amount"):
            np.testing.assert_array_equal(getattr(alone, name), getattr(together, name)[rows])


def visits(weeks, suppliers, budget, attraction, left=10**9):
    """Seller, fallback and spend (weeks,) of one buyer."""
    found = []
    for week in weeks:
        orders = blank_orders(1, 1)
        visit_suppliers(
            np.array([[suppliers]], np.int32), np.array([[budget]]), np.array([[left]]),
            np.array([attraction], np.float64), week, 0, *orders,
        )  # fmt: skip
        found.append([int(column[0, 0]) for column in orders])
    return list(map(list, zip(*found)))


def test_a_buyer_visits_its_suppliers_in_turn_and_spends_by_their_appeal():
    # Appeals 1, 2, 3, 4 of ten: shares of a budget of 1,000 are 100 to 400, one supplier a week.
    seller, fallback, spend = visits(range(4), [5, 7, 2, 0], 1000, [4, 0, 3, 0, 0, 1, 0, 2])
    assert seller == [5, 7, 2, 0]
    assert fallback == [7, 2, 0, 5]
    assert spend == [100, 200, 300, 400]


def test_with_three_suppliers_a_quarter_of_visits_spends_three_budgets():
    # Three rotations of four weeks: every supplier is visited four times with its share times 3/4.
    seller, _, spend = visits(range(12), [0, 1, 2], 900, [1, 1, 1])
    assert seller == [0, 1, 2] * 4
    assert spend == [225] * 12


def test_the_rotation_runs_through_negative_weeks():
    assert visits(range(-4, 0), [0, 1, 2, 3], 100, [1] * 4)[0] == [0, 1, 2, 3]


def test_nobody_orders_for_more_than_it_has_left():
    assert visits([0], [0, 1, 2, 3], 4000, [1] * 4, left=37)[2] == [37]
    assert visits([0], [0, 1, 2, 3], 4000, [1] * 4, left=0)[2] == [0]


def test_orders_are_written_from_the_given_position_on_and_neighbours_start_at_different_suppliers():
    seller, fallback, spend = blank_orders(1, 4)
    suppliers, budget = np.array([[[1, 2, 3], [4, 5, 6]]], np.int32), np.array([[400, 800]])
    visit_suppliers(suppliers, budget, budget, np.ones((1, 7)), 0, 1, seller, fallback, spend)
    assert seller.tolist() == [[0, 1, 5, 0]]
    assert fallback.tolist() == [[-1, 2, 6, -1]]
    assert spend.tolist() == [[0, 100, 200, 0]]


@given(st.integers(0, 2**32 - 1), st.integers(1, 5), st.integers(0, 4))
def test_suppliers_are_distinct_firms_of_positive_size(seed, visits, spare):
    draws = np.random.default_rng(seed)
    size = draws.random((2, visits + spare))
    chosen = choose_suppliers(np.cumsum(size, axis=1), draws.random((2, 6, visits)))
    assert chosen.min() >= 0
    assert chosen.max() < visits + spare
    assert (np.sort(chosen)[..., 1:] > np.sort(chosen)[..., :-1]).all()


def test_a_firm_drawn_twice_is_replaced_by_the_next_in_the_ring():
    chosen = choose_suppliers(np.array([[1.0, 2.0, 3.0, 4.0]]), np.full((1, 1, 3), 0.7))
    assert chosen.tolist() == [[[2, 3, 0]]]


def test_a_firm_without_size_is_not_drawn():
    size = np.array([[0.0, 2.0, 0.0, 1.0]])
    chosen = choose_suppliers(size.cumsum(axis=1), np.random.default_rng(1).random((1, 500, 1)))
    assert set(chosen.ravel().tolist()) == {1, 3}


def test_more_suppliers_than_firms_are_refused():
    with pytest.raises(ValueError, match="more suppliers than there are firms"):
        choose_suppliers(np.ones((1, 3)).cumsum(axis=1), np.full((1, 1, 4), 0.5))


def test_firms_are_found_in_proportion_to_their_size():
    size = np.array([1.0, 2.0, 3.0, 4.0])
    first = choose_suppliers(np.cumsum(size)[None], np.random.default_rng(4).random((1, 20_000, 3)))[0, :, 0]
    assert stats.chisquare(np.bincount(first), 20_000 * size / size.sum()).pvalue > 0.01


def test_demand_is_spread_over_suppliers_by_their_appeal():
    # 90 go to firms 0 and 1 as 1 to 2, 100 to firms 1 and 2 as 2 to 2, 30 to firms 2 and 0 as 2 to 1.
    suppliers = np.array([[[0, 1], [1, 2], [2, 0]]], np.int32)
    demand = spread_demand(suppliers, np.array([[90.0, 100.0, 30.0]]), np.array([[1.0, 2.0, 2.0]]))
    np.testing.assert_allclose(demand, [[40, 110, 70]])
