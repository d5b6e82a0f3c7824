"""The audit on disk, in print, as a figure and in a report."""

from dataclasses import replace

import numpy as np
import pytest

from analysis import Run
from analysis.audit import FLOOR, LABELS, Kept, Removal, Share, examine, load, save, tables, text
from analysis.figures import save as save_figure
from analysis.figures.audit import audit_figure
from analysis.macro import report
from analysis.macro.facts import FACTS
from analysis.macro.report import write_report
from streams.sealed import read_json, write_json
from tests.analysis.macro.synthetic import economy, write_run
from tests.analysis.macro.test_report import Tags

COMMAND = "python -m simengine audit macro --seed 2"
NAN = (np.nan, np.nan, np.nan)
SHARES = (
    Share("credit_shock", "cycle", (0.3, 0.2, 0.4), (0.25, 0.2, 0.3)),
    Share(FLOOR, "cycle", NAN, (0.1, 0.05, 0.15)),
    Share("credit_shock", "growth", (0.35, 0.3, 0.4), NAN),
    Share(FLOOR, "growth", NAN, (0.1, 0.05, 0.15)),
)


@pytest.fixture(scope="module")
def kept():
    """All 50 facts, five removals that do something, one fact undefined in one arm, one arm broken."""
    rng = np.random.default_rng(3)
    base = {fact: t.real + t.sd * 0.5 * rng.normal(size=12) for fact, t in FACTS.targets.items()}
    base["beveridge"] += 5 * FACTS.targets["beveridge"].sd
    off = {}
    for k, name in enumerate(("habit", "hours", "inventories", "wage_shock", "government_shock")):
        hit = rng.random(50) < 0.2
        off[Removal(name, "shock" if name.endswith("shock") else "mechanism")] = {
            fact: base[fact] + t.sd * (4 * hit[f] * (-1) ** k + 0.2 * rng.normal(size=12))
            for f, (fact, t) in enumerate(FACTS.targets.items())
        }
    off[Removal("government_shock", "shock")]["relsd_g"] = np.full(12, np.nan)
    audit = examine(FACTS, base, off, broken=(Removal("anchoring", "mechanism"),))
    return Kept(audit, SHARES, COMMAND)


def test_what_is_saved_is_what_is_loaded(kept, tmp_path):
    again = load(save(kept, tmp_path), FACTS)
    old, new = kept.audit, again.audit
    assert (again.command, new.broken) == (COMMAND, old.broken)
    assert (new.matrix.facts, new.matrix.removals) == (old.matrix.facts, old.matrix.removals)
    for name in ("base", "off", "off_pass", "difference", "low", "high", "p"):
        assert np.allclose(getattr(new.matrix, name), getattr(old.matrix, name), rtol=1e-3, equal_nan=True)
    for name in ("findings", "carries", "breaks"):
        assert np.array_equal(getattr(new.matrix, name), getattr(old.matrix, name))
    assert [(one.fact, one.label, one.why) for one in new.labels] == [
        (one.fact, one.label, one.why) for one in old.labels
    ]
    assert new.base_score == pytest.approx(old.base_score, rel=1e-3)
    assert np.allclose(new.score.mean, old.score.mean, rtol=1e-3)
    assert again.shares[0] == SHARES[0]
    assert np.isnan(again.shares[1].removed).all()


def test_the_table_has_a_row_for_each_cell_and_flags_that_follow_from_it(kept, tmp_path):
    lines = save(kept, tmp_path)[0].read_text().splitlines()
    assert lines[0] == f"# {COMMAND}"
    assert lines[1].split(",") == list(tables.COLUMNS)
    assert len(lines) == 2 + 6 + 50 * 5
    rows = [dict(zip(tables.COLUMNS, line.split(","))) for line in lines[2:]]
    gone = next(row for row in rows if (row["fact"], row["removed"]) == ("relsd_g", "government_shock"))
    assert (gone["off"], gone["difference"], gone["significant"], gone["carries"]) == ("", "", "1", "1")
    broken = next(row for row in rows if row["removed"] == "anchoring")
    assert (broken["fact"], broken["off"]) == ("score", "")


def test_print_starts_with_the_misses_and_ends_with_the_price_of_many_tests(kept):
    lines = text(kept.audit).splitlines()
    assert lines[1].startswith("unmet      beveridge")
    order = [LABELS.index(line.split()[0]) for line in lines[1:51]]
    assert order == sorted(order)
    assert "250 changes tested: 12 would exclude 0 by chance" in lines[-1]
    assert "anchoring                   mechanism    the economy breaks down without it" in lines


def test_the_figure_names_every_fact_removal_and_label(kept, tmp_path):
    figure = audit_figure(kept.audit, FACTS)
    assert save_figure(figure, tmp_path / "audit.png").read_bytes().startswith(b"\x89PNG")
    ax = figure.axes[0]
    definitions = {target.says for target in FACTS.targets.values()}
    assert {tick.get_text() for tick in ax.get_yticklabels()} == definitions
    assert sorted(tick.get_text() for tick in ax.get_xticklabels()) == [
        "government shock", "habit", "hours", "inventories", "wage shock",
    ]  # fmt: skip
    words = [written.get_text() for written in ax.texts]
    assert all(words.count(label) == count for label, count in kept.audit.counts().items())


def test_a_matrix_of_shocks_alone_or_with_nothing_to_show_draws(kept, tmp_path):
    base = {"u_sd": np.array([1.6, 1.7]), "corr_g_y": np.array([np.nan, np.nan])}
    for removal in (Removal("wage_shock", "shock"), Removal("habit", "mechanism")):
        audit = examine(FACTS, base, {removal: base})
        assert save_figure(audit_figure(audit, FACTS), tmp_path / "one.png").is_file()


@pytest.fixture
def run(kept, tmp_path, monkeypatch):
    """A run of the default economy, in a place where tables of the world are kept."""
    save(kept, tmp_path)
    monkeypatch.setattr(report, "FACTS", replace(FACTS, audit=tmp_path))
    return Run(write_run(tmp_path / "run", economy(1, 20), scenario={"config": {}, "policies": {}}))


def test_the_report_of_the_default_economy_shows_the_audit(run):
    assert "figures/audit.png" in write_report(run)
    page = (run.path / "report.html").read_text()
    assert Tags(page).open == []
    for said in (
        "What produces which fact",
        COMMAND,
        "the largest share is 35 % of the 4-quarter growth, credit shock",
    ):
        assert said in page
    labels = page[page.index("Each fact, misses first") :]
    assert ">Beveridge: vacancies move with unemployment</abbr>" in labels


@pytest.mark.parametrize("changed", [{"config": {"firms": 30}}, {"policies": {"all": "random"}}])
def test_the_report_of_another_economy_does_not(run, changed):
    manifest = read_json(run.path / "manifest.json")
    manifest["scenario"] |= changed
    write_json(run.path / "manifest.json", manifest)
    write_report(Run(run.path))
    assert "What produces which fact" not in (run.path / "report.html").read_text()
