"""The timing wheel yields whom a scan of the dates would find, in the same order."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from simengine.kernel import NEVER
from simengine.kernel.wheel import TURN, Wheel, lowest_bit, put, take_due


def test_the_lowest_bit_is_found_wherever_it_is():
    for bit in range(64):
        assert lowest_bit(np.uint64(1 << bit)) == bit
        assert lowest_bit(np.uint64((1 << 64) - (1 << bit))) == bit


def test_agents_come_at_their_ticks_in_the_order_of_slots_the_dead_never():
    due = np.array([[3, 5, 3, 3 + TURN, NEVER, 3, *[NEVER] * 100, 3]])
    alive = np.ones(due.shape, np.bool_)
    alive[0, 5] = False
    wheel, acting = Wheel(1, due.shape[1]), np.empty(due.shape[1], np.int64)
    wheel.turn_to(due, alive)
    coming = {}
    for tick in range(2 * TURN):
        found = take_due(wheel.bits, 0, due, alive, tick, acting)
        if found:
            coming[tick] = acting[:found].tolist()
    assert coming == {3: [0, 2, 106], 5: [1], 3 + TURN: [3]}
    assert not wheel.bits.any()


def test_a_wheel_is_filled_again_only_where_dates_or_lives_are_not_as_they_were_kept():
    due, alive = np.array([[4, 9]]), np.ones((1, 2), np.bool_)
    wheel = Wheel(1, 2)
    wheel.turn_to(due, alive)
    wheel.bits[:] = 0
    wheel.turn_to(due, alive)
    assert not wheel.bits.any()
    alive[0, 0] = False
    wheel.turn_to(due, alive)
    assert np.argwhere(wheel.bits).tolist() == [[0, 9, 0]]
    due[0, 1] = 7
    wheel.turn_to(due, alive)
    assert np.argwhere(wheel.bits).tolist() == [[0, 7, 0]]
    due[0, 1] = 8
    wheel.keep(due, alive)
    wheel.turn_to(due, alive)
    assert np.argwhere(wheel.bits).tolist() == [[0, 7, 0]]


@settings(max_examples=50)
@given(
    intervals=st.lists(st.integers(1, 2 * TURN), min_size=1, max_size=130),
    moves=st.lists(st.tuples(st.integers(0, 300), st.integers(0, 129), st.integers(0, 40)), max_size=8),
)
def test_a_wheel_equals_a_scan_however_dates_are_moved_from_outside(intervals, moves):
    steps, agents = np.array(intervals), len(intervals)
    due, alive = np.array([steps % 50, steps % 7]), np.ones((2, agents), np.bool_)
    wheel, acting = Wheel(2, agents), np.empty(agents, np.int64)
    for tick in range(300):
        for when, agent, ahead in moves:
            if when == tick and agent < agents:
                due[:, agent] = tick + ahead
                alive[0, agent] = not alive[0, agent]
        late = due < tick  # those who were dead at their date
        due[late] = tick
        wheel.turn_to(due, alive)
        for r in range(2):
            found = acting[: take_due(wheel.bits, r, due, alive, tick, acting)].copy()
            assert found.tolist() == np.flatnonzero(alive[r] & (due[r] <= tick)).tolist()
            for agent in found:
                due[r, agent] = tick + steps[agent]
                put(wheel.bits, r, due[r, agent], agent)
        wheel.keep(due, alive)
