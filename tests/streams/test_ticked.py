"""Batches of many ticks: what they know, how they are told, and that a cut changes neither sums nor files."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams import Bus, col, event, f8, i4, i8
from streams import recorder as recording
from streams.recorder import Recorder


@event
class Fill:
    """A unit changes hands."""

    price: i8 = col("cent", "paid")
    share: f8 = col("1", "a float")
    side: i4 = col("1", "the same in every row")


@event
class Quote:
    """A price is posted."""

    price: i8 = col("cent", "asked")


def published(bus, start, until, replica, ticks, now=lambda tick: None, **columns):
    """One span that publishes fills."""
    bus.advance(start)
    bus.gather(start, until)
    n = np.arange(len(ticks))
    given = {"price": n * 10, "share": 1 / (n + 3), "side": 1} | columns
    bus.publish_columns(Fill, start, np.asarray(replica, np.int32), None, given, ticks)
    bus.tell(until, now)


def taken(replicas, replica, ticks, **columns):
    """The batch that a whole listener gets."""
    bus, seen = Bus(replicas), []
    bus.listen(Fill, seen.append, whole=True)
    published(bus, 0, 10, replica, ticks, **columns)
    return seen[0]


def test_a_batch_of_many_ticks_has_ticks_and_no_tick():
    batch = taken(2, [0, 0, 1], [3, 4, 3])
    assert batch.ticks.tolist() == [3, 4, 3]
    assert not batch.ticks.flags.writeable
    with pytest.raises(TypeError, match=r"Batch\(Fill, ticks=3 to 4, rows=3\) has a tick for each row"):
        batch.tick  # noqa: B018
    assert batch.counts.tolist() == [2, 1]
    assert [row.tick for row in batch.rows()] == [3, 4, 3]
    assert batch.frame()["tick"].to_list() == [3, 4, 3]


def test_parts_of_it_keep_their_ticks():
    batch = taken(2, [0, 0, 1], [3, 4, 3])
    assert batch.of(0).ticks.tolist() == [3, 4]
    assert batch.of(1).ticks.tolist() == [3]
    later = batch.where(batch.ticks > 3)
    assert (later.ticks.tolist(), later.price.tolist(), later.side.tolist()) == ([4], [10], [1])
    assert batch.part(0, 2) is batch


def test_one_batch_a_tick_comes_in_time_order_and_sorted_by_replica():
    parts = list(taken(3, [0, 0, 1, 2, 2], [3, 5, 1, 3, 9]).by_tick())
    assert [(part.tick, part.replica.tolist(), part.price.tolist()) for part in parts] == [
        (1, [1], [20]), (3, [0, 2], [0, 30]), (5, [0], [10]), (9, [2], [40]),
    ]  # fmt: skip
    assert [part.only("side") for part in parts] == [1] * 4


def test_an_ordinary_batch_has_one_tick_in_every_row():
    bus, seen = Bus(), []
    bus.listen(Quote, seen.append, whole=True)
    bus.publish(Quote, tick=4, replica=[0, 0], price=[1, 2])
    assert seen[0].ticks.tolist() == [4, 4]
    assert list(seen[0].by_tick()) == seen


def test_sums_of_floats_are_taken_row_after_row():
    rows = 1000
    share = 1 / np.arange(1.0, rows + 1)
    batch = taken(1, np.zeros(rows), np.repeat(np.arange(10), 100), share=share)
    expected, total = np.zeros(1), 0.0
    for value in share.tolist():
        total += value
    batch.add("share", expected)
    assert expected[0] == batch.total("share")[0] == total


def test_several_types_are_told_tick_by_tick_in_the_order_published():
    bus, seen = Bus(), []
    for kind in (Fill, Quote):
        bus.listen(kind, lambda batch: seen.append((batch.tick, batch.event.__name__)))
    bus.advance(0)
    bus.gather(0, 9)
    none = np.zeros(2, np.int32)
    bus.publish_columns(Quote, 0, none, None, {"price": 1}, [4, 5])
    bus.publish_columns(Fill, 0, none, None, {"price": 1, "share": 0.5, "side": 1}, [3, 4])
    assert seen == []
    bus.tell(9, lambda tick: None)
    assert seen == [(3, "Fill"), (4, "Quote"), (4, "Fill"), (5, "Quote")]


def test_time_moves_on_before_each_tick_is_told_and_to_the_end_of_the_span():
    bus, seen = Bus(), []
    bus.listen(Fill, lambda batch: seen.append(("told", batch.tick, bus.tick)))
    bus.every(4, "period", lambda tick: seen.append(("over", tick, bus.tick)))
    published(bus, 0, 10, [0, 0], [3, 6], now=lambda tick: seen.append(("now", tick)))
    assert seen == [
        ("now", 3), ("told", 3, 3), ("now", 4), ("over", 3, 3), ("now", 6), ("told", 6, 6), ("now", 8),
        ("over", 7, 7), ("now", 9),
    ]  # fmt: skip


def test_what_an_observer_publishes_while_it_is_told_comes_before_the_next_tick():
    bus, seen = Bus(), []
    bus.listen(Fill, lambda batch: bus.publish(Quote, tick=batch.tick, replica=0, price=batch.price[:1]))
    for kind in (Fill, Quote):
        bus.listen(kind, lambda batch: seen.append((batch.tick, batch.event.__name__)))
    published(bus, 0, 9, [0, 0], [3, 4])
    assert seen == [(3, "Fill"), (3, "Quote"), (4, "Fill"), (4, "Quote")]


def test_a_span_that_failed_is_told_of_the_ticks_before():
    bus, single, whole = Bus(), [], []
    bus.listen(Fill, lambda batch: single.append(batch.tick))
    bus.listen(Fill, lambda batch: whole.append(batch.ticks.tolist()), whole=True)
    bus.advance(0)
    bus.gather(0, 9)
    columns = {"price": 1, "share": 0.5, "side": 1}
    bus.publish_columns(Fill, 0, np.zeros(3, np.int32), None, columns, [3, 5, 6])
    bus.tell(5, lambda tick: None, failed=True)
    assert (single, whole, bus.tick) == ([3], [[3]], 5)


def test_whoever_stopped_listening_is_told_nothing_more():
    bus, seen = Bus(), []
    stops = [bus.listen(Fill, seen.append, whole=whole) for whole in (False, True)]
    stops[0]()
    published(bus, 0, 5, [0], [1])
    stops[1]()
    assert not bus.wants(Fill)
    published(bus, 5, 9, [0], [6])
    assert [batch.ticks.tolist() for batch in seen] == [[1]]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"ticks": [1, 2], "replica": [0]}, r"ticks with shape \(2,\) given"),
        ({"ticks": [1.5], "replica": [0]}, r"Fill.tick: float64 given; valid: int32"),
        ({"ticks": [1], "dense": (1, 1)}, r"ticks with dense=\(1, 1\) given"),
    ],
)
def test_ticks_of_another_shape_or_kind_are_refused(given, said):
    bus = Bus()
    bus.listen(Fill, print)
    bus.gather(0, 9)
    columns = {"price": 1, "share": 0.5, "side": 1}
    with pytest.raises((TypeError, ValueError), match=said):
        bus.publish_columns(Fill, 0, given.get("replica"), given.get("dense"), columns, given["ticks"])


@settings(max_examples=30)
@given(
    rows=st.lists(st.tuples(st.integers(0, 2), st.integers(-5, 40)), max_size=120),
    cuts=st.sets(st.integers(-4, 40)),
    chosen=st.sampled_from([[0, 1, 2], [1], [0, 2]]),
    every=st.sampled_from([1, 3]),
)
def test_files_and_folds_are_the_same_however_a_span_is_cut(tmp_path_factory, rows, cuts, chosen, every):
    replica, ticks = (np.array(each, np.int32) for each in zip(*sorted(rows))) if rows else ([], [])
    replica, ticks = np.asarray(replica, np.int32), np.asarray(ticks, np.int32)
    share = 1 / (np.arange(len(ticks)) + 3.0)

    def outcome(cuts):
        bus = Bus(3)
        recorder = Recorder(tmp_path_factory.mktemp("run"), bus, every=every, replicas=chosen)
        memory = bus.fold(Fill, "f", {"s": np.zeros(3)}, lambda b, m: b.add("share", m["s"]), whole=True)
        for start, until in zip([-5, *cuts], [*cuts, 41]):
            keep = (start <= ticks) & (ticks < until)
            columns = {"share": share[keep], "price": ticks[keep].astype(np.int64)}
            if keep.any():
                published(bus, start, until, replica[keep], ticks[keep], **columns)
        recorder.seal(1)
        return recorder.segments, memory["s"].tolist()

    recording.SEGMENT_ROWS, before = 7, recording.SEGMENT_ROWS
    try:
        assert outcome(sorted(cuts)) == outcome([]) == outcome(range(-4, 41))
    finally:
        recording.SEGMENT_ROWS = before
