"""Every world names its own report, and `run` and `report` write it by the same name."""

import json
import subprocess
import sys
from importlib import import_module

import pytest

from analysis import Run
from analysis.barter.figures import FIGURES
from analysis.run import NoReport
from simengine.registry import REPORTS, world_class
from simengine.reporting import write_report
from tests.simengine import small_world
from tests.simengine.command import SMALL, called


def test_a_world_without_a_report_of_its_own_gets_a_plain_one(tmp_path):
    code, out, _ = called("run", SMALL, "--years", "1", "--out", tmp_path / "a")
    assert (code, f"wrote {tmp_path / 'a' / 'report.html'}" in out) == (0, True)
    code, out, _ = called("report", tmp_path / "a")
    assert (code, "report.html" in out) == (0, True)


def counted(run):
    """A report of one file: how many months were recorded; none of a run that recorded no output."""
    if "Output" not in run.recorded:
        raise NoReport("nothing was recorded")
    months = run.events("Output").select("tick").unique().collect().height
    (run.path / "scorecard.json").write_text(json.dumps({"score": months}))
    return ["scorecard.json"]


def test_a_report_of_yours_is_written_by_run_and_by_report_and_its_score_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(small_world.Small, "report", counted)
    code, out, _ = called("run", SMALL, "--years", "1", "--out", tmp_path / "a", "--json")
    assert (code, json.loads(out)["score"]) == (0, 12)
    assert json.loads((tmp_path / "a" / "manifest.json").read_text())["score"] == 12
    code, out, _ = called("report", tmp_path / "a")
    assert (code, out) == (0, f"wrote {tmp_path / 'a' / 'scorecard.json'}\n")


def test_a_run_that_recorded_nothing_ends_without_a_report(tmp_path, monkeypatch):
    monkeypatch.setattr(small_world.Small, "report", counted)
    code, out, _ = called("run", SMALL, "--years", "1", "--record", "none", "--out", tmp_path / "a")
    assert (code, "without a report" in out) == (0, True)
    with pytest.raises(NoReport, match="nothing was recorded"):
        write_report(Run(tmp_path / "a"))


def test_a_barter_run_leaves_figures_an_animation_and_a_report(tmp_path):
    code, out, err = called(
        "run", "barter", "--ticks", "30", "--set", "agents=8", "--set", "year=10", "--out", tmp_path / "a"
    )
    assert (code, err) == (0, "")
    made = {
        line.removeprefix(f"wrote {tmp_path / 'a'}/") for line in out.splitlines() if line.startswith("wrote")
    }
    figures = {f"figures/{name}.png" for name in FIGURES}
    assert made == {"report.html", "genealogy.graphml", "figures/animation.gif", *figures}
    assert all((tmp_path / "a" / name).is_file() for name in made)
    own = {"welfare", "gini_consumption", "log_relative_price"}  # a society without money has no others
    assert set(Run(tmp_path / "a").metrics.collect()["name"]) == own


@pytest.mark.parametrize("world", REPORTS)
def test_the_report_found_by_a_worlds_name_is_that_of_its_class(world, monkeypatch):
    module, _, name = REPORTS[world].partition(":")
    monkeypatch.setattr(import_module(module), name, lambda run: [world])
    assert world_class(world).report(None) == [world]


def test_who_reads_a_run_and_draws_its_report_needs_no_compiler_no_networks_and_no_world():
    read = (
        "import sys, simengine.cli, simengine.reporting\n"
        "from simengine.registry import REPORTS, imported\n"
        "for path in REPORTS.values(): imported(path, 'report')\n"
        "heavy = {'numba', 'torch', 'pydantic', 'simengine.kernel', 'streams.batch', 'reactivex'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", read], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
