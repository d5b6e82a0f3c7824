"""The bus: laziness, order under re-entrance, folds and their memory."""

import numpy as np
import pytest

from streams import Bus, col, event, i8
from streams import build as builder
from streams import bus as buses
from streams.events import Metric, Shock
from streams.macro.events import Loan, Trade, Wealth


@event
class Ping:
    """A number."""

    value: i8 = col("number")


@event
class Pong:
    """An answer."""

    value: i8 = col("number")


def ping(bus, value, tick=0, kind=Ping):
    bus.publish(kind, tick=tick, replica=0, value=value)


def values(batch):
    return batch.value.tolist()


def test_no_batch_is_built_for_an_event_type_without_listeners(monkeypatch):
    built = []
    monkeypatch.setattr(buses, "build", lambda *given: built.append(given[0]) or builder.build(*given))
    bus = Bus()
    bus.events(Ping).subscribe(values)
    for tick in range(5):
        ping(bus, 1, tick)
        ping(bus, 1, tick, Pong)
    assert built == [Ping] * 5


def test_nothing_is_checked_when_nobody_listens():
    Bus().publish(Ping, tick=0, nonsense=object())


def test_the_bus_wants_what_somebody_listens_to_until_nobody_does():
    bus = Bus()
    assert not bus.wants(Ping)
    subscription = bus.events(Ping).subscribe(values)
    bus.fold(Pong, "pongs", {}, lambda batch, memory: None)
    assert bus.wants(Ping)
    assert bus.wants(Pong)
    assert not bus.wants(Trade)
    subscription.dispose()
    assert not bus.wants(Ping)


def test_a_batch_without_rows_is_not_delivered():
    bus, seen = Bus(), []
    bus.listen(Ping, seen.append)
    bus.publish(Ping, tick=0, replica=np.zeros(0, np.int32), value=np.zeros(0, np.int64))
    assert seen == []


def test_columns_in_a_dictionary_are_published_like_those_given_by_name():
    bus, seen = Bus(2), []
    bus.listen(Ping, lambda batch: seen.append(batch.frame()))
    replica, value = np.array([0, 1], np.int32), np.array([3, 4])
    bus.publish(Ping, tick=5, replica=replica, value=value)
    bus.publish_columns(Ping, 5, replica, None, {"value": value})
    assert seen[0].equals(seen[1])
    assert seen[0].height == 2


def test_observers_get_batches_in_the_order_in_which_they_subscribed():
    bus, seen = Bus(), []
    for name in "abc":
        bus.events(Ping).subscribe(lambda batch, name=name: seen.append(name))
    ping(bus, 1)
    assert seen == ["a", "b", "c"]


def test_what_an_observer_publishes_comes_after_the_batch_at_hand_for_everyone():
    bus, first, second = Bus(), [], []

    def countdown(batch):
        first.extend(values(batch))
        if batch.value[0] > 0:
            ping(bus, int(batch.value[0]) - 1)

    bus.events(Ping).subscribe(countdown)
    bus.events(Ping).subscribe(lambda batch: second.extend(values(batch)))
    ping(bus, 3)
    assert first == second == [3, 2, 1, 0]
    assert not bus.failures


def test_two_event_types_published_from_observers_keep_one_order():
    bus, seen = Bus(), []
    bus.events(Ping).subscribe(lambda batch: ping(bus, 10 + int(batch.value[0]), kind=Pong))
    bus.events(Ping).subscribe(lambda batch: ping(bus, 20 + int(batch.value[0]), kind=Pong))
    bus.events(Pong).subscribe(lambda batch: seen.extend(values(batch)))
    ping(bus, 1)
    ping(bus, 2)
    assert seen == [11, 21, 12, 22]


def test_observers_that_publish_in_a_circle_are_stopped_and_reported():
    bus = Bus()
    bus.events(Ping).subscribe(lambda batch: ping(bus, 0), name="echo")
    for _ in range(3):
        ping(bus, 0)
    assert [report.name for report in bus.failures] == ["echo"]
    assert "publish in a circle" in bus.failures[0].error
    assert bus.failures[0].detached


def test_an_observer_added_during_a_batch_sees_the_next_one():
    bus, seen = Bus(), []
    bus.events(Ping).subscribe(lambda batch: bus.listen(Ping, seen.append) if not seen else None)
    ping(bus, 1)
    assert seen == []
    ping(bus, 2)
    assert [values(batch) for batch in seen] == [[2]]


def test_two_event_types_with_one_name_are_two_streams():
    body = {"__doc__": "Other.", "__module__": "elsewhere", "__annotations__": {"x": i8}, "x": col("number")}
    other, bus, seen = event(type("Ping", (), body)), Bus(), []
    bus.listen(Ping, lambda batch: seen.append(values(batch)))
    bus.listen(other, lambda batch: seen.append(batch.x.tolist()))
    ping(bus, 1)
    bus.publish(other, tick=0, replica=0, x=2)
    assert seen == [[1], [2]]


def test_names_given_while_running_belong_to_one_bus():
    codes = []
    for names in (("rate", "cost"), ("cost", "rate")):
        bus = Bus()
        bus.listen(Shock, lambda batch: codes.append((batch.label("name"), batch.only("name"))))
        for name in names:
            bus.publish(Shock, tick=0, replica=0, name=name, size=1.0, phase="start")
    assert codes == [("rate", 0), ("cost", 1), ("cost", 0), ("rate", 1)]
    assert list(Shock.name.labels) == []


def test_what_is_no_event_is_refused():
    with pytest.raises(TypeError, match="is not an event type"):
        Bus().events(int)
    with pytest.raises(TypeError, match="is not an event type"):
        Bus().wants(int)


def test_a_bus_needs_a_replica():
    with pytest.raises(ValueError, match="replicas=0 given; valid: 1 or more"):
        Bus(0)


def test_a_guest_is_introduced_to_the_types_met_before_and_after():
    bus, met, seen = Bus(), [], []
    bus.listen(Ping, values)

    def meet(kind):
        met.append(kind)
        if kind is Pong:
            bus.listen(kind, seen.append)

    bus.introduce(meet)
    ping(bus, 1)
    ping(bus, 2, kind=Pong)
    assert met == [Ping, Pong]
    assert [values(batch) for batch in seen] == [[2]]


def test_the_reach_of_a_type_spans_what_its_listeners_read():
    bus = Bus(9)
    assert list(bus.reach(Ping)) == []
    stop = bus.listen(Ping, [].append, replicas=range(2, 3))
    bus.listen(Ping, [].append, replicas=range(5, 7))
    assert bus.reach(Ping) == range(2, 7)
    stop()
    assert bus.reach(Ping) == range(5, 7)
    bus.events(Ping).subscribe(values)
    assert bus.reach(Ping) == range(9)


def test_a_snapshot_of_some_replicas_is_that_part_of_the_whole():
    bus, seen = Bus(4), []
    bus.listen(Wealth, seen.append)
    amount = np.arange(8).reshape(4, 2)
    bus.publish(Wealth, tick=0, dense=(4, 2), amount=amount.copy())
    bus.publish(Wealth, tick=0, replica=range(1, 3), dense=(2, 2), amount=amount[1:3])
    bus.publish(Wealth, tick=0, replica=range(4), dense=(4, 2), amount=amount.copy())
    whole, part, named = seen
    assert part.frame().equals(whole.part(1, 3).frame())
    assert part.total("amount").tolist() == [0, 5, 9, 0]
    assert named.grid("amount").tolist() == amount.tolist()
    bus.publish(Wealth, tick=0, replica=range(2, 2), dense=(0, 2), amount=amount[2:2])
    assert len(seen) == 3
    with pytest.raises(ValueError, match=r"dense=\(2, 2\) given; valid: \(4, …\) without"):
        bus.publish(Wealth, tick=0, replica=range(3, 5), dense=(2, 2), amount=amount[:2])


def total(batch, memory):
    memory["sum"] += batch.total("value")


def test_a_fold_keeps_its_memory_in_the_bus():
    bus = Bus(2)
    memory = bus.fold(Ping, "pings", {"sum": np.zeros(2, np.int64)}, total)
    bus.publish(Ping, tick=0, replica=np.array([0, 1, 1], np.int32), value=np.array([1, 2, 3]))
    assert memory["sum"].tolist() == [1, 5]
    assert bus.memory()["pings.sum"].tolist() == [1, 5]


def test_a_fold_may_listen_to_several_event_types():
    bus = Bus()
    memory = bus.fold((Ping, Pong), "both", {"sum": np.zeros(1, np.int64)}, total)
    ping(bus, 1)
    ping(bus, 2, kind=Pong)
    assert memory["sum"].tolist() == [3]


def test_two_folds_with_one_name_are_refused():
    bus = Bus()
    bus.fold(Ping, "twice", {}, total)
    with pytest.raises(ValueError, match="the name is taken"):
        bus.fold(Pong, "twice", {}, total)


def test_memory_that_is_no_array_is_refused():
    with pytest.raises(TypeError, match="memory 'sum' is a int; valid: an array"):
        Bus().fold(Ping, "wrong", {"sum": 0}, total)


def run(bus, ticks):
    for tick in ticks:
        bus.advance(tick)
        ping(bus, tick, tick)


@pytest.mark.parametrize("restore_first", [True, False])
def test_a_restored_fold_goes_on_as_if_it_had_not_stopped(restore_first):
    def prepared():
        bus = Bus()
        memory = bus.fold(Ping, "pings", {"sum": np.zeros(1, np.int64)}, total)
        bus.every(4, "sums", lambda tick: ping(bus, int(memory["sum"][0]), tick, Pong))
        return bus

    whole, seen = prepared(), []
    whole.listen(Pong, lambda batch: seen.append((batch.tick, values(batch))))
    run(whole, range(10))
    saved = {name: array.copy() for name, array in whole.memory().items()}
    run(whole, range(10, 20))

    later = []
    if restore_first:
        bus = Bus()
        bus.restore(saved)
        memory = bus.fold(Ping, "pings", {"sum": np.zeros(1, np.int64)}, total)
        bus.every(4, "sums", lambda tick: ping(bus, int(memory["sum"][0]), tick, Pong))
    else:
        bus = prepared()
        bus.restore(saved)
    bus.listen(Pong, lambda batch: later.append((batch.tick, values(batch))))
    run(bus, range(10, 20))
    assert later == seen[2:]
    assert bus.memory()["pings.sum"] == whole.memory()["pings.sum"]


def test_memory_of_another_shape_is_refused():
    bus = Bus()
    bus.fold(Ping, "pings", {"sum": np.zeros(1, np.int64)}, total)
    with pytest.raises(
        ValueError, match=r"fold 'pings': the checkpoint holds sum as int64\(3,\); valid: int64\(1,\)"
    ):
        bus.restore({"pings.sum": np.zeros(3, np.int64)})


def test_a_fold_unknown_to_the_checkpoint_starts_as_it_is():
    bus = Bus()
    memory = bus.fold(Ping, "new", {"sum": np.full(1, 7, np.int64)}, total)
    bus.restore({"gone.sum": np.zeros(3)})
    assert memory["sum"].tolist() == [7]


def test_periods_are_closed_after_their_last_tick_and_once():
    bus, closed = Bus(), []
    bus.every(4, "months", closed.append)
    for tick in (-8, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 4, 5, 6, 7):
        bus.advance(tick)
    assert closed == [-5, -1, 3]
    bus.advance(8)
    bus.advance(8)
    assert closed == [-5, -1, 3, 7]


def test_a_leap_over_several_periods_closes_each():
    bus, closed = Bus(), []
    bus.every(4, "months", closed.append)
    bus.every(8, "seasons", lambda tick: closed.append(f"season {tick}"))
    bus.advance(0)
    bus.advance(17)
    assert closed == [3, 7, "season 7", 11, 15, "season 15"]


def test_time_does_not_run_backwards():
    bus = Bus()
    bus.advance(5)
    with pytest.raises(ValueError, match="advance: tick 4 given after tick 5"):
        bus.advance(4)


def test_a_period_of_no_ticks_is_refused():
    with pytest.raises(ValueError, match="period 0 given; valid: 1 or more ticks"):
        Bus().every(0, "never", print)


def test_shocks_and_metrics_are_published_by_name():
    bus, seen = Bus(2), []
    for kind in (Shock, Metric):
        bus.listen(kind, lambda batch: seen.append(batch.frame()))
    bus.publish(Shock, tick=3, replica=[0, 1], name="rate shock", size=0.01, phase="start")
    bus.publish(Metric, tick=3, dense=(2,), name="my metric", value=[1.0, np.nan])
    assert seen[0].row(1) == (3, 1, "rate shock", 0.01, "start")
    assert seen[1]["name"].to_list() == ["my metric"] * 2


def test_a_row_at_a_time_can_be_asked_for():
    bus, seen = Bus(), []
    bus.events(Loan).rows().subscribe(lambda loan: seen.append((loan.tick, loan.borrower, loan.amount)))
    bus.publish(
        Loan,
        tick=2,
        replica=[0, 0],
        borrower=[3, 4],
        sector="firms",
        bank=1,
        amount=[50, 60],
        rate_annual=0.1,
    )
    assert seen == [(2, 3, 50), (2, 4, 60)]
