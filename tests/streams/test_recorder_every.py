"""Of each span of time the first instant is recorded, whatever its tick, in whatever pieces it comes."""

from itertools import groupby

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from streams import Bus
from streams.macro.events import Hire
from streams.recorder import Recorder, _Table


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 60), min_size=1, max_size=12, unique=True), st.integers(1, 20), st.data())
def test_of_each_span_the_first_instant_is_recorded_in_whatever_pieces_it_comes(ticks, every, data):
    ticks = sorted(ticks)
    bus = Bus(1)
    table = _Table(Hire, "Hire", every, [(0, 1)], bus, bus.keep("recorder", {}))
    cut = data.draw(st.integers(0, len(ticks)))
    kept = [tick for tick in ticks[:cut] if table._first(np.array([tick]))[0]]
    again = Bus(1)
    again.restore(bus.memory())  # a resume in between
    table = _Table(Hire, "Hire", every, [(0, 1)], again, again.keep("recorder", {}))
    rest = np.array(ticks[cut:], np.int64)
    kept += rest[table._first(rest)].tolist() if rest.size else []
    assert kept == [group[0] for group in _grouped(ticks, every)]


def _grouped(ticks, every):
    return [list(group) for _, group in groupby(ticks, key=lambda tick: tick // every)]


def test_two_batches_of_the_recorded_instant_are_both_recorded(tmp_path):
    bus = Bus(1)
    recorder = Recorder(tmp_path, bus, every=4)
    for tick in (3, 3, 5, 7):
        bus.publish(Hire, tick=tick, replica=0, firm=0, household=1, wage_monthly=1)
    recorder.finish()
    found = pl.read_parquet(tmp_path / "events" / "Hire" / "00000.parquet")
    assert found["tick"].to_list() == [3, 3, 5]
