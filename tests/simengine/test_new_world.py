"""`new world` writes a file that keeps every promise as it stands; two such worlds do not meet."""

import os
import subprocess
import sys

import polars as pl
import pytest

import simengine
from analysis import Run
from analysis.run import RunError
from simengine.cli.new import written
from simengine.registry import world_class
from tests.simengine.command import ROOT, called

STOPPING = """
import os, signal

def stop(sim):
    from bakery import Day
    sim.events(Day).subscribe(lambda batch: os.kill(os.getpid(), signal.SIGINT) if batch.tick == 30 else None)
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty current folder; what is imported from it is forgotten afterwards."""
    known, path = set(sys.modules), list(sys.path)
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    sys.path[:] = path
    for name in set(sys.modules) - known:
        if str(tmp_path) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


def test_the_file_runs_its_own_tests(here):
    assert called("new", "world", "fish_market")[0] == 0
    text = (here / "fish_market.py").read_text(encoding="utf-8")
    assert "class FishMarket(se.World)" in text
    assert 'name = "fish_market"' in text
    assert "starter" not in text.lower()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "fish_market.py"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 passed" in done.stdout


def test_the_console_script_imports_from_the_current_folder_as_python_m_does(here):
    (here / "bakery.py").write_text(written("bakery", "Bakery"), encoding="utf-8")
    script = "import sys; from simengine.__main__ import main; sys.exit(main(['list', 'bakery:Bakery']))"
    done = subprocess.run(
        [sys.executable, "-P", "-c", script],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "waste" in done.stdout


@pytest.mark.parametrize(
    ("name", "said"),
    [("Bakery", "valid is a word in lower case"), ("class", "valid is a word"), ("a-b", "valid is a word")],
)
def test_a_name_that_is_no_module_is_refused(here, name, said):
    code, _, err = called("new", "world", name)
    assert (code, list(here.iterdir())) == (2, [])
    assert said in err


def test_a_file_that_is_there_is_not_written_over(here):
    (here / "bakery.py").write_text("# mine\n", encoding="utf-8")
    assert called("new", "world", "bakery")[0] == 2
    assert (here / "bakery.py").read_text(encoding="utf-8") == "# mine\n"


def test_two_foreign_worlds_with_equal_events_and_shocks_run_side_by_side_in_one_process(here):
    for name in ("bakery", "brewery"):
        (here / f"{name}.py").write_text(written(name, name.capitalize()), encoding="utf-8")
    worlds = {name: world_class(f"{name}:{name.capitalize()}") for name in ("bakery", "brewery")}
    sims = {
        name: simengine.Simulation(cls(), shocks=["demand:0.2@3"], replicas=2) for name, cls in worlds.items()
    }
    found = {name: [] for name in sims}
    for name, sim in sims.items():
        day = sys.modules[name].Day
        sim.events(day).subscribe(lambda batch, name=name: found[name].append(batch.event.__module__))
    for until in range(1, 8):
        for sim in sims.values():
            sim.run(until=until)
    assert len({sim.digest for sim in sims.values()}) == 1  # the same laws and noise
    assert found == {name: [name] * 7 for name in sims}


def test_two_event_types_of_one_name_in_one_run_are_told_apart_by_their_path(here):
    text = written("bakery", "Bakery")
    (here / "oven.py").write_text(text[: text.index("@se.metric")], encoding="utf-8")
    text = text.replace(
        "        made = GOODS",
        "        sim.publish(oven.Day, dense=(sim.R,), made=1.0, sold=0.0)\n        made = GOODS",
    )
    (here / "bakery.py").write_text(
        text.replace("import numpy", "import oven\nimport numpy"), encoding="utf-8"
    )
    code, _, err = called("run", "bakery:Bakery", "--ticks", "30", "--no-report", "-q", "--out", "run")
    assert code == 0, err
    run = Run("run")
    assert run.events("oven:Day").collect()["made"].to_list() == [1.0] * 30
    assert run.events(sys.modules["bakery"].Day).select(pl.len()).collect().item() == 300
    assert "<td>bakery</td>" in run._repr_html_()
    with pytest.raises(
        RunError, match=r"two event types are named Day: valid is (oven|bakery):Day or (oven|bakery):Day"
    ):
        run.events("Day")


def test_a_run_is_reported_and_resumed_from_another_folder(here, tmp_path_factory, monkeypatch):
    (here / "bakery.py").write_text(written("bakery", "Bakery"), encoding="utf-8")
    (here / "stopping.py").write_text(STOPPING, encoding="utf-8")
    arguments = ("--ticks", "336", "-r", "0,0", "--shock", "demand:0.3@40#half", "-q", "--no-report")
    assert called("run", "bakery:Bakery", *arguments, "--observe", "stopping:stop", "--out", "run")[0] == 130
    folder, elsewhere = here / "run", tmp_path_factory.mktemp("elsewhere")
    monkeypatch.chdir(elsewhere)
    script = "import sys; from simengine.__main__ import main; sys.exit(main(sys.argv[1:]))"

    def apart(*words):
        return subprocess.run(
            [sys.executable, "-c", script, *map(str, words)], capture_output=True, text=True
        )

    done = apart("report", folder)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "valid is to look at it from there, or --trust" in done.stderr
    for words in (("resume", folder, "--no-report"), ("report", folder), ("compare", folder)):
        done = apart(*words, "--trust")
        assert done.returncode == 0, done.stderr
    assert (folder / "figures" / "week.png").is_file()
    (here / "bakery.py").rename(here / "moved.py")
    done = apart("report", folder, "--trust")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "bakery: recorded from" in done.stderr
    assert "which is not there" in done.stderr
