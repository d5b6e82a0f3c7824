"""The digest sees every bit of live state and nothing else."""

import numpy as np
import pytest

from simengine.kernel import Columns, State, b1, column, f8, i4
from simengine.kernel.digest import Digest


class Things(Columns):
    alive: b1
    count: i4 = column("1")
    value: f8 = column("1", width=3)
    control: f8 = column("1", "what value must be", digested=False)


class Books:
    def __init__(self, replicas):
        self.balance = np.zeros((replicas, 2, 5), np.int64)

    def columns(self):
        return {"balance": self.balance}


def build(replicas=2, capacity=6):
    state = State(replicas)
    things, books = (
        state.add("things", Things(replicas, capacity, live=4)),
        state.add("books", Books(replicas)),
    )
    rng = np.random.default_rng(0)
    things.count[:, :4] = rng.integers(-9, 9, 4)
    things.value[:, :4] = rng.normal(size=(4, 3))
    books.balance[...] = rng.integers(-9, 9, (2, 5))
    return things, books, Digest(state)


def test_equal_replicas_have_equal_digests_whatever_the_capacity():
    sums = build()[2].sums()
    assert sums[0] == sums[1]
    assert np.array_equal(build(capacity=50)[2].sums(), sums)
    assert np.array_equal(build(replicas=1)[2].sums(), sums[:1])


def test_a_column_that_only_checks_others_is_no_part_of_the_digest():
    things, _, digest = build()
    before = digest.sums()
    things.control[0, 1] = 7.0
    assert np.array_equal(digest.sums(), before)


def change(array, at, by):
    array[at] += by


@pytest.mark.parametrize(
    "disturb",
    [
        lambda things, books: change(things.count, (1, 3), 1),
        lambda things, books: change(things.value, (1, 0, 2), 1e-13),
        lambda things, books: change(books.balance, (1, 1, 4), 1),
        lambda things, books: things.alive.__setitem__((1, 2), False),
        lambda things, books: things.count[1].__setitem__(slice(0, 2), things.count[1, 1::-1].copy()),
        lambda things, books: things.value.__setitem__((1, 0, 0), -things.value[1, 0, 0]),
    ],
)
def test_any_change_in_one_replica_changes_its_digest_alone(disturb):
    things, books, digest = build()
    before = digest.sums()
    disturb(things, books)
    assert (digest.sums() == before).tolist() == [True, False]


def test_dead_slots_count_for_nothing():
    things, _, digest = build()
    before = digest.sums()
    things.count[:, 5] = 77
    assert np.array_equal(digest.sums(), before)


def test_a_chain_of_digests_remembers_order_and_tick():
    _, _, digest = build()
    chains = np.zeros((3, 2), np.uint64)
    for chain, ticks in zip(chains, ((3, 7), (7, 3), (3, 8)), strict=True):
        for tick in ticks:
            digest.extend(chain, tick)
    assert len(set(chains[:, 0].tolist())) == 3
    assert np.array_equal(chains[:, 0], chains[:, 1])
