"""Figures and report of a recorded exchange."""

import json
from importlib import import_module

import numpy as np
import polars as pl
import pytest

from analysis import Run
from analysis.exchange import real
from analysis.exchange.figures import FIGURES, draw, memory, price
from analysis.exchange.market import Market
from analysis.exchange.report import write_report
from analysis.figures.style import Unavailable
from analysis.run import NotRecorded
from tests.analysis.exchange.synthetic import market, write_market


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    events = market(days=240, orders=6000)
    return Run(write_market(tmp_path_factory.mktemp("runs") / "run", events))


def test_a_report_says_first_what_happened_then_which_gates_were_passed(run):
    made = write_report(run)
    assert made == [*(f"figures/{name}.png" for name in (*FIGURES, "gates")), "scorecard.json", "report.html"]
    assert all((run.path / name).is_file() for name in made)
    html = (run.path / "report.html").read_text()
    bars = run.events("Bar").collect()["closing"].to_numpy()
    change = 100 * (bars[-1] / bars[0] - 1)
    body = html[html.index("</nav>") :]
    assert body.index(f"240 days: the price moved by {change:.0f} %".replace("-", "−")) < body.index("<h2")
    assert "4 halts" in html
    card = json.loads((run.path / "scorecard.json").read_text())
    passed = sum(gate["pass_share"] for gate in card["gates"])
    assert f"{passed:.0f} of {len(card['gates'])} gates passed, 2 not judged" in html
    assert html.count("data:image/png") == len(FIGURES) + 1


def test_a_figure_without_its_events_is_a_note(tmp_path):
    events = market(days=30)
    kept = {name: events[name] for name in ("Bar", "Halt")}
    bare = Run(write_market(tmp_path / "run", kept))
    files, notes = draw(Market(bare))
    assert set(files) == {"price", "liquidity"}
    assert notes["depth"] == "no Profile events were recorded"
    assert notes["impact"] == "no large orders were recorded"
    assert "at least 200" in notes["memory"]
    assert "report.html" in write_report(bare)


def test_a_run_without_bars_has_no_report(tmp_path):
    with pytest.raises(NotRecorded, match="no Bar events"):
        write_report(Run(write_market(tmp_path / "run", {"Halt": market(days=30)["Halt"]}, days=30)))


def test_a_day_is_enough_for_a_report(tmp_path):
    one = Run(write_market(tmp_path / "run", market(days=1)))
    assert "report.html" in write_report(one)
    assert "1 days" not in (one.path / "report.html").read_text()


def test_halts_are_counted_by_day(run):
    halts = Market(run).halts()
    assert halts.sum() == 4
    figure = price(Market(run))
    assert any("4 halts on" in ax.get_title(loc="left") for ax in figure.axes)


def test_without_real_series_memory_has_no_band(run, monkeypatch):
    def absent():
        raise real.NotInstalled("not here")

    with_band = memory(Market(run))
    monkeypatch.setattr(import_module("analysis.exchange.figures.memory"), "real_series", absent)
    without = memory(Market(run))
    assert len(without.axes[0].collections) < len(with_band.axes[0].collections)


def test_many_histories_are_drawn_together(tmp_path):
    events = market(replicas=2, instruments=2, days=210, orders=1000)
    both = Market(Run(write_market(tmp_path / "run", events, replicas=2)))
    assert both.histories.count == 4
    made = write_report(both.run)
    assert made[: len(FIGURES)] == [f"figures/{name}.png" for name in FIGURES]
    assert "median of 4 markets" in (both.run.path / "report.html").read_text()


def test_a_market_that_stands_still_is_reported_as_well(tmp_path):
    events = market(days=240, orders=2000)
    still = pl.col("closing").first()
    events["Bar"] = events["Bar"].with_columns(opening=still, high=still, low=still, closing=still)
    events["Trade"] = events["Trade"].with_columns(price=1_000_000)
    run = Run(write_market(tmp_path / "run", events))
    made = write_report(run)
    assert {f"figures/{name}.png" for name in ("price", "liquidity", "intraday")} <= set(made)
    assert (run.path / "report.html").read_text().count("prices did not move") == 2


def test_impact_needs_orders_after_the_burn_in(tmp_path):
    few = Market(Run(write_market(tmp_path / "run", market(days=200, orders=20))))
    with pytest.raises(Unavailable, match="large orders after day 120"):
        FIGURES["impact"](few)
    assert np.isfinite(few.histories.closes).all()
