"""Scenarios: what a run depends on, read from strict TOML or made in Python."""

from simengine.scenarios.reading import read
from simengine.scenarios.scenario import Record, Scenario, ShockBlock, file_of, shipped

__all__ = ["Record", "Scenario", "ShockBlock", "file_of", "read", "shipped"]
