"""Scenarios: what a run depends on, read from strict TOML or made in Python."""

from simengine.scenarios.reading import read
from simengine.scenarios.scenario import Record, Scenario, ShockBlock, shipped

__all__ = ["Record", "Scenario", "ShockBlock", "read", "shipped"]
