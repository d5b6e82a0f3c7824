"""What raises in an observer stays with that observer."""

import logging

import numpy as np
import pytest
import reactivex
from hypothesis import given, settings
from hypothesis import strategies as st
from reactivex import Observable, operators

from streams import Bus, col, event, i8


@event
class Ping:
    """A number."""

    value: i8 = col("number")


@pytest.fixture(autouse=True)
def quiet(caplog):
    caplog.set_level(logging.CRITICAL, "streams.guard")


def run(bus, ticks=10):
    for tick in range(ticks):
        bus.advance(tick)
        bus.publish(Ping, tick=tick, replica=0, value=tick)


def raise_error(batch):
    raise KeyError(int(batch.value[0]))


def ticks_of(seen):
    return lambda batch: seen.append(batch.tick)


def test_a_callback_that_raises_is_reported_by_name_and_detached_after_three_failures():
    bus, calls, others = Bus(), [], []
    bus.events(Ping).subscribe(lambda batch: calls.append(batch.tick) or raise_error(batch), name="watch")
    bus.events(Ping).subscribe(ticks_of(others))
    run(bus)
    (report,) = bus.failures
    assert (report.name, report.event, report.tick, report.count) == ("watch", "Ping", 2, 3)
    assert report.error == "KeyError: 2"
    assert report.detached
    assert calls == [0, 1, 2]
    assert others == list(range(10))


def test_the_number_of_failures_that_are_tolerated_can_be_chosen():
    bus, seen = Bus(), []

    def odd_fails(batch):
        if batch.tick % 2:
            raise_error(batch)
        seen.append(batch.tick)

    bus.events(Ping).subscribe(odd_fails, limit=6)
    run(bus)
    assert bus.failures[0].count == 5
    assert not bus.failures[0].detached
    assert seen == [0, 2, 4, 6, 8]


def test_an_unnamed_observer_is_reported_by_the_name_of_its_function():
    bus = Bus()
    bus.events(Ping).subscribe(raise_error)
    run(bus, 1)
    assert bus.failures[0].name == "raise_error"


def test_a_detached_observer_is_no_reason_to_build_batches():
    bus = Bus()
    bus.events(Ping).subscribe(raise_error)
    run(bus, 3)
    assert not bus.wants(Ping)


def test_an_operator_that_raises_ends_its_own_chain_at_once():
    bus, seen, others = Bus(), [], []
    bus.events(Ping).pipe(operators.map(lambda batch: 6 // (3 - batch.tick))).subscribe(
        seen.append, name="ratio"
    )
    bus.events(Ping).subscribe(ticks_of(others))
    run(bus)
    assert seen == [2, 3, 6]
    assert others == list(range(10))
    (report,) = bus.failures
    assert (report.name, report.tick, report.count, report.detached) == ("ratio", 3, 1, True)
    assert report.error.startswith("ZeroDivisionError")


def test_an_operator_that_breaks_the_grammar_of_rx_ends_its_own_chain_too():
    def rude(source):
        def subscribe(observer, scheduler=None):
            return source.subscribe(
                raise_error, observer.on_error, observer.on_completed, scheduler=scheduler
            )

        return Observable(subscribe)

    bus, others = Bus(), []
    bus.events(Ping).pipe(rude).subscribe(name="rude")
    bus.events(Ping).subscribe(ticks_of(others))
    run(bus)
    assert [(report.name, report.count, report.detached) for report in bus.failures] == [("rude", 1, True)]
    assert others == list(range(10))


def test_a_plain_rx_subscription_that_raises_disturbs_nobody():
    bus, others = Bus(), []
    bus.events(Ping).observable.subscribe(raise_error)
    bus.events(Ping).subscribe(ticks_of(others))
    run(bus)
    assert others == list(range(10))
    assert bus.failures
    assert all(report.name == "Ping" for report in bus.failures)


def test_a_shared_stream_goes_on_for_the_others_when_one_observer_is_detached():
    bus, others = Bus(), []
    shared = bus.events(Ping).pipe(operators.share())
    shared.subscribe(raise_error)
    shared.subscribe(ticks_of(others))
    run(bus)
    assert others == list(range(10))


def test_what_a_time_operator_raises_later_is_reported_under_the_name_of_its_observer():
    bus, others = Bus(), []
    stream = bus.events(Ping).pipe(operators.buffer_with_time(4), operators.map(lambda batches: 1 // 0))
    stream.subscribe(name="buffered")
    bus.events(Ping).subscribe(ticks_of(others))
    run(bus)
    assert [(report.name, report.tick) for report in bus.failures] == [("buffered", 4)]
    assert others == list(range(10))


def test_an_error_handler_of_the_observer_is_called_and_guarded():
    bus, errors = Bus(), []
    failing = bus.events(Ping).pipe(operators.map(lambda batch: 1 // 0))
    failing.subscribe(on_error=lambda error: errors.append(str(error)) or raise_error(error))
    run(bus)
    assert len(errors) == 1
    assert bus.failures[0].count == 2


def test_a_fold_that_raises_is_detached_and_its_memory_stays():
    bus, others = Bus(), []

    def step(batch, memory):
        memory["seen"] += 1
        raise_error(batch)

    memory = bus.fold((Ping,), "fragile", {"seen": np.zeros(1, np.int64)}, step)
    bus.events(Ping).subscribe(ticks_of(others))
    run(bus)
    assert memory["seen"].tolist() == [3]
    assert others == list(range(10))
    assert (bus.failures[0].name, bus.failures[0].detached) == ("fragile", True)


def test_an_act_at_the_end_of_a_period_that_raises_is_reported():
    bus = Bus()
    bus.every(2, "monthly", lambda tick: 1 // 0)
    run(bus)
    assert (bus.failures[0].name, bus.failures[0].count, bus.failures[0].tick) == ("monthly", 3, 5)


def test_an_unguarded_listener_stops_the_run_and_the_bus_stays_usable():
    bus, seen = Bus(), []
    stop = bus.listen(Ping, raise_error)
    with pytest.raises(KeyError):
        run(bus, 1)
    stop()
    bus.listen(Ping, seen.append)
    bus.publish(Ping, tick=1, replica=0, value=1)
    assert len(seen) == 1


def test_an_interrupt_is_no_failure_of_an_observer():
    def interrupted(batch):
        raise KeyboardInterrupt

    bus = Bus()
    bus.events(Ping).subscribe(interrupted)
    with pytest.raises(KeyboardInterrupt):
        run(bus, 1)
    assert bus.failures == []


def test_an_observer_may_stop_observing_from_inside():
    bus, seen = Bus(), []
    subscription = bus.events(Ping).subscribe(lambda batch: seen.append(batch.tick) or subscription.dispose())
    run(bus)
    assert seen == [0]


def test_failures_are_logged_once_and_when_an_observer_is_detached(caplog):
    caplog.set_level(logging.WARNING, "streams.guard")
    bus = Bus()
    bus.events(Ping).subscribe(raise_error, name="watch")
    run(bus)
    assert [record.getMessage() for record in caplog.records] == [
        "observer watch of Ping failed at tick 0: KeyError: 0",
        "observer watch of Ping is detached at tick 2: KeyError: 2",
    ]


def test_streams_can_be_merged_and_stay_guarded():
    bus, seen = Bus(), []
    both = bus.stream(reactivex.merge(bus.events(Ping).observable, bus.events(Ping).observable), "pings")
    both.subscribe(ticks_of(seen))
    both.subscribe(raise_error, name="bad")
    run(bus, 2)
    assert seen == [0, 0, 1, 1]
    assert (bus.failures[0].name, bus.failures[0].event) == ("bad", "pings")


@given(st.lists(st.sampled_from(["good", "raises", "publishes", "operator"]), max_size=6), st.integers(1, 4))
@settings(max_examples=40)
def test_whatever_the_others_do_a_good_observer_sees_every_event_in_one_order(kinds, limit):
    bus, first, last = Bus(), [], []

    def publish(batch):
        if batch.value[0] < 100:
            bus.publish(Ping, tick=batch.tick, replica=0, value=100 + batch.tick)

    bus.events(Ping).subscribe(lambda batch: first.append(int(batch.value[0])))
    for kind in kinds:
        if kind == "operator":
            bus.events(Ping).pipe(operators.map(raise_error)).subscribe()
        else:
            act = {"good": len, "raises": raise_error, "publishes": publish}[kind]
            bus.events(Ping).subscribe(act, limit=limit)
    bus.events(Ping).subscribe(lambda batch: last.append(int(batch.value[0])))
    run(bus, 5)
    answers = kinds.count("publishes")
    assert first == last == [value for tick in range(5) for value in [tick, *[100 + tick] * answers]]
