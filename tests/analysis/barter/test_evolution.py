"""Heredity and the Price equation, by hand and to the last bit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.barter.evolution import Terms, evolution, evolved, heredity, price_equation
from analysis.barter.lineages import neutral_mothers
from analysis.barter.lives import Parents

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
    # One birth a tick, of parents in slots 0 and 1, in slot 2: parents' means 1, 3; children 0, 4: slope 2.
    # Those who live on are the parents, so that chance gives the same.
    trait = np.array([[[0.0, 2.0, 9.0], [2.0, 4.0, 0.0], [2.0, 4.0, 4.0]]])
    parents = Parents(*(np.array([[row] * 2]) for row in ([False, False, True], [0, 1, 0], [0, 1, 1])))
    found = heredity("taste", trait, parents)
    assert (found.value, found.null, found.n) == (2.0, 2.0, 1)


def test_histories_without_births_tell_nothing_of_heredity():
    own = np.broadcast_to(np.arange(3), (2, 4, 3))
    parents = Parents(np.zeros(own.shape, bool), own, own)
    assert heredity("taste", RNG.normal(size=(2, 5, 3)), parents).n == 0


def test_the_null_of_heredity_is_the_mean_over_random_parents():
    trait, parents = population(replicas=1, ticks=12, agents=6)
    at = np.nonzero(parents.born)
    y = trait[:, 1:][at]
    x = 0.5 * (trait[at[0], at[1], parents.mother[at]] + trait[at[0], at[1], parents.father[at]])
    drawn = [
        np.mean([trait[at[0], at[1], neutral_mothers(parents.born, 2 * k + s)[at]] for s in (0, 1)], axis=0)
        for k in range(3000)
    ]
    products = (np.mean(drawn, axis=0) * (y - y.mean())).sum()
    found = heredity("taste", trait, parents)
    assert found.null == pytest.approx(products / ((x - x.mean()) ** 2).sum(), abs=0.02)


@pytest.mark.parametrize(("slope", "sign"), [(1.0, 1), (0.5, 1), (0.0, 0)])
def test_heredity_finds_the_slope(slope, sign):
    found = heredity("taste", *population(slope=slope))
    assert found.value == pytest.approx(slope, abs=0.1)
    assert found.sign == sign


def test_drift_alone_is_no_heredity():
    trait, parents = population(replicas=12, slope=0.0)
    trend = np.arange(61) / 10.0
    for t in range(60):  # what a child is depends on when it is born
        trait[:, t + 1] = np.where(parents.born[:, t], trait[:, t + 1] + trend[t], trait[:, t])
    found = heredity("taste", trait, parents)
    assert found.value > 0.5
    assert found.null == pytest.approx(found.value, abs=0.1)
    assert found.sign == 0
