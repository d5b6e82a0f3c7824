"""The calibrated values that ship are the macro world's defaults, inside the ranges of their search."""

import tomllib
from importlib.resources import files

import pytest

from simengine.studies.calibration import read_space
from simengine.worlds.macro.config import MacroConfig

WORLD = files("simengine.worlds.macro")
VALUES = tomllib.loads((WORLD / "calibrated.toml").read_text(encoding="utf-8"))
FREE = read_space(WORLD / "calibration.toml").free
FLAT = {f"{section}.{key}": value for section, values in VALUES.items() for key, value in values.items()}


@pytest.mark.parametrize("name", FLAT)
def test_a_calibrated_value_is_the_default(name):
    section, key = name.split(".")
    assert getattr(getattr(MacroConfig(), section), key) == FLAT[name]


def test_every_searched_parameter_has_a_value_inside_its_range():
    assert {free.name for free in FREE} == FLAT.keys()
    assert all(free.low <= FLAT[free.name] <= free.high for free in FREE)


def test_no_more_than_fifty_parameters_were_searched():
    assert len(FREE) <= 50
