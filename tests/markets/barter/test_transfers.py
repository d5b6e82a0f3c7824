"""Who gave what to whom: by hand, conservation, few rows, no dust."""

import numpy as np
import pytest
from hypothesis import given

from markets.barter import clear, transfers
from tests.markets.barter.societies import drawn, edgeworth, societies


def rows(flows):
    return list(zip(flows.replica, flows.giver, flows.receiver, flows.good, flows.amount))


def test_flows_follow_the_north_west_corner_good_by_good():
    before = np.array([[[5, 0], [3, 1], [0, 0], [1, 4]]], float)
    after = np.array([[[1, 3], [2, 1], [4, 0], [2, 1]]], float)
    # Good 0: agents 0 and 1 give 4 and 1, agents 2 and 3 get 4 and 1. Good 1: agent 3 gives agent 0 its 3.
    assert rows(transfers(before, after)) == [(0, 0, 2, 0, 4), (0, 1, 3, 0, 1), (0, 3, 0, 1, 3)]


def test_a_giver_serves_receivers_in_the_order_of_their_slots():
    before, after = np.array([[[0], [6], [0], [1]]], float), np.array([[[2], [0], [5], [0]]], float)
    assert rows(transfers(before, after)) == [(0, 1, 0, 0, 2), (0, 1, 2, 0, 4), (0, 3, 2, 0, 1)]


def test_two_traders_swap_what_each_likes():
    endowment, preference = edgeworth(0.25, 0.5)
    flows = transfers(endowment, clear("walras", endowment, preference).allocation)
    assert [tuple(row[1:4]) for row in rows(flows)] == [(0, 1, 0), (1, 0, 1)]
    np.testing.assert_allclose(flows.amount, [0.75, 0.5])


def moved(endowment, flows):
    """What the endowment becomes when the flows are carried out."""
    after = endowment.copy()
    np.subtract.at(after, (flows.replica, flows.giver, flows.good), flows.amount)
    np.add.at(after, (flows.replica, flows.receiver, flows.good), flows.amount)
    return after


@given(societies())
def test_flows_lead_from_the_endowment_to_the_allocation_in_few_rows(society):
    endowment, preference, present = society
    allocation = clear("walras", endowment, preference, present=present).allocation
    flows = transfers(endowment, allocation)
    missing = np.abs(moved(endowment, flows) - allocation)
    assert (missing <= 1e-12 * endowment.sum(axis=1, keepdims=True)).all()
    assert (flows.amount > 0).all()
    assert present[flows.replica, flows.giver].all()
    assert present[flows.replica, flows.receiver].all()
    place = flows.replica.astype(int) * endowment.shape[2] + flows.good
    assert (np.diff(place) >= 0).all()
    assert (np.bincount(place, minlength=1) <= max(endowment.shape[1] - 1, 0)).all()


def test_a_thousand_traders_conserve_to_the_twelfth_digit():
    endowment, preference = drawn(40, replicas=1, agents=1000, goods=2)
    allocation = clear("walras", endowment, preference).allocation
    missing = np.abs(moved(endowment, transfers(endowment, allocation)) - allocation)
    assert missing.max() <= 1e-12 * endowment.sum(axis=1).max()


def test_who_trades_nothing_but_rounding_has_no_row():
    _, preference = drawn(41)
    efficient = clear("walras", *drawn(41)).allocation
    assert len(transfers(efficient, clear("walras", efficient, preference).allocation).amount) == 0
    assert len(transfers(efficient, efficient).amount) == 0


def test_a_replica_alone_has_the_flows_it_has_in_company():
    endowment, preference = drawn(42, replicas=3)
    allocation = clear("walras", endowment, preference).allocation
    together = transfers(endowment, allocation)
    for r in range(3):
        single = transfers(endowment[r : r + 1], allocation[r : r + 1])
        mine = together.replica == r
        for name in ("giver", "receiver", "good", "amount"):
            np.testing.assert_array_equal(getattr(single, name), getattr(together, name)[mine])


@pytest.mark.parametrize("shape", [(0, 3, 2), (2, 0, 2), (2, 3, 0)])
def test_nobody_and_nothing_have_no_flows(shape):
    assert len(transfers(np.zeros(shape), np.zeros(shape)).amount) == 0


def test_allocations_of_another_shape_are_refused():
    with pytest.raises(ValueError, match=r"endowment has shape \(2, 4, 3\), allocation \(2, 4\)"):
        transfers(drawn(43)[0], np.zeros((2, 4)))
