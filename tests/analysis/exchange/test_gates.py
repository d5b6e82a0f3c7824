"""The ten gates: where their ranges come from, who passes, and what cannot be judged."""

import json
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.exchange.gates import CITED, FACTS, GATES, facts_of_market, judge
from analysis.exchange.history import Histories
from analysis.exchange.noise import DRAWS, noise
from analysis.exchange.real import Bars, Scatter, real_series, spreads_of
from analysis.exchange.statistics import DAILY, STATISTICS
from analysis.facts import TooShort
from analysis.run import NoReport


def test_windows_of_real_series_show_what_they_have_always_shown():
    found = {name: [spread.quantile(q) for q in (0.05, 0.5, 0.95)] for name, spread in real(1080).items()}
    assert found["hill"] == pytest.approx([2.61, 3.42, 4.90], abs=0.01)
    assert found["kurtosis"][:2] == pytest.approx([1.15, 3.65], abs=0.02)
    assert found["kurtosis_20"] == pytest.approx([-0.57, 1.01, 4.57], abs=0.02)
    assert found["ac1"] == pytest.approx([-0.128, -0.030, 0.030], abs=0.002)
    assert found["size_1"] == pytest.approx([0.025, 0.184, 0.294], abs=0.002)
    assert found["size_100"] == pytest.approx([-0.016, 0.049, 0.160], abs=0.002)
    assert found["leverage"] == pytest.approx([-0.101, -0.070, 0.019], abs=0.002)
    assert found["volume"] == pytest.approx([0.053, 0.328, 0.489], abs=0.002)


def test_the_whole_of_a_real_series():
    bars = real_series()["sp500"]
    found = {name: float(each[0]) for name, each in bars.statistics(len(bars.closes)).items()}
    assert found["kurtosis"] == pytest.approx(8.2, abs=0.05)
    assert found["hill"] == pytest.approx(2.9, abs=0.05)
    assert found["leverage"] == pytest.approx(-0.08, abs=0.005)


def real(days):
    return spreads_of(real_series(), days)


def test_series_count_alike_however_many_windows_they_have():
    spread = Scatter(np.r_[np.zeros(10), np.ones(1000)], np.r_[np.full(10, 1 / 10), np.full(1000, 1 / 1000)])
    assert spread.quantile(0.4) == 0
    assert spread.quantile(0.6) == 1


def test_every_gate_has_a_range_a_source_and_what_noise_does():
    card = judge(noise(1200))
    assert [gate.name for gate in card.gates] == list(GATES)
    assert {name for names in GATES.values() for name in names} == {
        name for name, each in STATISTICS.items() if each.gate
    }
    for gate in card.gates:
        assert all(row.target.origin for row in gate.rows)
        assert all(row.target.low < row.target.real < row.target.high for row in gate.rows)
        assert gate.noise == pytest.approx(gate.passes.mean())
        assert (gate.sharply <= gate.passes).all()
    assert set(CITED) == set(STATISTICS) - set(DAILY)


def test_noise_passes_few_gates_and_real_windows_most():
    card = judge(noise(1200))
    passed = np.sum([gate.passes for gate in card.gates], axis=0)
    assert np.median(passed) <= 4
    assert np.median(np.sum([gate.sharply for gate in card.gates], axis=0)) <= 2
    assert len(card.controls_by_label()) == 3
    assert all(score > 80 for score in card.controls_by_label().values())


def test_real_windows_are_histories_like_others():
    bars = real_series()["nasdaq"]
    card = judge(bars.windows(1080))
    assert len(card.gates) == 6
    assert card.score == pytest.approx(card.controls["windows of Nasdaq 1999–2018, 6 gates"])


def test_what_cannot_be_judged_is_said():
    card = judge(Histories(noise(1200).closes[:2, :320]))
    assert [gate.name for gate in card.gates] == ["tails", "AC1", "clustering", "leverage"]
    assert "aggregation (320 days, at least 400 are needed)" in card.note
    assert "depth hump" in card.note
    assert card.rows
    assert all(len(row.values) == 2 for row in card.rows)


def test_a_run_longer_than_the_windows_is_told_so():
    days = min(len(bars.closes) for bars in real_series().values())
    card = judge(Histories(noise(days).closes[:1]))
    assert f"made for histories of {card.facts.length} days, these have {days}" in card.note


def test_ranges_may_come_from_a_series_of_ones_own():
    rng = np.random.default_rng(0)
    own = {"own": Bars(np.exp(np.cumsum(0.01 * rng.standard_normal(3000))))}
    card = judge(noise(1200), facts_of_market(lambda: own, {}))
    assert "volume–volatility" in card.facts.unjudged
    assert next(gate for gate in card.gates if gate.name == "tails").noise > 0.3
    assert next(row for row in card.rows if row.name == "hill").target.origin == "1200-day windows of own"


def test_the_draws_of_noise_are_the_same_each_time():
    assert noise(500).closes.shape == (DRAWS, 500)
    first = FACTS.fit(FACTS, noise(500)).noise
    noise.cache_clear()
    assert FACTS.fit(FACTS, noise(500)).noise == first


def test_without_the_library_that_brings_real_series_one_line_says_so(monkeypatch):
    real_series.cache_clear()
    monkeypatch.setitem(sys.modules, "arch.data.sp500", None)
    with pytest.raises(NoReport, match="arch is not installed: valid is the extra `realism`"):
        judge(noise(500))
    monkeypatch.undo()
    real_series.cache_clear()


COLUMNS = ("volume", "spread", "range", "profile", "signs", "parents")


@settings(max_examples=40, deadline=None)
@given(
    days=st.sampled_from((1, 2, 21, 99, 150, 250, 410)),
    kept=st.sets(st.sampled_from(COLUMNS)),
    still=st.sets(st.sampled_from(("closes", *COLUMNS[:4]))),
)
def test_any_histories_are_judged_or_it_is_said_why_not(days, kept, still):
    whole = noise(410)
    lags = ("sign_lags", "sign_products", "sign_pairs")
    names = {name for column in kept for name in (lags if column == "signs" else (column,))}
    found = {name: getattr(whole, name) for name in names}
    cut = {
        name: each if name in (*lags, "profile") else each[:, :days]
        for name, each in found.items()
        if name != "parents"
    }
    cut["closes"] = whole.closes[:, :days]
    cut = {
        name: np.zeros_like(each) + (name == "closes") if name in still else each
        for name, each in cut.items()
    }
    cut = {name: each if name == "sign_lags" else each[:3] for name, each in cut.items()}
    parents = whole.parents[:3] if "parents" in kept else ()
    histories = Histories(parents=parents, **cut)
    if days < 100 and not kept & {"profile", "signs"}:
        with pytest.raises(TooShort, match="no gate can be judged"):
            judge(histories)
        return
    card = judge(histories)
    assert [gate.name for gate in card.gates] == [name for name in GATES if name not in card.facts.unjudged]
    assert all(len(gate.passes) == 3 for gate in card.gates)
    assert isinstance(card.text(), str)
    assert json.loads(json.dumps(card.payload(), allow_nan=False))["periods"] == days
