"""What a newcomer stumbles over: scripts without a guard, extras, commands to repeat, odd weights."""

import importlib.metadata
import shlex
import sys

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import save_file

from agents.weights import WeightsError, load
from analysis.pages import repeat
from simengine.cli.say import typed
from simengine.errors import UserError
from simengine.extras import installing
from simengine.studies.arms import Arm, Pool
from tests.simengine.command import SMALL


def test_a_script_without_a_guard_is_told_before_it_starts_workers(tmp_path, monkeypatch):
    script = tmp_path / "script.py"
    script.write_text("from simengine.studies import Pool\n")
    monkeypatch.setattr(sys.modules["__main__"], "__file__", str(script), raising=False)
    said = 'put its work below a line  if __name__ == "__main__":'
    with Pool(1) as pool, pytest.raises(UserError, match=said):
        pool.run({"a": Arm(world=SMALL, years=0.25)})


def test_an_extra_is_installed_by_the_names_of_its_libraries(monkeypatch):
    assert installing("rllib") == "pip install 'gymnasium>=1.2' 'pettingzoo>=1.26' 'ray[rllib]>=2.55'"

    def nowhere(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr("simengine.extras.requires", nowhere)
    assert installing("ray") == "pip install -e '.[ray]' where simengine lies"


@pytest.mark.parametrize("out", [["--out", "runs/a b"], ["-o", "x"], ["--out=x"], []])
def test_a_report_repeats_a_run_into_another_folder(out, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["simengine", "run", "my world.toml", *out, "--set", "name=a b"])
    page = repeat({"command": typed()})
    assert "<pre>python -m simengine run &#x27;my world.toml&#x27; --set &#x27;name=a b&#x27;</pre>" in page


@given(st.lists(st.text(min_size=1).filter(lambda word: not word.startswith(("-o", "--out")))))
def test_a_typed_command_is_read_by_a_shell_as_it_was_meant(words):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["simengine", *words])
        assert shlex.split(typed())[3:] == words
        repeat({"command": typed()})


def test_weights_of_a_kind_that_no_network_has_are_one_line(tmp_path):
    file = tmp_path / "a.safetensors"
    save_file({"x": torch.zeros(3, dtype=torch.bfloat16)}, file, {"format": "1"})
    with pytest.raises(WeightsError, match="x holds bfloat16: valid are float32, float64"):
        load(file)
