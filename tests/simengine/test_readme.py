"""The README is run: its Python, its scenario, and every command it names."""

import re
import shlex
from importlib.util import find_spec

import pytest

from simengine.errors import UserError
from simengine.scenarios.reading import read_as
from simengine.sweeps.design import Sweep
from tests.simengine.command import ROOT, called

TEXT = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"``{language}\n(.*?)``", TEXT, re.DOTALL)


@pytest.mark.parametrize("code", blocks("python"))
def test_the_python_examples_run(code, capsys):
    if "rllib" in code and find_spec("ray") is None:
        with pytest.raises(UserError, match=r"ray is not installed: valid is pip install .*'ray\[rllib\]"):
            exec(compile(code, "README.md", "exec"), {})
        return
    exec(compile(code, "README.md", "exec"), {})
    assert capsys.readouterr().out.count("sales of a year: [") in ((2, 3) if "print(" in code else (0,))


def test_the_examples_are_as_short_as_promised():
    assert all(len(code.strip().splitlines()) <= 14 for code in blocks("python"))
    assert [len(code.split("\n\n")) <= 2 for code in blocks("toml")] == [True, True]


def test_the_scenario_runs_and_its_arms_can_be_compared(tmp_path):
    (tmp_path / "tightening.toml").write_text(blocks("toml")[0])
    folder = tmp_path / "run"
    code, _, err = called("run", tmp_path / "tightening.toml", "--out", folder, "--quiet")
    assert code == 0, err
    assert {"report.html", "series.parquet", "scorecard.json"} <= {path.name for path in folder.iterdir()}
    code, out, err = called("compare", folder)
    assert code == 0, err
    assert "policy_rate" in out
    assert called("validate", folder, "--json")[0] == 0


def test_the_sweep_is_one_whose_points_are_all_valid(tmp_path):
    (tmp_path / "sweep.toml").write_text(blocks("toml")[1])
    assert len(read_as(Sweep, tmp_path / "sweep.toml").points()) == 27


COMMANDS = [shlex.split(line) for block in blocks("sh") for line in block.strip().splitlines()]


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words[3:5]))
def test_every_command_it_names_exists_with_these_options(words):
    assert words[:3] == ["python", "-m", "simengine"]
    code, out, _ = called(words[3], "--help")
    assert code == 0
    assert all(option in out for option in words if option.startswith("--"))


def test_the_make_targets_it_names_exist():
    targets = set(re.findall(r"^(\w[\w-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`?make (\w[\w-]*)", TEXT)) <= targets
    assert "make test" in (ROOT / ".ci" / "run").read_text()
