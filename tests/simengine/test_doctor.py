"""`doctor`: it says what is there, and names what shadows our packages."""

import importlib
import json
import sys

from simengine.cli import doctor
from simengine.shadows import shadowed, shadowed_packages
from tests.simengine.command import ROOT, called


def test_a_sound_environment_is_healthy():
    code, out, _ = called("doctor", "--json")
    found = {line["what"]: line for line in json.loads(out)}
    assert code == 0, out
    assert {"python", "simpy", "torch", "package agents", "threads", "cache", "gpu"} <= set(found)


def test_another_package_named_agents_is_named_as_the_culprit(tmp_path, monkeypatch):
    (tmp_path / "agents").mkdir()
    (tmp_path / "agents" / "__init__.py").write_text("")
    for name in [name for name in sys.modules if name.partition(".")[0] == "agents"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.invalidate_caches()
    assert [good for good, what, _ in doctor.packages() if what == "package agents"] == [False]
    said = shadowed("agents", ROOT)
    assert [line.partition(":")[0] for line in shadowed_packages(ROOT)] == ["package agents"]
    assert f"{tmp_path / 'agents' / '__init__.py'} is found instead of {ROOT / 'agents'}" in said
    assert "openai-agents" in said


def test_a_missing_dependency_comes_with_the_command_that_installs_it(monkeypatch):
    monkeypatch.setattr(doctor, "requires", lambda name: ["numpy>=2.4", "no-such-library>=1.0"])
    found = doctor.dependencies()
    assert (
        False,
        "no-such-library",
        "missing: pip install -c constraints.txt 'no-such-library>=1.0'",
    ) in found
