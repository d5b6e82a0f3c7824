"""Batches: what is published becomes read-only columns, sums are exact and independent of company."""

import math
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams import Bus
from streams.jit import jit
from streams.macro.events import BANKS, Balance, Broadcast, LaborForce, RateDecision, Trade, Wealth


def published(event, replicas, **columns):
    """The batch an observer gets."""
    bus, seen = Bus(replicas), []
    bus.listen(event, seen.append)
    bus.publish(event, tick=5, **columns)
    return seen[0]


def trades(replica, replicas=None, **columns):
    replica = np.array(replica, np.int32)
    defaults = {"market": 0, "buyer": 0, "seller": 0, "quantity": 1.0, "price": 1, "amount": 1}
    return published(Trade, replicas or int(replica[-1]) + 1, replica=replica, **defaults | columns)


def rates(replica, values, replicas):
    return published(
        RateDecision, replicas, replica=replica, bank=-1, rate_annual=values, previous_annual=0.0
    )


def test_fresh_arrays_are_not_copied_and_cannot_be_written_any_more():
    amount = np.array([10, 20])
    batch = trades([0, 1], amount=amount)
    assert batch.amount is amount
    with pytest.raises(ValueError, match="read-only"):
        amount[0] = 3
    with pytest.raises(ValueError, match="read-only"):
        batch.replica[0] = 1


def test_arrays_from_a_kernel_are_not_copied_either():
    @jit
    def squares(n):
        return (np.arange(n + 3) ** 2)[:n]

    amount = squares(2)
    batch = trades([0, 1], amount=amount)
    assert np.shares_memory(batch.amount, amount)
    assert not batch.amount.flags.writeable


def test_a_view_is_copied_because_it_may_change_later_and_its_owner_stays_writable():
    state = np.array([10, 20, 30])
    batch = trades([0, 1], amount=state[:2])
    state[0] = 99
    assert batch.amount.tolist() == [10, 20]
    assert not batch.amount.flags.writeable


def test_a_view_of_a_read_only_array_is_not_copied():
    sales = np.array([10, 20, 30])
    sales.setflags(write=False)
    assert np.shares_memory(trades([0, 1], amount=sales[:2]).amount, sales)


def test_no_column_of_a_batch_can_be_written_through():
    batch = trades([0, 0, 1], replicas=2, amount=np.array([1, 2, 3]))
    dense = published(Wealth, 2, dense=(2, 3), amount=np.arange(6).reshape(2, 3))
    for part in (batch, batch.of(0), batch.where(batch.amount > 1), dense, dense.of(1)):
        for name in part.columns:
            assert not getattr(part, name).flags.writeable, name
        for total in (part.total("amount"), dense.grid("amount")):
            assert not total.flags.writeable


def test_a_batch_cannot_be_changed_for_those_who_see_it_next():
    batch = trades([0, 1])
    for name in ("tick", "event", "replicas", "shape", "amount"):
        with pytest.raises(AttributeError):
            setattr(batch, name, 3)
    with pytest.raises(ValueError, match="read-only"):
        batch.bounds[0] = 1


def test_plain_numbers_and_labels_stand_for_constant_columns():
    batch = trades([0, 0], market="investment", price=7, quantity=2)
    assert batch.market.tolist() == [1, 1]
    assert batch.price.dtype == np.int64
    assert batch.quantity.tolist() == [2.0, 2.0]
    assert batch.only("market") == 1
    assert batch.total("price").tolist() == [14]


def test_a_stretch_is_some_of_the_rows_or_the_batch_itself():
    batch = trades([0, 1, 1, 2], price=7, amount=[1, 2, 3, 4])
    assert batch.span(1, 3) == (1, 4)
    assert batch.span(0, 3) == (0, 4)
    assert batch.stretch(1, 3).amount.tolist() == [2, 3]
    assert batch.stretch(1, 3).price.tolist() == [7, 7]
    assert batch.stretch(0, 4) is batch
    dense = published(Wealth, 2, dense=(2, 2), amount=[[1, 2], [3, 4]])
    assert dense.stretch(*dense.span(1, 2)).agent.tolist() == [0, 1]


def test_rows_are_written_into_columns_whatever_they_are_held_as():
    into = {name: np.zeros(4, np.int64) for name in ("tick", "replica", "price", "amount")}
    trades([0, 0], price=7, amount=[1, 2]).write(0, 2, into, 0)
    trades([0, 1], price=[6, 8], amount=3).write(1, 2, into, 2)
    assert into["tick"].tolist() == [5, 5, 5, 0]
    assert into["replica"].tolist() == [0, 0, 1, 0]
    assert into["price"].tolist() == [7, 7, 8, 0]
    assert into["amount"].tolist() == [1, 2, 3, 0]
    places = {name: np.zeros(3, np.int64) for name in ("replica", "agent")}
    published(Wealth, 2, dense=(2, 2), amount=[[1, 2], [3, 4]]).write(1, 4, places, 0)
    assert places["replica"].tolist() == [0, 1, 1]
    assert places["agent"].tolist() == [1, 0, 1]


def test_only_tells_the_one_value_of_a_column_or_none():
    batch = trades([0, 0], seller=np.array([4, 4], np.int32), amount=np.array([1, 2]))
    assert batch.only("seller") == 4
    assert batch.only("amount") is None


def test_a_list_is_taken_as_an_array():
    assert trades([0, 1], amount=[3, 4]).total("amount").tolist() == [3, 4]


def test_one_replica_number_serves_all_rows():
    batch = published(Trade, 3, replica=2, market=0, buyer=[1, 2], seller=0, quantity=1.0, price=1, amount=5)
    assert batch.replica.tolist() == [2, 2]
    assert batch.total("amount").tolist() == [0, 0, 10]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"amount": np.array([1, 2, 3])}, r"Trade.amount: shape \(3,\) given; valid: \(2,\)"),
        ({"amount": np.array([1.0, 2.0])}, "Trade.amount: float64 given; valid: int64"),
        ({"amount": 1.5}, "Trade.amount: float64 given; valid: int64"),
        ({"market": "bazaar"}, "Trade.market: unknown name 'bazaar'; valid: consumption, investment"),
        ({"amount": "much"}, "Trade.amount: 'much' given; valid: int64"),
        ({"colour": 1}, r"Trade: columns \['colour'\] are missing or unknown; valid: market, buyer"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_line(columns, message):
    with pytest.raises((ValueError, TypeError), match=message) as refused:
        trades([0, 1], **columns)
    assert "\n" not in str(refused.value)


def test_a_missing_column_is_refused():
    with pytest.raises(
        TypeError, match=r"columns \['amount', 'market', 'price', 'quantity', 'seller'\] are missing"
    ):
        published(Trade, 1, replica=0, buyer=1)


@pytest.mark.parametrize("replica", [[1, 0], [0, 2], [-1, 0]])
def test_rows_out_of_order_or_range_are_refused_where_they_are_published(replica):
    with pytest.raises(
        ValueError, match=r"Trade: replica of row [01] is .*; valid: sorted indices from 0 to 1"
    ):
        trades(replica, replicas=2)


def test_a_batch_without_replica_or_shape_is_refused():
    with pytest.raises(TypeError, match="Wealth: give replica="):
        published(Wealth, 2, amount=np.arange(2))
    with pytest.raises(ValueError, match=r"Wealth: dense=\(3, 2\) given; valid: \(2, …\)"):
        published(Wealth, 2, dense=(3, 2), amount=0)


def test_a_dense_snapshot_knows_replica_and_agent():
    batch = published(Wealth, 2, dense=(2, 3), amount=np.arange(6).reshape(2, 3))
    assert batch.columns == ("replica", "agent", "amount")
    assert batch.replica.tolist() == [0, 0, 0, 1, 1, 1]
    assert batch.agent.tolist() == [0, 1, 2, 0, 1, 2]
    assert batch.grid("amount").tolist() == [[0, 1, 2], [3, 4, 5]]
    assert batch.total("amount").tolist() == [3, 12]
    assert batch.of(1).amount.tolist() == [3, 4, 5]
    assert batch.of(1).agent.tolist() == [0, 1, 2]
    assert batch.of(1).replica.tolist() == [1, 1, 1]


def test_a_snapshot_with_one_row_per_replica_has_no_agent():
    batch = published(LaborForce, 2, dense=(2,), employed=[90, 95], unemployed=[10, 5], vacancies=1.0)
    assert batch.columns == ("replica", "employed", "unemployed", "vacancies")
    assert batch.grid("employed").tolist() == [90, 95]
    with pytest.raises(AttributeError, match="no column 'agent' in an event of type LaborForce"):
        _ = batch.agent


def test_a_snapshot_of_an_event_with_a_column_agent_keeps_that_column():
    agents = np.array([[7, 8], [9, 6]], np.int32)
    batch = published(Broadcast, 2, dense=(2, 2), sector="firms", agent=agents, topic=0, value=1.0)
    assert batch.columns == ("replica", "sector", "agent", "topic", "value")
    assert batch.of(1).agent.tolist() == [9, 6]
    assert batch.of(1).sector.tolist() == [1, 1]


def test_a_grid_of_rows_is_refused():
    with pytest.raises(ValueError, match="is not a dense snapshot"):
        trades([0]).grid("amount")


def test_rows_of_one_replica_and_rows_of_a_mask_are_batches():
    batch = trades([0, 0, 2], replicas=3, amount=np.array([1, 2, 3]))
    assert batch.of(0).amount.tolist() == [1, 2]
    assert len(batch.of(1)) == 0
    kept = batch.where(batch.amount > 1)
    assert (kept.amount.tolist(), kept.replica.tolist()) == ([2, 3], [0, 2])
    assert kept.total("amount").tolist() == [2, 0, 3]
    assert batch.counts.tolist() == [2, 0, 1]


def test_a_total_can_be_masked_or_of_an_array():
    batch = trades([0, 0, 1], amount=np.array([1, 2, 4]), price=np.array([10, 20, 30]))
    assert batch.total("amount", batch.amount > 1).tolist() == [2, 4]
    assert batch.total(batch.amount * batch.price).tolist() == [50, 120]
    assert batch.total(batch.amount > 1).tolist() == [1, 1]


def test_a_total_can_be_added_to_the_memory_of_a_fold():
    batch = trades([0, 0, 1], amount=np.array([1, 2, 4]), quantity=np.array([0.5, 1.0, 2.0]))
    money, goods = np.array([10, 10]), np.zeros(2)
    batch.add("amount", money)
    batch.add("quantity", goods)
    assert (money.tolist(), goods.tolist()) == ([13, 14], [1.5, 2.0])
    with pytest.raises(TypeError, match=r"Trade\.quantity: floats into int64; valid: float64"):
        batch.add("quantity", money)


def test_rows_are_named_tuples_of_python_numbers():
    row = next(trades([0], amount=[7]).rows())
    assert (row.tick, row.replica, row.amount) == (5, 0, 7)
    assert type(row.amount) is int
    assert type(row).__name__ == "Trade"


def test_a_frame_has_tick_and_replica_first_and_names_for_codes():
    frame = published(
        Balance, 1, dense=(1, 2), sector=BANKS, deposits=0, loans=[[5, 6]], bills=0, net_worth=0
    ).frame()
    assert frame.columns[:4] == ["tick", "replica", "agent", "sector"]
    assert frame["sector"].to_list() == ["banks", "banks"]
    assert frame["loans"].to_list() == [5, 6]


def test_a_code_without_a_name_is_null_in_a_frame():
    assert trades([0], market=[9]).frame()["market"].to_list() == [None]


def test_a_batch_survives_pickling():
    batch = pickle.loads(pickle.dumps(trades([0, 1], amount=[3, 4])))
    assert batch.total("amount").tolist() == [3, 4]


def test_totals_of_whole_numbers_are_exact_beyond_the_precision_of_floats():
    amount = np.array([2**53, 1, 1, -(2**53)])
    assert trades([0, 0, 0, 0], amount=amount).total("amount").tolist() == [2]


groups = st.lists(st.lists(st.floats(-1e12, 1e12, allow_nan=False), max_size=40), min_size=1, max_size=6)


@given(groups)
@settings(max_examples=60)
def test_a_float_total_has_the_same_bits_alone_and_in_company(values):
    replica = np.repeat(np.arange(len(values), dtype=np.int32), [len(group) for group in values])
    if not replica.size:
        return
    together = rates(replica, np.array([x for group in values for x in group]), len(values)).total(
        "rate_annual"
    )
    for number, group in enumerate(values):
        if group:
            alone = rates(np.zeros(len(group), np.int32), np.array(group), 1).total("rate_annual")[0]
            assert alone == together[number]
            assert math.isclose(alone, math.fsum(group), rel_tol=1e-9, abs_tol=1e-3)
        else:
            assert together[number] == 0.0


def test_a_long_float_total_has_the_same_bits_alone_and_in_company():
    noise = np.random.default_rng(3)
    counts = noise.integers(1, 3000, 64)
    bounds = np.concatenate([[0], np.cumsum(counts)])
    values = noise.lognormal(0, 5, bounds[-1])
    together = rates(np.repeat(np.arange(64, dtype=np.int32), counts), values.copy(), 64).total("rate_annual")
    for r in range(64):
        part = values[bounds[r] : bounds[r + 1]].copy()
        alone = rates(np.zeros(part.size, np.int32), part, 1).total("rate_annual")
        assert alone[0] == together[r]


@given(st.lists(st.lists(st.integers(-(2**40), 2**40), max_size=20), min_size=1, max_size=5))
@settings(max_examples=60)
def test_a_whole_total_is_the_sum_that_python_finds(values):
    replica = np.repeat(np.arange(len(values), dtype=np.int32), [len(group) for group in values])
    if replica.size:
        batch = trades(replica, replicas=len(values), amount=np.array([x for group in values for x in group]))
        assert batch.total("amount").tolist() == [sum(group) for group in values]
        assert batch.counts.tolist() == [len(group) for group in values]


def test_a_column_is_also_had_by_its_name_and_rows_are_not_iterated_by_accident():
    batch = trades([0, 1], amount=np.array([10, 20]))
    assert all(batch[name] is getattr(batch, name) for name in batch.columns)
    with pytest.raises(KeyError, match="no column 'price_level' in an event of type Trade"):
        batch["price_level"]
    for wrong in (0, "_columns", "total"):
        with pytest.raises(KeyError, match="no column"):
            batch[wrong]
    with pytest.raises(TypeError, match="not iterable"):
        iter(batch)
