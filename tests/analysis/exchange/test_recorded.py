"""A recorded exchange as histories, and its scorecard."""

import numpy as np
import polars as pl
import pytest

from analysis import Run, score
from analysis.exchange.gates import FACTS
from analysis.exchange.recorded import recorded
from analysis.facts import TooShort, measure
from analysis.run import NotRecorded
from tests.analysis.exchange.synthetic import DAY, market, write_market


@pytest.fixture
def events():
    return market(replicas=2, instruments=3, days=130)


def test_each_instrument_of_each_replica_is_a_history(events, tmp_path):
    histories, whose = recorded(Run(write_market(tmp_path / "run", events, replicas=2)))
    assert whose == [(r, s) for r in range(2) for s in range(3)]
    mine = events["Bar"].filter((pl.col("replica") == 1) & (pl.col("instrument") == 2)).sort("tick")
    assert np.array_equal(histories.closes[5], mine["closing"].to_numpy())
    assert np.array_equal(histories.volume[5], mine["volume"].to_numpy())
    assert histories.profile.argmax(axis=1).tolist() == [3] * 6
    assert histories.sign_pairs[0].tolist() == [130_000] * 8
    order = events["Parent"].filter((pl.col("replica") == 1) & (pl.col("instrument") == 2))
    assert histories.parents[5].day.tolist() == (order["begun"] // DAY).to_list()
    assert histories.parents[5].sign[:3].tolist() == [1, -1, 1]
    assert histories.parents[5].duration[0] == 51


def test_a_run_is_scored_by_what_it_recorded(events, tmp_path):
    card = score(Run(write_market(tmp_path / "run", events, replicas=2)), FACTS)
    assert [gate.name for gate in card.gates] == [
        "AC1", "leverage", "volume–volatility", "sign memory", "depth hump", "spread–volatility",
    ]  # fmt: skip
    assert card.numbers == (0, 0, 0, 1, 1, 1)
    assert card.periods == 130
    passed = {gate.name: gate.passes.mean() for gate in card.gates}
    assert passed["depth hump"] == passed["sign memory"] == passed["spread–volatility"] == 1
    assert "impact (130 days, at least 180 are needed)" in card.note
    for gate in card.gates:
        assert gate.name in card.text()


def test_what_was_not_recorded_is_not_judged(events, tmp_path):
    kept = {"Bar": events["Bar"]}
    card = score(Run(write_market(tmp_path / "run", kept, replicas=2)), FACTS)
    assert [gate.name for gate in card.gates] == [
        "AC1",
        "leverage",
        "volume–volatility",
        "spread–volatility",
    ]
    assert "sign memory (no trade signs)" in card.note
    with pytest.raises(NotRecorded, match="no bars of whole days"):
        score(
            Run(write_market(tmp_path / "bare", {"Halt": events["Halt"], "Bar": events["Bar"].clear()})),
            FACTS,
        )


def test_days_with_holes_are_refused(events, tmp_path):
    thinned = {"Bar": events["Bar"].filter(pl.int_range(pl.len()) != 5)}
    with pytest.raises(NotRecorded, match="no bars of whole days"):
        recorded(Run(write_market(tmp_path / "run", thinned)))


def test_histories_that_nothing_struck_have_to_be_recorded(events, tmp_path):
    first = {name: rows.filter(pl.col("replica") == 0) for name, rows in events.items()}
    struck = [{"shock": "news", "tick": 9000, "until": None, "hit": [0]}]
    run = Run(write_market(tmp_path / "run", first, replicas=2, strikes=struck))
    with pytest.raises(NotRecorded, match=r"no bars of replicas 1 .*--record replicas=all"):
        score(run, FACTS)


def test_series_are_no_histories_of_a_market():
    with pytest.raises(TooShort, match="recorded events"):
        measure({"price": np.ones((2, 50))}, FACTS)
