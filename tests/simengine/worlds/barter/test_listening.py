"""Whom foragers hear: all others, or those whose last messages are nearest."""

import numpy as np
import pytest

from simengine import Simulation
from simengine.worlds.barter.config import BarterConfig
from simengine.worlds.barter.listening import nearest, speakers
from simengine.worlds.barter.world import Barter


@pytest.mark.parametrize("count", [1, 3, 6])
def test_the_nearest_are_those_with_the_largest_inner_product(count):
    message = np.random.default_rng(0).normal(size=(5, 7, 4)).astype(np.float32)
    found = nearest(message, count)
    near = np.einsum("rim,rjm->rij", message.astype(float), message.astype(float))
    near[:, np.arange(7), np.arange(7)] = -np.inf
    expected = np.sort(np.argsort(-near, axis=-1)[..., :count], axis=-1)
    np.testing.assert_array_equal(found, expected)


def test_of_equals_the_lower_slots_are_heard():
    assert nearest(np.ones((1, 4, 2), np.float32), 2)[0].tolist() == [[1, 2], [0, 2], [0, 1], [0, 1]]


def test_who_hears_all_others_hears_the_same_by_either_way():
    message = np.random.default_rng(1).normal(size=(2, 6, 3)).astype(np.float32)
    np.testing.assert_array_equal(nearest(message, 5), speakers(message, 5))


def test_a_society_that_attends_all_others_is_the_dense_one_to_the_bit():
    dense, sparse = (
        Simulation(Barter(BarterConfig(agents=6, nets={"attended": k})), seed=1, replicas=2) for k in (0, 5)
    )
    for sim in (dense, sparse):
        sim.run(ticks=20)
    assert np.array_equal(dense.digests, sparse.digests)
