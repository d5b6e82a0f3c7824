"""The ablation of an exchange: its arms, its table, and what it says."""

from pathlib import Path

import numpy as np
import pytest

from analysis.exchange.gates import FACTS
from analysis.exchange.statistics import STATISTICS
from simengine.errors import UserError
from simengine.scenarios.scenario import make_world
from simengine.studies.exchange.ablation import BASE, arms, carry_out, row, text
from simengine.studies.request import Request
from simengine.worlds.exchange.mechanisms import MECHANISMS


def request(*names):
    return Request("exchange", Path("unused"), 2, 4.8, names=names)


def series(**misses):
    found = {"gate: " + gate: np.array([[1.0], [1.0 - (gate in misses)]]) for gate in FACTS.gates}
    return found | {name: np.array([[1.0], [3.0]]) for name in STATISTICS}


def test_every_arm_is_an_exchange_of_other_settings_on_the_same_noise():
    base = make_world("exchange", {}).config
    found = arms(request())
    assert found.keys() == MECHANISMS.keys()
    assert len({arm.seed for arm in found.values()}) == 1
    changed = [make_world("exchange", arm.config).config for arm in found.values()]
    assert base not in changed
    assert len({config.model_dump_json() for config in changed}) == len(changed)


def test_an_unknown_mechanism_is_one_line_with_what_is_valid():
    with pytest.raises(UserError, match=r"mechanism 'layer': .*layers"):
        carry_out(request("layer"))


def test_a_row_tells_gates_passed_and_the_text_what_falls():
    line = row("layers", series(impact=True))
    assert (line["passed"], line["least"], line["gate: impact"], line["impact"]) == ("9.5", "9", "0.50", "2")
    said = text({BASE: series(), "layers": series(impact=True)})
    assert said.splitlines()[1] == "without layers: 9.5 of 10, falls: impact"
