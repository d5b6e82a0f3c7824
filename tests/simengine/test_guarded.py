"""A folder is data: what it names is imported if it is one's own, or the folder is trusted."""

import pytest

from simengine import Recording, Scenario, UserError
from simengine import folder as disk
from simengine.guarded import guarded, trusting
from simengine.learning.training import Trainer
from simengine.registry import imported
from tests.simengine.command import SMALL, called
from tests.simengine.learning.worlds import small

HARMFUL = "from pathlib import Path\nPath('harmed').touch()\n\n\nclass Evil:\n    pass\n"


@pytest.fixture
def stopped(tmp_path, monkeypatch):
    """The folder of a run that was stopped, in the present folder."""
    monkeypatch.chdir(tmp_path)
    run = Recording.begin(Scenario(world=SMALL, ticks=12).checked(), "run")
    run.run(stop=lambda: run.sim.tick >= 4)
    return run.folder


def rewritten(folder, **said):
    """The folder, whose scenario says something else, sealed as if it always had."""
    manifest = disk.read_manifest(folder)
    manifest["scenario"] |= said
    manifest["sources"] = {}
    disk.write_manifest(folder, manifest)


@pytest.mark.parametrize("command", ["report", "resume", "validate", "compare"])
@pytest.mark.parametrize("where", [".", "run"])
def test_a_module_that_lies_in_a_run_folder_is_not_imported(stopped, monkeypatch, command, where):
    (stopped / "harmful.py").write_text(HARMFUL)
    rewritten(stopped, world="harmful:Evil")
    monkeypatch.chdir(where)
    monkeypatch.syspath_prepend(stopped.absolute())
    code, _, err = called(command, "." if where == "run" else "run")
    assert (code, err.count("\n")) == (2, 1)
    assert "'harmful:Evil': named by " in err
    assert "which lies in it: valid is your own, or --trust" in err
    assert not list(stopped.parent.rglob("harmed"))


@pytest.mark.parametrize("said", [
    {"policies": {"walkers": "os:abort"}}, {"observe": ["posix:_exit"]}, {"world": "numpy:ndarray"},
    {"policies": {"all": "nowhere_to_be_found:Policy"}},
])  # fmt: skip
def test_what_is_no_code_of_ones_own_is_not_called_because_a_folder_names_it(stopped, said):
    rewritten(stopped, **said)
    code, _, err = called("resume", "run")
    assert (code, err.count("\n")) == (2, 1)
    assert "--trust" in err


def test_a_training_is_data_too(tmp_path):
    trainer = Trainer.begin(small(), tmp_path / "t")
    trainer.run(lambda _: None, lambda: True)
    manifest = disk.read_manifest(tmp_path / "t", "training.json")
    manifest["plan"]["policies"] = {"shops": "os:abort"}
    disk.write_manifest(tmp_path / "t", manifest, "training.json")
    with pytest.raises(
        UserError, match=r"policy 'os:abort': named by .*, which is no code of yours|not found"
    ):
        Trainer.resume(tmp_path / "t")


def test_who_trusts_a_folder_lets_it_name_anything_and_ones_own_needs_no_trust(tmp_path):
    with guarded(tmp_path):
        assert imported(SMALL, "world").name == "small"
        with pytest.raises(UserError, match=r"policy 'collections:Counter': named by .*--trust"):
            imported("collections:Counter", "policy")
        with trusting():
            imported("collections:Counter", "policy")
    imported("collections:Counter", "policy")


def test_a_link_in_a_run_folder_is_refused(stopped):
    (stopped / "figures").symlink_to(stopped.parent)
    for command in ("report", "resume"):
        code, _, err = called(command, "run")
        assert (code, err) == (
            2, "error: run/figures: a symbolic link: valid are files and folders of the run itself\n",
        )  # fmt: skip
