"""The recorder loses nothing that was sealed, notices every flipped bit, and resumes exactly."""

import json

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams import Bus, col, event, f8, i4, metrics
from streams import recorder as recording
from streams.events import Metric, Shock
from streams.macro.events import Balance, Hire, Trade, Wealth
from streams.macro.metrics import METRICS
from streams.recorder import Recorder
from streams.segments import DamagedSegment, verify


@event(series=True)
class Accounts:
    """A quarter of one replica."""

    quarter: i4 = col("number", "quarter since tick 0")
    gdp: f8 = col("cent", "output")


def trade(bus, tick):
    noise = np.random.default_rng(tick + 1000)
    counts = noise.integers(1, 6, bus.replicas)
    n = int(counts.sum())
    bus.publish(
        Trade,
        tick=tick,
        replica=np.repeat(np.arange(bus.replicas, dtype=np.int32), counts),
        market="consumption",
        buyer=noise.integers(0, 9, n).astype(np.int32),
        seller=0,
        quantity=noise.random(n),
        price=noise.integers(1, 9, n),
        amount=noise.integers(1, 99, n),
    )


def live(bus, ticks):
    """A small economy, the same at every call."""
    for tick in ticks:
        bus.advance(tick)
        trade(bus, tick)
        if tick % 4 == 3:
            bus.publish(
                Wealth, tick=tick, dense=(bus.replicas, 3), amount=np.arange(bus.replicas * 3).reshape(-1, 3)
            )
        if tick % 12 == 11:
            values = np.arange(bus.replicas) + tick / 10
            bus.publish(Accounts, tick=tick, dense=(bus.replicas,), quarter=tick // 12, gdp=values)
    bus.advance(ticks[-1] + 1)


def recorded(folder, name):
    return pl.scan_parquet(sorted((folder / "events" / name).glob("*.parquet"))).collect()


def started(folder, count=3, **options):
    bus = Bus(count)
    metrics.install(bus, METRICS)
    return bus, Recorder(folder, bus, **options)


def files(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_by_default_metrics_and_series_of_all_replicas_and_events_of_the_first_are_recorded(tmp_path):
    bus, recorder = started(tmp_path)
    live(bus, range(-4, 24))
    recorder.finish()
    assert set(recorded(tmp_path, "Metric")["replica"]) == {0, 1, 2}
    assert recorded(tmp_path, "Accounts").height == 6
    trades = recorded(tmp_path, "Trade")
    assert set(trades["replica"]) == {0}
    assert trades.columns[:3] == ["tick", "replica", "market"]
    assert trades["market"].unique().to_list() == ["consumption"]


def test_what_is_recorded_is_what_was_published(tmp_path):
    bus, recorder = started(tmp_path, events="all")
    seen = []
    bus.listen(Trade, lambda batch: seen.append(batch.frame()))
    live(bus, range(10))
    recorder.finish()
    assert recorded(tmp_path, "Trade").equals(pl.concat(seen))


def test_the_warm_up_is_not_recorded(tmp_path):
    bus, recorder = started(tmp_path)
    live(bus, range(-8, 4))
    recorder.finish()
    assert recorded(tmp_path, "Trade")["tick"].to_list()[0] == 0


def test_dense_snapshots_are_recorded_with_their_agents(tmp_path):
    bus, recorder = started(tmp_path, count=2)
    live(bus, range(4))
    recorder.finish()
    assert recorded(tmp_path, "Wealth").to_dict(as_series=False) == {
        "tick": [3, 3, 3],
        "replica": [0, 0, 0],
        "agent": [0, 1, 2],
        "amount": [0, 1, 2],
    }


def test_event_types_instants_and_replicas_can_be_selected(tmp_path):
    bus, recorder = started(tmp_path, events=[Wealth, "Trade"], every=5, replicas=[2, 0])
    live(bus, range(12))
    bus.publish(Hire, tick=10, replica=0, firm=0, household=1, wage_monthly=1)
    recorder.finish()
    trades = recorded(tmp_path, "Trade")
    assert set(trades["tick"]) == {0, 5, 10}
    assert set(trades["replica"]) == {0, 2}
    assert not bus.wants(Hire)
    assert not (tmp_path / "events" / "Hire").exists()
    assert recorded(tmp_path, "Metric")["tick"].unique().to_list() == [3, 7, 11]


def test_neighbouring_replicas_are_cut_as_one_piece(tmp_path):
    bus, recorder = started(tmp_path, replicas=[1, 2])
    live(bus, range(3))
    recorder.finish()
    assert recorded(tmp_path, "Trade")["replica"].unique().sort().to_list() == [1, 2]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"every": 0}, "recorder: every=0 given; valid: 1 or more ticks"),
        ({"events": "some"}, "recorder: events='some' given; valid: 'default', 'all'"),
        ({"events": ["Trades"]}, "recorder: no event type is named 'Trades'; the nearest is Trade"),
        ({"replicas": [3]}, "recorder: replica index 3 given; valid: 0 to 2"),
    ],
)
def test_what_cannot_be_recorded_is_refused(tmp_path, options, message):
    with pytest.raises(ValueError, match=message):
        Recorder(tmp_path, Bus(3), **options)


def test_the_final_tables_hold_metrics_and_series_of_all_replicas(tmp_path):
    bus, recorder = started(tmp_path)
    live(bus, range(24))
    written = recorder.finish()
    assert [segment["file"] for segment in written] == ["metrics.parquet", "series.parquet"]
    verify(tmp_path, written)
    table = pl.read_parquet(tmp_path / "metrics.parquet")
    assert table.columns == ["tick", "replica", "name", "value"]
    assert table.height == recorded(tmp_path, "Metric").height
    series = pl.read_parquet(tmp_path / "series.parquet")
    assert series["tick"].to_list() == [11, 23] * 3
    rows = series.drop("tick").rows()
    assert rows == [(0, 0, 1.1), (0, 1, 2.3), (1, 0, 2.1), (1, 1, 3.3), (2, 0, 3.1), (2, 1, 4.3)]
    assert series.columns == ["tick", "replica", "quarter", "gdp"]


def test_series_that_share_a_column_are_refused_by_name(tmp_path):
    @event(series=True)
    class Others:
        """Other accounts."""

        gdp: f8 = col("dollar")

    bus, _ = started(tmp_path, count=1)
    live(bus, range(24))
    with pytest.raises(ValueError, match=r"Others and .*Accounts both have a column gdp"):
        bus.publish(Others, tick=23, dense=(1,), gdp=1.5)


def test_several_series_are_joined_by_instant(tmp_path):
    @event(series=True)
    class Prices:
        """Prices of a quarter."""

        level: f8 = col("index")

    bus, recorder = started(tmp_path, count=1)
    live(bus, range(24))
    bus.publish(Prices, tick=23, dense=(1,), level=1.5)
    recorder.finish()
    series = pl.read_parquet(tmp_path / "series.parquet")
    assert series.columns == ["tick", "replica", "quarter", "gdp", "level"]
    assert series["level"].to_list() == [None, 1.5]


def test_a_run_too_short_for_metrics_still_has_a_table_of_them(tmp_path):
    bus, recorder = started(tmp_path)
    live(bus, range(2))
    recorder.finish()
    table = pl.read_parquet(tmp_path / "metrics.parquet")
    assert (table.height, table.columns) == (0, ["tick", "replica", "name", "value"])


def test_sealing_writes_large_tables_and_leaves_small_ones_to_the_checkpoint(tmp_path):
    bus, recorder = started(tmp_path)
    live(bus, range(8))
    assert {segment["event"] for segment in recorder.seal()} == {"Metric"}
    assert "recorder.Trade/amount" in bus.memory()
    assert {segment["event"] for segment in recorder.seal(1)} == {"Metric", "Trade", "Wealth"}
    assert [name for name in bus.memory() if name.startswith("recorder")] == ["recorder.types"]


def test_a_table_that_grows_too_large_is_written_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(recording, "SEGMENT_ROWS", 10)
    bus, recorder = started(tmp_path)
    live(bus, range(30))
    sizes = [segment["rows"] for segment in recorder.segments if segment["event"] == "Trade"]
    assert len(sizes) > 3
    assert all(10 <= size < 15 for size in sizes)


@pytest.mark.parametrize("rows", [1, recording.SEALED_ROWS])
@pytest.mark.parametrize("crash", [13, 23])
def test_a_killed_run_resumes_to_the_same_tables(tmp_path, rows, crash):
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    bus, recorder = started(whole)
    live(bus, range(40))
    recorder.finish()

    bus, recorder = started(killed)
    live(bus, range(10))
    sealed = json.loads(json.dumps(recorder.seal(rows)))
    memory = {name: array.copy() for name, array in bus.memory().items()}
    live(bus, range(10, crash))
    recorder.seal(1)
    (killed / "events" / "Trade" / "00009.parquet.tmp").write_bytes(b"half a segm")
    (killed / "metrics.parquet").write_bytes(b"of an earlier end")

    bus = Bus(3)
    bus.restore(memory)
    metrics.install(bus, METRICS)
    recorder = Recorder(killed, bus)
    recorder.restore(sealed)
    assert set(files(killed)) == {segment["file"] for segment in sealed}
    live(bus, range(10, 40))
    recorder.finish()
    for name in ("Trade", "Wealth", "Metric", "Accounts"):
        assert recorded(killed, name).equals(recorded(whole, name))
    for name in ("metrics.parquet", "series.parquet"):
        assert files(killed)[name] == files(whole)[name]


def test_a_run_killed_between_its_last_checkpoint_and_its_end_finishes_from_the_checkpoint(tmp_path):
    bus, recorder = started(tmp_path)
    live(bus, range(24))
    sealed = recorder.seal()
    memory = {name: array.copy() for name, array in bus.memory().items()}
    recorder.finish()
    before = files(tmp_path)

    bus = Bus(3)
    bus.restore(memory)
    recorder = Recorder(tmp_path, bus)
    recorder.restore(sealed)
    recorder.finish()
    assert files(tmp_path) == before


def test_a_checkpoint_with_events_that_are_no_longer_declared_is_refused(tmp_path):
    bus, recorder = started(tmp_path)
    recorder.seal()
    memory = bus.memory()
    memory["recorder.types"] = np.frombuffer(b'{"worlds.lost:Gone": "Gone"}', np.uint8)
    resumed = Bus(3)
    resumed.restore(memory)
    with pytest.raises(ValueError, match=r"has events of type worlds\.lost:Gone; here it is not declared"):
        Recorder(tmp_path, resumed).finish()


def test_a_recorder_made_before_the_bus_is_restored_resumes_too(tmp_path):
    bus, recorder = started(tmp_path)
    live(bus, range(6))
    sealed, memory = recorder.seal(), bus.memory()
    resumed, recorder = started(tmp_path)
    resumed.restore(memory)
    recorder.restore(sealed)
    live(resumed, range(6, 12))
    recorder.finish()
    assert recorded(tmp_path, "Trade")["tick"].unique().sort().to_list() == list(range(12))


def test_a_crash_while_writing_leaves_the_earlier_segments_readable(tmp_path, monkeypatch):
    bus, recorder = started(tmp_path)
    live(bus, range(8))
    sealed = recorder.seal(1)
    before = recorded(tmp_path, "Trade")
    monkeypatch.setattr(
        "streams.segments.os.fsync", lambda handle: (_ for _ in ()).throw(OSError(28, "disk full"))
    )
    live(bus, range(8, 12))
    with pytest.raises(OSError, match="disk full"):
        recorder.seal(1)
    assert recorded(tmp_path, "Trade").equals(before)
    verify(tmp_path, sealed)


@given(st.data())
@settings(max_examples=25)
def test_a_single_flipped_bit_is_found(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("run")
    bus, recorder = started(folder, count=1)
    live(bus, range(4))
    sealed = recorder.seal(1)
    verify(folder, sealed)
    segment = data.draw(st.sampled_from(sealed))
    content = bytearray((folder / segment["file"]).read_bytes())
    bit = data.draw(st.integers(0, 8 * len(content) - 1))
    content[bit // 8] ^= 1 << bit % 8
    (folder / segment["file"]).write_bytes(content)
    with pytest.raises(DamagedSegment, match=f"{segment['file']}: damaged: its hash is .*, sealed was"):
        Recorder(folder, Bus()).restore(sealed)


def test_a_missing_or_shortened_segment_is_found(tmp_path):
    bus, recorder = started(tmp_path)
    live(bus, range(4))
    sealed = recorder.seal(1)
    file = tmp_path / sealed[0]["file"]
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(DamagedSegment, match="damaged"):
        verify(tmp_path, sealed)
    file.unlink()
    with pytest.raises(DamagedSegment, match="sealed by the recorder, but now: No such file"):
        verify(tmp_path, sealed)


def test_recording_does_not_change_what_others_see(tmp_path):
    seen = {}
    for recorder in (None, Recorder):
        bus = Bus(3)
        metrics.install(bus, METRICS)
        if recorder:
            recorder(tmp_path, bus)
        batches = seen[recorder] = []
        bus.events(Metric).subscribe(lambda batch, batches=batches: batches.append(batch.frame()))
        live(bus, range(30))
    assert pl.concat(seen[None]).equals(pl.concat(seen[Recorder]))


def test_names_given_while_running_are_recorded_as_names(tmp_path):
    bus, recorder = started(tmp_path, count=1)
    for tick, name in ((0, "storm"), (4, "strike")):
        bus.publish(Shock, tick=tick, replica=0, name=name, size=1.0, phase="start")
        recorder.seal()
    assert recorded(tmp_path, "Shock")["name"].to_list() == ["storm", "strike"]


def test_the_state_describes_columns_with_their_units(tmp_path):
    bus, recorder = started(tmp_path, count=2, numbers=[7, 7])
    bus.publish(Balance, tick=0, dense=(2, 1), sector=0, deposits=1, loans=0, bills=0, net_worth=1)
    state = json.loads(json.dumps(recorder.state()))
    assert state["numbers"] == [7, 7]
    assert state["schema"]["Balance"]["deposits"]["unit"] == "cent"
    assert state["segments"] == []


def other_trade():
    """An event type of another module that is called as one of the macro economy's."""
    body = {"__doc__": "Barter.", "__module__": "elsewhere", "__annotations__": {"x": i4}, "x": col("goods")}
    return event(type("Trade", (), body))


def test_two_event_types_with_one_name_are_recorded_side_by_side_and_resume(tmp_path):
    other = other_trade()
    for place in ("whole", "cut"):
        bus = Bus()
        recorder = Recorder(tmp_path / place, bus)
        for tick in range(8):
            if place == "cut" and tick == 5:
                memory = {name: array.copy() for name, array in bus.memory().items()}
                sealed, bus = recorder.seal(), Bus()
                memory |= {name: array.copy() for name, array in recorder._bus.memory().items()}
                bus.restore(memory)
                bus.wants(other)
                recorder = Recorder(tmp_path / place, bus)
                bus.publish(other, tick=tick, replica=0, x=-1)
                recorder.restore(sealed)
            trade(bus, tick)
            bus.publish(other, tick=tick, replica=0, x=tick)
        recorder.finish()
        assert recorder.state()["types"]["Trade"] == "streams.macro.events:Trade"
        assert recorder.state()["types"]["elsewhere:Trade"] == "elsewhere:Trade"
    found = [recorded(tmp_path / place, "elsewhere.Trade")["x"].to_list() for place in ("whole", "cut")]
    assert found == [list(range(8)), list(range(8))]
    assert recorded(tmp_path / "cut", "Trade").equals(recorded(tmp_path / "whole", "Trade"))
