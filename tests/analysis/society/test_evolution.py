"""Heredity and the Price equation, by hand and to the last bit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.society.evolution import Terms, evolution, evolved, heredity, price_equation
from analysis.society.lives import Parents

RNG = np.random.default_rng(0)


def population(replicas=8, ticks=60, agents=20, select=0.0, slope=1.0, seed=1):
    """Traits (R, T + 1, N) and births of a society that breeds by trait, a tenth a tick."""
    rng = np.random.default_rng(seed)
    trait = np.empty((replicas, ticks + 1, agents))
    trait[:, 0] = rng.normal(size=(replicas, agents))
    own = np.broadcast_to(np.arange(agents), (replicas, ticks, agents))
    born = rng.random(own.shape) < 0.1
    mother, father = own.copy(), own.copy()
    for r, t in np.ndindex(replicas, ticks):
        able = np.flatnonzero(~born[r, t])
        chance = np.exp(select * trait[r, t, able])
        for grid in (mother, father):
            grid[r, t, born[r, t]] = rng.choice(able, born[r, t].sum(), p=chance / chance.sum())
        middle = 0.5 * (trait[r, t, mother[r, t]] + trait[r, t, father[r, t]])
        noise = np.where(born[r, t], 0.3 * rng.normal(size=agents), 0.0)
        trait[r, t + 1] = np.where(born[r, t], slope * middle, trait[r, t]) + noise
    return trait, Parents(born, mother, father)


def family(found):
    """Births of a population: replica, tick, trait of the child, mean of its parents'."""
    trait, parents = found
    replica, tick, slot = np.nonzero(parents.born)
    middle = [trait[replica, tick, grid[replica, tick, slot]] for grid in (parents.mother, parents.father)]
    return replica, tick, trait[replica, tick + 1, slot], np.mean(middle, axis=0)


def test_the_price_equation_by_hand():
    # Traits 1, 2, 6 (mean 3). The second dies; its place goes to a child of 1 and 3 with trait 5.
    # Units of offspring 1½, 0, 1½: Cov = (1½·(−2) + 1½·3)/3 = ½. The child lies 1½ above its parents: 1½/3.
    before, after = np.array([1.0, 2.0, 6.0]), np.array([1.0, 5.0, 6.0])
    found = price_equation(before, after, np.array([0, 0, 2]), np.array([0, 2, 2]))
    assert found == pytest.approx((0.5, 0.5, 1.0))


def test_nobody_born_is_no_change():
    trait, own = RNG.normal(size=(2, 5)), np.broadcast_to(np.arange(5), (2, 5))
    for term in price_equation(trait, trait, own, own):
        np.testing.assert_allclose(term, 0.0, atol=1e-15)


@given(st.integers(0, 2**32 - 1), st.integers(1, 30))
def test_selection_and_transmission_add_up_to_the_change(seed, agents):
    rng = np.random.default_rng(seed)
    before, after = rng.normal(0.0, 3.0, (2, 4, agents))
    mother, father = rng.integers(0, agents, (2, 4, agents))
    found = price_equation(before, after, mother, father)
    np.testing.assert_allclose(found.selection + found.transmission, found.change, rtol=0, atol=1e-12)


def test_selection_is_the_covariance_of_trait_and_offspring():
    before = RNG.normal(size=12)
    mother, father = RNG.integers(0, 12, (2, 12))
    offspring = 0.5 * (np.bincount(mother, minlength=12) + np.bincount(father, minlength=12))
    found = price_equation(before, before, mother, father)
    assert found.selection == pytest.approx(np.cov(before, offspring, ddof=0)[0, 1] / offspring.mean())


def test_ticks_add_up_to_the_change_of_a_history():
    trait, parents = population()
    found = evolved(trait, parents)
    np.testing.assert_allclose(found.selection + found.transmission, found.change, atol=1e-12)
    np.testing.assert_allclose(found.change, trait[:, -1].mean(1) - trait[:, 0].mean(1), atol=1e-12)


def test_selected_parents_differ_from_neutral_ones_in_selection_alone():
    selected, neutral = evolved(*population(select=1.0)), evolved(*population())
    selection, transmission = evolution("taste", selected, neutral)
    assert (selection.name, selection.sign) == ("selection, taste", 1)
    assert transmission.sign == 0
    same = evolution("taste", neutral, neutral)
    assert [measure.verdict for measure in same] == ["not distinguishable from chance"] * 2
    assert isinstance(neutral, Terms)


def test_a_slope_solved_by_hand():
    # Two histories of their own levels; within them slopes of 1 and 0 with squares 2 and 8: (2 + 0) / 10.
    replica, tick = np.array([0, 0, 1, 1]), np.array([3, 4, 1, 2])
    found = heredity(
        "taste", replica, tick, np.array([9.0, 11.0, 5.0, 5.0]), np.array([0.0, 2.0, 1.0, 5.0]), 1
    )
    assert found.value == pytest.approx(0.2)
    assert found.n == 2
    assert found.null == pytest.approx(0.2)  # blocks of one birth: nothing to exchange


def test_the_null_is_the_mean_over_exchanges_within_blocks():
    rng = np.random.default_rng(3)
    replica, tick, x, y = np.zeros(12, int), rng.permutation(12), rng.normal(size=12), rng.normal(size=12)
    order = np.argsort(tick)
    total = 0.0
    for _ in range(4000):
        mixed = x.copy()
        for block in np.split(order, 3):
            mixed[block] = x[rng.permutation(block)]
        total += np.polyfit(mixed, y, 1)[0] / 4000
    assert heredity("taste", replica, tick, y, x, 4).null == pytest.approx(total, abs=0.03)


def test_heredity_finds_the_slope_and_drift_alone_is_none():
    whole = heredity("taste", *family(population()))
    assert whole.value == pytest.approx(1.0, abs=0.1)
    assert whole.low < 1.0 < whole.high
    half = heredity("taste", *family(population(slope=0.5)))
    assert half.value == pytest.approx(0.5, abs=0.1)
    assert half.sign == 1
    replica, tick = np.repeat(np.arange(12), 300), np.tile(np.arange(300), 12)
    trend = tick / 100.0
    drift = heredity(
        "taste", replica, tick, trend + RNG.normal(size=tick.size), trend + RNG.normal(size=tick.size)
    )
    assert drift.value > 0.3
    assert drift.null == pytest.approx(drift.value, abs=0.06)
