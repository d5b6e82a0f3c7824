"""GTH elimination: against linear algebra, and exact where linear algebra is not."""

import numpy as np
import pytest

from markets.barter.stationary import apart, eliminate, poisson_into, stationary


def random_chain(seed, states):
    return np.random.default_rng(seed).dirichlet(np.ones(states), states)


@pytest.mark.parametrize("states", [1, 2, 3, 8])
def test_the_stationary_vector_stays_and_sums_to_one(states):
    chain = random_chain(states, states)
    copy = chain.copy()
    eliminate(copy)
    found = stationary(copy)
    np.testing.assert_allclose(found @ chain, found, rtol=1e-14)
    np.testing.assert_allclose(found.sum(), 1.0)


def test_entries_are_exact_over_two_hundred_orders_of_magnitude():
    # A birth-death chain that falls back a thousand million million times as often as it climbs: by detailed
    # balance every state is 1e-15 as likely as the one below, whatever rounding does to a difference.
    up, states = 1e-15, 15
    chain = np.zeros((states, states))
    for n in range(states - 1):
        chain[n, n + 1], chain[n + 1, n] = up, 1.0
    eliminate(chain)
    found = stationary(chain)
    np.testing.assert_allclose(found / found[0], up ** np.arange(states), rtol=1e-12)


@pytest.mark.parametrize("states", [1, 2, 3, 8])
def test_the_poisson_equation_is_solved(states):
    chain = random_chain(states, states)
    copy = chain.copy()
    exits = eliminate(copy)
    right = np.random.default_rng(9).normal(size=states)
    right -= stationary(copy) @ right
    found = right.copy()
    poisson_into(found, copy, exits)
    np.testing.assert_allclose(found - chain @ found, right, atol=1e-13)
    assert found[0] == 0.0


def test_states_apart_are_those_without_a_way_there_or_back():
    ring = np.roll(np.eye(4), 1, axis=1)
    assert not apart(ring).any()
    ring[3, 0] = 0.0
    assert apart(ring).tolist() == [False, True, True, True]
    blocks = np.kron(np.eye(2), np.ones((2, 2)))
    assert apart(blocks).tolist() == [False, False, True, True]
    blocks[0, 2] = 1.0  # a way there, none back
    assert apart(blocks).tolist() == [False, False, True, True]
