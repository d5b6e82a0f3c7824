"""Lines of mothers against Wright and Fisher."""

import numpy as np
import pytest

from analysis.barter.lineages import entropy, founders, lineage_entropy, met, neutral_mothers, shared_ancestor
from analysis.barter.lives import Parents

RNG = np.random.default_rng(0)


def generations(replicas, ticks, agents):
    """Everyone dies at every tick."""
    return np.ones((replicas, ticks, agents), bool)


def test_lines_are_followed_to_their_founders():
    # Slot 0 is taken by a daughter of 1, then slot 2 by a daughter of hers: all lines lead to 1.
    mother = np.array([[[1, 1, 2], [0, 1, 0]]])
    assert founders(mother).tolist() == [[1, 1, 1]]
    assert entropy(mother) == pytest.approx([0.0])
    assert met(mother) == pytest.approx([1.0])


def test_two_founders_of_a_half_each_are_one_bit():
    mother = np.array([[[0, 0, 2, 2]]])
    assert entropy(mother) == pytest.approx([1.0])
    assert met(mother) == pytest.approx([2 / 6])


def test_behind_a_bottleneck_all_lines_have_met():
    own = np.arange(4)
    mother = np.stack([own, np.zeros(4, int), own, own])[None]
    assert met(mother) == pytest.approx([1.0])
    assert entropy(mother) == pytest.approx([0.0])


def test_neutral_mothers_are_drawn_evenly_among_those_who_live_on():
    born = np.broadcast_to([True, False, True, False, False], (20_000, 1, 5))
    mother = neutral_mothers(born)
    assert (mother[..., [1, 3, 4]] == [1, 3, 4]).all()
    counts = np.bincount(mother[..., [0, 2]].ravel(), minlength=5)
    assert counts[[0, 2]].sum() == 0
    assert counts[[1, 3, 4]] / 40_000 == pytest.approx([1 / 3] * 3, abs=0.01)
    np.testing.assert_array_equal(mother, neutral_mothers(born))
    assert (mother != neutral_mothers(born, seed=1)).any()


@pytest.mark.parametrize("agents", [2, 12])
def test_two_lines_of_wright_and_fisher_meet_in_a_generation_with_a_chance_of_one_in_all_agents(agents):
    found = met(neutral_mothers(generations(6000, 4, agents)))
    chance = 1.0 - (1.0 - 1.0 / agents) ** 4
    assert found.mean() == pytest.approx(chance, abs=4 * found.std() / np.sqrt(6000))


@pytest.mark.parametrize(("measure", "side"), [(lineage_entropy, -1), (shared_ancestor, 1)])
def test_a_neutral_society_is_at_its_null_and_a_harem_is_not(measure, side):
    born = np.random.default_rng(2).random((48, 3, 5)) < 0.3
    neutral = measure(Parents(born, neutral_mothers(born, seed=777), neutral_mothers(born, seed=778)))
    assert neutral.n > 24
    assert abs(neutral.value - neutral.null) < 4 * (neutral.high - neutral.low) / 3.92
    first = np.where(born, np.argmin(born, axis=-1)[..., None], np.arange(5))
    assert measure(Parents(born, first, first)).sign == side


def test_lines_that_all_lead_to_one_founder_have_no_entropy_to_compare():
    born = np.random.default_rng(3).random((4, 400, 4)) < 0.5
    mother = neutral_mothers(born)
    assert lineage_entropy(Parents(born, mother, mother)).verdict == "not defined in these histories"


def test_nobody_born_leaves_all_founders():
    born = np.zeros((2, 5, 8), bool)
    parents = Parents(born, *(np.broadcast_to(np.arange(8), born.shape),) * 2)
    assert lineage_entropy(parents).value == pytest.approx(3.0)
    found = shared_ancestor(parents)
    assert (found.name, found.value, found.null) == ("common ancestor, within 5 ticks", 0.0, 0.0)
