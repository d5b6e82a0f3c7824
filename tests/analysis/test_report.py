"""The plain report: what any world with series or metrics can show."""

import numpy as np
import polars as pl
import pytest

from analysis import Run
from analysis.figures.through_time import Path, through_time
from analysis.report import paths, plain_report
from analysis.run import NoReport
from streams.sealed import write_json
from tests.analysis.macro.test_report import Tags

SCHEMA = {"Weather": {"rain": {"unit": "mm", "doc": "of the <day>"}, "wind": {"unit": "m/s", "doc": ""}}}


def folder(tmp_path, replicas=3, days=8, **manifest):
    """A finished run of a world with a year of eight days and a daily series."""
    tmp_path.mkdir(exist_ok=True)
    content = {
        "world": "weather", "seed": 1, "digest": "f00", "until": days, "ticks_per_year": 8, "schema": SCHEMA,
        "series": ["Weather"], "calendar": {"year": 8, "day": 1}, "status": "finished",
        "command": "simengine run weather", "data_sheet": "ASSUMED rain", "numbers": list(range(replicas)),
        "segments": [{"event": "Weather", "file": "events/Weather/0.parquet", "rows": replicas * days}],
    }  # fmt: skip
    write_json(tmp_path / "manifest.json", content | manifest)
    return tmp_path


def series(place, replicas=3, days=8):
    replica, tick = (index.ravel() for index in np.indices((replicas, days)))
    weather = {"rain": tick + 10.0 * replica, "wind": np.full(len(tick), 2.0)}
    pl.DataFrame({"tick": tick, "replica": replica, **weather}).write_parquet(place / "series.parquet")


def test_a_daily_series_has_its_own_period_units_and_years(tmp_path):
    series(place := folder(tmp_path))
    run = Run(place, verify=False)
    assert run.period == "day"
    assert run.units == {"rain": "mm", "wind": "m/s"}
    found = paths(run)["rain"]
    assert found.unit == "mm"
    assert found.values[2].tolist() == [20.0 + day for day in range(8)]
    assert found.years.tolist() == [(1 + day) / 8 for day in range(8)]


def test_the_page_says_first_what_was_run_and_shows_series_events_and_how_to_repeat(tmp_path):
    series(place := folder(tmp_path))
    assert plain_report(Run(place, verify=False)) == ["figures/through_time.png", "report.html"]
    page = (place / "report.html").read_text()
    assert "<h1>weather: 3 histories of 1 year</h1>" in page
    assert "of the &lt;day&gt;, mm" in page
    assert "<td class='n'>24</td>" in page
    assert "ASSUMED rain" in page
    assert "simengine run weather" in page
    tags = Tags(page)
    assert tags.open == []
    assert all(address.startswith(("#", "data:")) for address in tags.addresses)


def test_without_series_metrics_are_drawn_where_they_were_measured(tmp_path):
    place = folder(tmp_path, series=[], segments=[])
    rows = {"tick": [1, 3, 3], "replica": [0, 0, 1], "name": ["cold"] * 3, "value": [1.0, 2.0, 3.0]}
    pl.DataFrame(rows).write_parquet(place / "metrics.parquet")
    found = paths(Run(place))["cold"]
    np.testing.assert_array_equal(found.values, [[1.0, 2.0], [np.nan, 3.0]])
    assert found.years.tolist() == [0.25, 0.5]
    assert "report.html" in plain_report(Run(place))


@pytest.mark.parametrize("value", [1.0, np.nan])
def test_one_history_and_a_number_that_was_never_defined_draw_too(tmp_path, value):
    place = folder(tmp_path, series=[], segments=[])
    rows = {"tick": [1, 3], "replica": [0, 0], "name": ["cold"] * 2, "value": [value, value]}
    pl.DataFrame(rows).write_parquet(place / "metrics.parquet")
    plain_report(Run(place))
    assert "one history" in (place / "report.html").read_text()


def test_a_run_that_measures_nothing_has_no_report(tmp_path):
    with pytest.raises(NoReport, match="world 'weather' has neither series nor metrics"):
        plain_report(Run(folder(tmp_path), verify=False))


def test_large_numbers_are_said_on_their_ticks():
    years = np.arange(4.0)
    figure = through_time("a run", {"credit": Path("cent", years, 7.7e7 + 1e6 * years[None])})
    (ax,) = figure.axes
    said = [text.get_text() for text in ax.get_yticklabels()]
    assert all(text.endswith(" M") for text in said)
    assert len(set(said)) == len(said)
    assert ax.yaxis.get_offset_text().get_text() == ""
