"""Specialisation and division of labour on societies solved by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.barter.specialisation import (
    HELD,
    concentration,
    division_of_labour,
    information,
    specialisation,
)

RNG = np.random.default_rng(0)


def alone(jobs):
    """One life per slot, (R, T, N)."""
    return np.broadcast_to(np.arange(jobs.shape[2]), jobs.shape)


def test_those_who_keep_to_one_job_are_at_one():
    jobs = np.broadcast_to([0, 0, 1, 2], (2, 10, 4))
    found = specialisation(jobs, alone(jobs), 3)
    assert found.value == pytest.approx(1.0)
    assert found.null == pytest.approx(1 / 3 + 2 / 3 / 10)
    assert division_of_labour(jobs, alone(jobs), 3).value == pytest.approx(1.0)


def test_a_life_of_two_jobs_solved_by_hand():
    jobs = np.array([[[0, 0], [0, 1], [0, 0], [1, 1]]])  # shares 3/4 and 1/4; 1/2 and 1/2
    assert specialisation(jobs, alone(jobs), 2).value == pytest.approx((10 / 16 + 1 / 2) / 2)
    # H(job) of 5/8; H(job | agent) the mean of H(1/4) and 1.
    entropy = lambda p: -p * np.log2(p) - (1 - p) * np.log2(1 - p)  # noqa: E731
    expected = 1 - (entropy(0.25) + 1) / 2 / entropy(0.625)
    assert information(jobs, alone(jobs), 2)[0] == pytest.approx(expected)


def test_a_slot_taken_again_is_two_agents():
    jobs = np.array([[[0], [0], [1], [1]]])
    identity = np.array([[[0], [0], [1], [1]]])
    assert specialisation(jobs, identity, 2).value == 1.0
    assert specialisation(jobs, alone(jobs), 2).value == 0.5


def test_random_jobs_are_at_their_null():
    jobs = RNG.integers(0, 3, (48, 40, 12))
    found = specialisation(jobs, alone(jobs), 3)
    assert found.null == pytest.approx(1 / 3 + 2 / 3 / 40)
    assert abs(found.value - found.null) < 4 * (found.high - found.low) / 3.92
    labour = division_of_labour(jobs, alone(jobs), 3)
    assert abs(labour.value - labour.null) < 4 * (labour.high - labour.low) / 3.92


def test_a_job_that_is_held_is_no_new_choice():
    drawn = RNG.integers(0, 2, (48, 40, 12))
    repeated = np.repeat(drawn, 5, axis=1)
    chosen = np.where(np.arange(200)[:, None] % 5 == 0, repeated, HELD)
    for measure in (specialisation, division_of_labour):
        found = measure(chosen, alone(chosen), 2)
        assert found.value == pytest.approx(measure(drawn, alone(drawn), 2).value)
        assert abs(found.value - found.null) < 4 * (found.high - found.low) / 3.92
        assert measure(repeated, alone(repeated), 2).sign == 1


def test_those_who_decide_in_turns_are_shuffled_among_those_whose_turn_it_is():
    tick, slot = np.arange(20)[:, None], np.arange(10)
    jobs, lives = RNG.integers(0, 2, (4, 20, 10)), np.broadcast_to(tick // 5 * 10 + slot, (4, 20, 10))
    chosen = np.where((tick + slot) % 5 == 0, jobs, HELD)
    found = division_of_labour(chosen, lives, 2)
    assert (found.value, found.null) == (pytest.approx(1.0), pytest.approx(1.0))  # one choice in each life


def test_a_history_in_which_nobody_chooses_is_left_out():
    jobs = np.stack([RNG.integers(0, 2, (20, 5)), np.full((20, 5), HELD)])
    assert np.isnan(concentration(jobs, alone(jobs), 2)).tolist() == [False, True]
    for measure in (specialisation, division_of_labour):
        assert measure(jobs, alone(jobs), 2).n == 1


def test_short_lives_look_special_and_their_null_knows():
    identity = np.broadcast_to(np.arange(120)[:, None] // 3 * 12 + np.arange(12), (24, 120, 12))
    jobs = RNG.integers(0, 2, identity.shape)
    found = specialisation(jobs, identity, 2)
    assert found.null == pytest.approx(0.5 + 0.5 / 3)
    assert found.value == pytest.approx(found.null, abs=0.01)


def test_a_job_that_all_prefer_is_special_against_even_shares_alone():
    jobs = (RNG.random((24, 60, 10)) < 0.9).astype(int)
    assert specialisation(jobs, alone(jobs), 2).sign == 1
    against = specialisation(jobs, alone(jobs), 2, even=False)
    assert against.value == pytest.approx(against.null, abs=0.005)


def test_a_season_that_all_follow_is_no_division_of_labour():
    jobs = np.broadcast_to((np.arange(40) // 10 % 2)[:, None], (8, 40, 6))
    found = division_of_labour(jobs, alone(jobs), 2)
    assert (found.value, found.null) == pytest.approx((0.0, 0.0), abs=1e-12)


def test_where_all_do_one_job_there_is_no_labour_to_divide():
    jobs = np.zeros((3, 10, 4), int)
    assert division_of_labour(jobs, alone(jobs), 2).n == 0


def test_jobs_out_of_range_are_said():
    jobs = np.array([[[0, 3]]])
    with pytest.raises(ValueError, match="jobs are 0 to 3: valid are 0 to 1"):
        specialisation(jobs, alone(jobs), 2)


@given(st.integers(0, 2**32 - 1), st.integers(1, 4), st.integers(1, 6))
def test_information_is_a_share_that_no_naming_of_jobs_or_agents_changes(seed, count, agents):
    rng = np.random.default_rng(seed)
    jobs = rng.integers(0, count, (2, 7, agents))
    identity = rng.integers(0, agents, jobs.shape)
    found = information(jobs, identity, count)
    defined = np.isfinite(found)
    assert ((found[defined] > -1e-12) & (found[defined] < 1 + 1e-12)).all()
    renamed = information(rng.permutation(count)[jobs], rng.permutation(agents)[identity] + 5, count)
    np.testing.assert_allclose(renamed, found, atol=1e-12)
