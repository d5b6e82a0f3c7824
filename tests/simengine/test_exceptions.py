"""Every exception of ours comes through a process pool as it was."""

import importlib
import pickle
import re

import pytest

from markets.ledger import Refused
from simengine.config import ConfigError
from simengine.kernel import Simulation
from simengine.kernel.errors import KernelError, SimulationFailed
from streams.whole import NotWhole
from tests.kernel.toy import Toy
from tests.simengine.command import ROOT
from tests.simengine.public_names import PACKAGES

MADE = {
    NotWhole: lambda: NotWhole("a wage", float("inf"), (3,)),
    Refused: lambda: Refused("no money", 3),
    ConfigError: lambda: ConfigError("no such key", ("a", 1)),
    KernelError: lambda: KernelError("no such tick", 2, 7),
    SimulationFailed: lambda: SimulationFailed.of(Simulation(Toy()), ValueError("no"), "x", 0),
}


def exceptions():
    """Every exception class of the packages by module and name."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for name in re.findall(r"^class (\w+)\(\w*(?:Error|Exception)\):", path.read_text("utf-8"), re.M):
                yield ".".join(path.relative_to(ROOT).with_suffix("").parts), name


@pytest.mark.parametrize(("module", "name"), [*exceptions()])
def test_it_can_be_pickled(module, name):
    kind = getattr(importlib.import_module(module), name)
    error = MADE.get(kind, lambda: kind("said"))()
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), vars(again)) == (kind, str(error), vars(error))
