"""State declared once: named columns in one arena, never rebound, nothing undeclared."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simengine.kernel import Columns, KernelError, State, b1, column, f4, f8, i4, i8, room
from simengine.kernel.finite import Finite


class Shops(Columns):
    alive: b1
    price: i8 = column("cent", "posted", default=100)
    visits: i4 = column("slot", default=-1, width="suppliers")
    trend: f8 = column("1", default=(1.0, 2.0), width=2)


class Rates(Columns):
    rate: f8 = column("share per year", default=0.02)


def test_columns_have_declared_shapes_types_and_defaults():
    shops = Shops(3, 10, live=4, suppliers=5)
    assert shops.price.shape == (3, 10)
    assert shops.visits.shape == (3, 10, 5)
    assert shops.visits.dtype == np.int32
    assert (shops.price == 100).all()
    assert shops.trend[2, 9].tolist() == [1.0, 2.0]
    assert shops.alive.sum(axis=1).tolist() == [4, 4, 4]
    assert Rates(3).rate.tolist() == [0.02] * 3
    assert Rates(3).alive.shape == (3, 1)


def test_columns_are_contiguous_views_of_one_arena():
    shops = Shops(3, 10, suppliers=2)
    for array in shops.columns().values():
        assert array.flags.c_contiguous
        assert np.shares_memory(array, shops.arena)


def test_undeclared_names_are_refused_with_the_nearest_one():
    shops = Shops(1, 2, suppliers=1)
    with pytest.raises(KernelError, match="did you mean 'price'"):
        shops.prise = 3
    with pytest.raises(AttributeError, match="did you mean 'price'"):
        _ = shops.prise


def test_a_column_is_never_rebound_but_may_be_changed_in_place():
    shops = Shops(1, 2, suppliers=1)
    shops.price += 5
    shops.price[0, 1] = 7
    assert shops.price.tolist() == [[105, 7]]
    with pytest.raises(KernelError, match=r"write price\[\.\.\.\] = value"):
        shops.price = np.zeros((1, 2), np.int64)


def test_a_full_population_names_the_config_key():
    shops = Shops(2, 2, live=1, key="shops.capacity", suppliers=1)
    shops.price[1, 1] = 3
    assert shops.birth(1) == 1
    assert shops.price[1, 1] == 100
    assert shops.alive.tolist() == [[True, False], [True, True]]
    with pytest.raises(KernelError, match=r"all 2 slots of replica 1 are taken: raise shops\.capacity"):
        shops.birth(1)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Shops(1, 2), "needs its width: give suppliers="),
        (lambda: Shops(1, 2, supliers=1), "did you mean 'suppliers'"),
        (lambda: Shops(1, 0, suppliers=1), "capacity is 0: valid is a whole number of at least 1"),
        (lambda: Shops(1, 2, live=3, suppliers=1), "live is 3: valid is 0 to 2"),
        (lambda: Shops(1.5, 2, suppliers=1), "replicas is 1.5"),
    ],
)
def test_wrong_declarations_are_refused_by_name(make, said):
    with pytest.raises(KernelError, match=said):
        make()


class Boxes:
    def __init__(self, **arrays):
        self.arrays = arrays

    def columns(self):
        return self.arrays


@pytest.mark.parametrize(
    ("array", "said"),
    [
        (np.zeros(3), "first axis must be the 2 replicas"),
        (np.zeros((2, 6))[:, ::2], "C-contiguous"),
        (np.array(["a", "b"]), "<U1"),
        (np.broadcast_to(1.0, (2,)), "writable"),
    ],
)
def test_structural_state_must_be_writable_arrays_by_replica(array, said):
    with pytest.raises(KernelError, match=said):
        State(2).add("boxes", Boxes(gold=array))


def test_state_knows_its_members_by_name():
    state = State(2)
    shops, gold = state.add("shops", Shops(2, 3, suppliers=1)), np.zeros((2, 4))
    state.add("boxes", Boxes(gold=gold))
    assert state["shops"] is shops
    assert state.arrays()["boxes/gold"] is gold
    assert state.owner(shops.price) == ("shops.price", shops)
    with pytest.raises(KernelError, match="no declared column"):
        state.owner(np.zeros((2, 3), np.int64))
    with pytest.raises(KernelError, match="did you mean 'shops'"):
        _ = state["shop"]
    with pytest.raises(KernelError, match="cannot be added"):
        state.add("shops", Shops(2, 3, suppliers=1))


class Purses(Columns):
    """One column of each kind, one of which may say that it does not know."""

    alive: b1
    coins: f8 = column("coins")
    weights: f4 = column("number", width=3)
    unknown: f8 = column("coins", "nan where nobody asked", default=np.nan, finite=False)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@given(st.sampled_from(["coins", "weights"]), st.integers(0, 1), st.integers(0, 4), st.integers(0, 2))
def test_what_is_not_finite_is_found_by_column_replica_and_agent(value, name, replica, agent, place):
    state = State(2)
    purses = state.add("purses", Purses(2, 5, live=4))
    finite = Finite(state)
    assert finite.problems() == []
    at = (replica, agent) if name == "coins" else (replica, agent, place)
    purses.columns()[name][at] = value
    said = f"purses.{name} of agent {agent} in replica {replica} is {value}: valid is a finite number"
    assert finite.problems() == ([said] if agent < 4 else [])


@pytest.mark.parametrize(
    ("replicas", "capacity", "fewer"), [(10, 60_000, "shops.capacity"), (10**5, 60, "replicas")]
)
def test_what_has_no_room_is_refused_before_it_is_laid_out_by_the_setting_that_is_too_large(
    monkeypatch, replicas, capacity, fewer
):
    monkeypatch.setattr(room, "memory", lambda: 10**6)
    monkeypatch.setattr(np, "zeros", None)  # nothing is allocated
    said = rf"Shops: {replicas} replicas of {capacity} slots need about \S+ GB .* this machine has 0.001 GB"
    with pytest.raises(KernelError, match=rf"{said}: valid is a smaller number of {fewer}"):
        Shops(replicas, capacity, live=1, key="shops.capacity", suppliers=1)


def test_members_that_have_room_alone_are_refused_together(monkeypatch):
    state, shops = State(2), [Shops(2, 5, key="shops", suppliers=1) for _ in range(5)]
    one = sum(array.nbytes for array in shops[0].columns().values())
    monkeypatch.setattr(room, "memory", lambda: room.POPULATED * 4 * one)
    for number in range(4):
        state.add(f"shops{number}", shops[number])
    with pytest.raises(KernelError, match=r"states up to last need about .* number of replicas"):
        state.add("last", shops[4])
