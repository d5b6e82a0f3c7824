"""Optional libraries: not needed for the tensors, asked for by name of the extra elsewhere."""

import subprocess
import sys

import pytest

from simengine.extras import installing
from tests.simengine.command import ROOT


def run(code):
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)


def test_the_tensors_need_no_library_of_an_extra():
    done = run(
        "import sys\nfrom simengine.environments import TensorEnv\n"
        "assert not {'pettingzoo', 'gymnasium', 'ray'} & set(sys.modules)"
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("absent", "imported", "extra"),
    [
        ("pettingzoo", "from simengine.environments import parallel_env", "environments"),
        ("gymnasium", "from simengine.environments import gym_env", "environments"),
        ("ray", "import simengine.environments.rllib", "rllib"),
    ],
)
def test_a_missing_library_is_one_line_that_names_the_extra(absent, imported, extra):
    done = run(f"import sys\nsys.modules[{absent!r}] = None\n{imported}")
    assert done.stderr.splitlines()[-1] == (
        f"simengine.errors.UserError: {absent} is not installed: "
        f"valid is {installing(extra)}"
    )


def test_an_unknown_name_of_the_package_is_refused():
    done = run(
        "import simengine.environments as e\ntry: e.parallel\nexcept AttributeError as said: print(said)"
    )
    assert done.stdout == "module 'simengine.environments' has no attribute 'parallel'\n"
