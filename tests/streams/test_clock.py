"""Time operators count ticks of the simulation and start no thread."""

import threading

import pytest
import reactivex
from reactivex import operators

from streams import Bus, col, event, i8


@event
class Ping:
    """A number."""

    value: i8 = col("number")


def observe(*pipe, ticks=range(12), silent=(), complete=False):
    """What an observer of a stream of pings gets, with the tick at which it gets it."""
    bus, seen = Bus(), []
    now = [None]
    bus.events(Ping).pipe(operators.map(lambda batch: batch.tick), *pipe).subscribe(
        lambda value: seen.append((now[0], value))
    )
    for tick in ticks:
        now[0] = tick
        bus.advance(tick)
        if tick not in silent:
            bus.publish(Ping, tick=tick, replica=0, value=tick)
    if complete:
        bus.complete()
    assert bus.failures == []
    return seen


def test_a_buffer_of_four_ticks_holds_ticks_0_to_3_then_4_to_7():
    assert observe(operators.buffer_with_time(4)) == [(4, [0, 1, 2, 3]), (8, [4, 5, 6, 7])]


def test_the_last_buffer_comes_when_the_run_is_complete():
    assert observe(operators.buffer_with_time(4), ticks=range(6), complete=True)[-1] == (5, [4, 5])


def test_a_run_that_starts_before_zero_counts_from_its_start():
    seen = observe(operators.buffer_with_time(4), ticks=range(-8, 1))
    assert seen == [(-4, [-8, -7, -6, -5]), (0, [-4, -3, -2, -1])]


def test_a_sample_is_the_latest_of_each_period():
    assert observe(operators.sample(3)) == [(3, 2), (6, 5), (9, 8)]


def test_a_debounced_stream_waits_for_silence():
    assert observe(operators.debounce(2), silent=(3, 4, 5, 9)) == [(4, 2), (10, 8)]


def test_a_throttled_stream_lets_the_first_of_each_period_pass():
    assert [value for _, value in observe(operators.throttle_first(4))] == [0, 4, 8]


def test_a_delayed_stream_comes_so_many_ticks_later():
    assert observe(operators.delay(2), ticks=range(5)) == [(2, 0), (3, 1), (4, 2)]


def test_windows_intervals_and_takes_count_ticks_too():
    assert observe(operators.window_with_time(6), operators.flat_map(lambda w: w.pipe(operators.sum()))) == [
        (6, 15)
    ]
    assert [value for _, value in observe(operators.take_with_time(3))] == [0, 1, 2]
    assert [value for _, value in observe(operators.skip_with_time(9))] == [9, 10, 11]
    gaps = observe(operators.time_interval(), operators.map(lambda gap: gap.interval.total_seconds()))
    assert [gap for _, gap in gaps] == [0.0] + [1.0] * 11


def test_a_timeout_in_simulated_time_ends_the_stream():
    seen = observe(operators.timeout(3, reactivex.of("late")), silent=range(4, 12))
    assert [value for _, value in seen] == [0, 1, 2, 3, "late"]


def test_operators_without_delay_are_served_within_the_instant():
    seen = observe(operators.flat_map(lambda tick: reactivex.of(tick, -tick)), ticks=range(1, 4))
    assert seen == [(1, 1), (1, -1), (2, 2), (2, -2), (3, 3), (3, -3)]


@pytest.mark.parametrize(
    "operator",
    [
        operators.buffer_with_time(2),
        operators.buffer_with_time_or_count(2, 5),
        operators.sample(2),
        operators.debounce(2),
        operators.delay(2),
        operators.throttle_first(2),
        operators.timeout(5),
        operators.timestamp(),
        operators.take_last_with_time(2),
        operators.skip_last_with_time(2),
        operators.delay_subscription(2),
        operators.window_with_time_or_count(2, 5),
    ],
)
def test_no_time_operator_starts_a_thread(operator):
    before = threading.active_count()
    bus = Bus()
    bus.events(Ping).pipe(operator).subscribe(lambda value: None)
    for tick in range(8):
        bus.advance(tick)
        bus.publish(Ping, tick=tick, replica=0, value=tick)
        assert threading.active_count() == before
    bus.complete()
    assert threading.active_count() == before


def test_what_a_time_operator_publishes_is_seen_by_all_in_one_order():
    bus, first, second = Bus(), [], []
    bus.events(Ping).subscribe(lambda batch: first.append(int(batch.value[0])))
    bus.events(Ping).pipe(operators.buffer_with_time(2)).subscribe(
        lambda batches: bus.publish(Ping, tick=batches[-1].tick, replica=0, value=100) if batches else None
    )
    bus.events(Ping).subscribe(lambda batch: second.append(int(batch.value[0])))
    for tick in range(5):
        bus.advance(tick)
        bus.publish(Ping, tick=tick, replica=0, value=tick)
    assert first == second == [0, 1, 100, 2, 3, 100, 4]


def test_a_metric_at_a_months_end_falls_into_the_buffer_of_that_month():
    bus, seen = Bus(), []
    bus.every(4, "month", lambda tick: bus.publish(Ping, tick=tick, replica=0, value=tick))
    bus.events(Ping).pipe(operators.buffer_with_time(4)).subscribe(
        lambda batches: seen.append([int(batch.value[0]) for batch in batches])
    )
    for tick in range(9):
        bus.advance(tick)
    assert seen == [[3], [7]]


def test_a_blocking_observer_blocks_and_changes_nothing_that_others_see():
    gate = threading.Event()
    timer = threading.Timer(0.05, gate.set)
    bus, seen = Bus(), []
    bus.events(Ping).subscribe(lambda batch: gate.wait(5))
    bus.events(Ping).subscribe(lambda batch: seen.append(batch.tick))
    timer.start()
    for tick in range(4):
        bus.advance(tick)
        bus.publish(Ping, tick=tick, replica=0, value=tick)
    timer.join()
    assert seen == [0, 1, 2, 3]
