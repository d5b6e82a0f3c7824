"""Attention on circles, stars and clubs solved by hand."""

import numpy as np
import pytest

from analysis.barter.attention import (
    assortative,
    assortative_beyond,
    checked,
    focus,
    hubs,
    others,
    overlap,
    persistence,
    refocused,
    same,
)

RNG = np.random.default_rng(0)


def even(agents):
    return (1.0 - np.eye(agents)) / (agents - 1)


def random(*lead, agents=8, sharp=3.0):
    square = np.where(
        np.eye(agents, dtype=bool), 0.0, np.exp(sharp * RNG.normal(size=(*lead, agents, agents)))
    )
    return square / square.sum(axis=-1, keepdims=True)


def circle(agents):
    """Everyone hears the next one only."""
    return np.roll(np.eye(agents), 1, axis=1)


def test_focus_is_all_others_when_even_and_one_on_a_circle():
    both = np.stack([even(5), circle(5)])
    assert focus(both[:1]).value == pytest.approx(4.0)
    assert focus(both[1:]).value == pytest.approx(1.0)
    assert focus(both).null == 4.0
    assert refocused(both[:1], both[1:]).value == pytest.approx(-3.0)


def test_attention_that_stays_persists_wholly_and_the_null_is_that_of_one_in_four():
    steady = np.broadcast_to(circle(5), (6, 20, 5, 5))
    found = persistence(steady, 7)
    assert found.name == "persistence of attention, over 7 ticks"
    assert found.value == 1.0
    assert found.null == pytest.approx(0.25, abs=0.02)
    assert found.sign == 1


def test_attention_drawn_anew_does_not_persist():
    found = persistence(random(16, 30), 1)
    assert found.value == pytest.approx(found.null, abs=0.01)


def test_two_clubs_hear_their_own_kind():
    # Four agents, two of each kind, all attention inside: another listener of one's kind gives its share to
    # oneself, which is left out; the two of the other kind hear nobody alike.
    jobs = np.array([[0, 0, 1, 1]])
    pairs = np.zeros((1, 4, 4))
    pairs[0, [0, 1, 2, 3], [1, 0, 3, 2]] = 1.0
    found = assortative("job", pairs, same(jobs))
    assert (found.name, found.value, found.null) == ("assortative attention, job", 1.0, 0.0)


def test_the_null_of_assortment_is_the_mean_over_other_listeners():
    attention, alike = random(2, agents=5), overlap(RNG.dirichlet(np.ones(3), (2, 5)))
    expected = []
    for a, s in zip(attention, alike):
        for i in range(5):
            for k in set(range(5)) - {i}:
                rest = [j for j in range(5) if j != i]
                expected.append(a[k, rest] @ s[i, rest] / a[k, rest].sum())
    assert assortative("taste", attention, alike).null == pytest.approx(np.mean(expected))


def test_a_speaker_heard_by_all_is_no_assortment():
    # All hear agent 0, who is of the large kind: most hear their own kind, without any preference for it.
    star = np.zeros((6, 6))
    star[1:, 0] = 1.0
    star[0, 1] = 1.0
    jobs = np.array([0, 0, 0, 0, 0, 1])
    found = assortative("job", star[None], same(jobs[None]))
    # The favourite itself is left out: the others tell nothing of whom it would hear instead of itself.
    assert (found.value, found.null) == (pytest.approx(4 / 5), pytest.approx(4 / 5))


def test_random_attention_is_not_assortative():
    found = assortative("job", random(64), same(RNG.integers(0, 2, (64, 8))))
    assert abs(found.value - found.null) < 4 * (found.high - found.low) / 3.92


def test_two_clubs_hear_their_own_kind_more_than_those_who_hear_all_alike():
    kinds = np.array([[0, 0, 1, 1]] * 6)
    kin, paired = same(kinds), np.kron(np.eye(2), 1.0 - np.eye(2))
    attention = 0.5 * np.array([even(4)] * 6) + 0.5 * paired
    found = assortative_beyond("by kin", (attention, kin), (np.array([even(4)] * 6), kin))
    within = assortative("by kin", attention, kin)
    assert found.value == pytest.approx(within.value - within.null)
    assert found.null == pytest.approx(0.0)
    assert found.sign == 1


def test_hubs_are_none_on_a_circle_and_all_in_a_star():
    star = np.zeros((5, 5))
    star[1:, 0], star[0, 1] = 1.0, 1.0
    assert hubs(circle(5)[None]).value == pytest.approx(0.0)
    found = hubs(np.stack([star] * 4))
    assert found.value == pytest.approx((4 * 4 + 2 * 1) / 25)  # received 0, 0, 0, 1, 4
    assert found.null < found.value


def test_choosy_listeners_without_a_common_favourite_are_at_the_null_of_hubs():
    found = hubs(random(48))
    assert found.value == pytest.approx(found.null, abs=0.02)
    assert found.value > 0.2


def test_measures_do_not_depend_on_the_naming_of_agents():
    attention, order = random(1), RNG.permutation(8)
    kind = RNG.integers(0, 2, (1, 8))
    renamed = attention[:, order][:, :, order]
    assert hubs(renamed).value == pytest.approx(hubs(attention).value)
    first = assortative("job", attention, same(kind))
    second = assortative("job", renamed, same(kind[:, order]))
    assert (first.value, first.null) == pytest.approx((second.value, second.null))


def test_shares_that_do_not_sum_to_one_are_said():
    with pytest.raises(ValueError, match=r"shares of a listener sum to 0\.5: valid is 1"):
        checked(0.5 * even(3))
    with pytest.raises(ValueError, match="a listener gives itself 1: valid is 0"):
        checked(np.eye(3))
    assert others(np.arange(9).reshape(3, 3)).tolist() == [[1, 2], [3, 5], [6, 7]]
