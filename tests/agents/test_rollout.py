"""Transitions in elapsed time: solved by hand, and against a brute-force sum over ticks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.rollout import ENDED, FIRST_CAPACITY, OPEN, Rollout, advantages, sequences


def decide(rollout, tick, *agents, replica=0):
    """Agents of a replica decide something at a tick."""
    n = len(agents)
    rollout.decided(
        tick, np.full(n, replica, np.int32), np.array(agents, np.int32), np.zeros((n, 1), np.float32),
        np.zeros((n, 1), np.int64), np.ones((n, 1), np.bool_), np.zeros(n, np.float32),
    )  # fmt: skip


def earn(rollout, tick, *amounts, ended=()):
    """The agents of the only replica are rewarded; those in `ended` die with it."""
    last = np.zeros((1, len(amounts)), np.bool_)
    last[0, list(ended)] = True
    rollout.rewarded(tick, np.array([amounts], float), last)


def three_lives():
    """Agent 0 lives on, 1 dies at tick 2 and is reborn at 4, 2 dies before it has decided anything."""
    rollout = Rollout(1, 3, 1, 1, discount=0.5)
    decide(rollout, 0, 0, 1)
    earn(rollout, 0, 1, 2, 9)
    earn(rollout, 1, 4, 8, 9, ended=[2])
    decide(rollout, 2, 0, 2)
    earn(rollout, 2, 1, 4, 1, ended=[1])
    earn(rollout, 3, 2, 100, 2)
    decide(rollout, 4, 1)
    decide(rollout, 4, 0)
    earn(rollout, 4, 16, 3, 4)
    decide(rollout, 5, 1)
    earn(rollout, 5, 0, 5, 0)
    return rollout


def test_rewards_and_elapsed_times_of_three_lives_are_those_by_hand():
    rows = three_lives().transitions
    assert rows.tick.tolist() == [0, 0, 2, 2, 4, 4, 5]
    # agent:                          0      1  0  2     1  0     1
    assert rows.following.tolist() == [2, ENDED, 5, OPEN, 6, OPEN, OPEN]
    assert rows.elapsed.tolist() == [2, 0, 2, 0, 1, 0, 0]
    assert rows.reward.tolist() == [1 + 4 / 2, 2 + 8 / 2 + 4 / 4, 1 + 2 / 2, 1 + 2 / 2 + 4 / 4, 3, 16, 5]


def test_advantages_of_three_lives_are_those_by_hand():
    rows = three_lives().transitions
    value = np.array([1.0, 2.0, 1.0, 0.0, 3.0, 8.0, 10.0])
    gain = advantages(rows.reward, rows.elapsed, rows.following, value, 0.5, 0.5)
    cut_off = 2 + 8 / 4 - 1  # the value of the open row stands in
    reborn = 3 + 10 / 2 - 3
    dead = 7 - 2  # nothing stands in
    assert gain.tolist() == [3 + (1 + cut_off / 2) / 4 - 1, dead, cut_off, 0, reborn, 0, 0]


def test_the_mean_reward_counts_everyone_whether_or_not_a_row_is_open():
    assert three_lives().mean_reward == pytest.approx((12 + 21 + 6 + 104 + 23 + 5) / 18)


def test_a_rollout_that_is_cleared_starts_new_chains():
    rollout = three_lives()
    rollout.clear()
    earn(rollout, 6, 7, 7, 7)
    decide(rollout, 7, 0)
    rows = rollout.transitions
    assert rows.following.tolist() == [OPEN]
    assert rows.reward.tolist() == [0.0]
    assert rollout.mean_reward == 7.0


def test_rows_are_kept_when_a_rollout_grows():
    rollout, ticks = Rollout(1, 3, 1, 1, 1.0), FIRST_CAPACITY
    for tick in range(ticks):
        decide(rollout, tick, 0, 1, 2)
        earn(rollout, tick, tick, 2 * tick, 3 * tick)
    rows = rollout.transitions
    np.testing.assert_array_equal(rows.reward.reshape(ticks, 3), np.outer(np.arange(ticks), [1, 2, 3]))
    assert (rows.elapsed[:-3] == 1).all()


def test_an_action_of_a_head_of_two_hundred_fits():
    rollout = Rollout(1, 1, 1, 1, 1.0)
    at, one = np.zeros(1, np.int32), np.ones((1, 1))
    rollout.decided(0, at, at, one.astype(np.float32), np.array([[199]]), one > 0, np.zeros(1, np.float32))
    assert rollout.transitions.action.tolist() == [[199]]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_reward_that_is_not_finite_is_named_and_nothing_is_written(bad):
    rollout = three_lives()
    before = [column.copy() for column in rollout.transitions]
    with pytest.raises(ValueError) as refused:
        earn(rollout, 6, 1.0, bad, 1.0)
    assert str(refused.value) == (
        f"reward of agent 1 in replica 0 at tick 6 is {bad}: valid is a finite number"
    )
    for column, old in zip(rollout.transitions, before, strict=True):
        np.testing.assert_array_equal(column, old)


class History:
    """Random decisions, rewards and deaths, (tick, replica, agent), and what a rollout makes of them."""

    def __init__(self, seed, ticks, replicas, agents, discount):
        rng = np.random.default_rng(seed)
        shape = (ticks, replicas, agents)
        self.discount, self.ticks = discount, ticks
        self.decided, self.ended = rng.random(shape) < 0.4, rng.random(shape) < 0.1
        self.reward = rng.normal(size=shape)
        rollout = Rollout(replicas, agents, 1, 1, discount)
        self.where = []
        for tick in range(ticks):
            for r in range(replicas):
                chosen = np.flatnonzero(self.decided[tick, r])
                decide(rollout, tick, *chosen, replica=r)
                self.where += [(tick, r, int(n)) for n in chosen]
            rollout.rewarded(tick, self.reward[tick], self.ended[tick])
        self.rows = rollout.transitions
        self.value = rng.normal(size=len(self.where))

    def forward_view(self, row, value):
        """Discounted rewards from a row to its life's end, or to the last decision, whose value stands in."""
        tick, r, n = self.where[row]
        deaths = tick + np.flatnonzero(self.ended[tick:, r, n])
        stop = deaths[0] + 1 if deaths.size else self.ticks
        if deaths.size:
            rest = 0.0
        else:
            stop = tick + np.flatnonzero(self.decided[tick:, r, n])[-1]
            rest = self.discount ** (stop - tick) * value[self.where.index((stop, r, n))]
        return sum(self.discount ** (t - tick) * self.reward[t, r, n] for t in range(tick, stop)) + rest

    def gain(self, value, decay):
        rows = self.rows
        return advantages(rows.reward, rows.elapsed, rows.following, value, self.discount, decay)


histories = st.builds(
    History,
    st.integers(0, 2**32 - 1),
    st.integers(1, 25),
    st.integers(1, 2),
    st.integers(1, 4),
    st.sampled_from([0.5, 0.9, 1.0]),
)


@settings(max_examples=100)
@given(histories)
def test_with_decay_one_an_advantage_is_the_discounted_sum_less_the_value(history):
    expected = [history.forward_view(row, history.value) for row in range(len(history.where))]
    np.testing.assert_allclose(
        history.gain(history.value, 1.0), np.array(expected) - history.value, rtol=1e-9, atol=1e-9
    )


@settings(max_examples=100)
@given(histories, st.floats(0.0, 1.0))
def test_with_exact_values_no_decision_has_an_advantage(history, decay):
    exact = np.array([history.forward_view(row, history.value) for row in range(len(history.where))])
    np.testing.assert_allclose(history.gain(exact, decay), 0.0, atol=1e-9)


@settings(max_examples=50)
@given(histories, st.floats(0.0, 1.0))
def test_an_advantage_is_the_sum_of_decayed_surprises(history, decay):
    rows, value = history.rows, history.value
    for row, found in enumerate(history.gain(value, decay)):
        total, weight, here = 0.0, 1.0, row
        while here >= 0 and rows.following[here] != OPEN:
            after, kept = rows.following[here], history.discount ** rows.elapsed[here]
            rest = kept * value[after] if after != ENDED else 0.0
            total += weight * (rows.reward[here] + rest - value[here])
            weight, here = weight * kept * decay, after
        assert found == pytest.approx(total, abs=1e-9)


def test_sequences_of_three_lives_are_those_by_hand():
    following = three_lives().transitions.following  # agent 0: 0, 2, 5 (open); 1: 1 (dies), 4, 6 (open)
    assert sequences(following, 3).tolist() == [[0, 2, -1], [1, -1, -1], [4, -1, -1]]
    assert sequences(following, 1).tolist() == [[0], [1], [2], [4]]


@settings(max_examples=100, deadline=None)
@given(histories, st.integers(1, 5))
def test_sequences_hold_every_closed_row_once_in_runs_of_one_agent(history, steps):
    following = history.rows.following
    found = sequences(following, steps)
    assert sorted(found[found >= 0].tolist()) == np.flatnonzero(following != OPEN).tolist()
    followed = set(following[following >= 0].tolist())
    cut = 0
    for sequence in found:
        rows = sequence[sequence >= 0]
        assert (sequence[len(rows) :] == -1).all()
        assert following[rows[:-1]].tolist() == rows[1:].tolist()
        cut += rows[0] in followed  # it goes on where another stopped for its length
    full = [rows[-1] for rows in found if rows[-1] >= 0]
    assert cut == sum(following[row] >= 0 and following[following[row]] != OPEN for row in full)
