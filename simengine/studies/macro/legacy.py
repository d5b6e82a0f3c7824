"""The legacy score of the macro economy under given policies: a comparison with an earlier program."""

from __future__ import annotations

from analysis.macro.legacy import LegacyScore, legacy_score
from simengine.studies.arms import Arm
from simengine.worlds.macro.monthly import MonthlyHistory


def measured(arm: Arm) -> LegacyScore:
    """Run an arm, such as `Arm("macro", policies={"all": "random"})`, and return its legacy score."""
    sim = arm.simulation()
    history = MonthlyHistory(sim)
    sim.run(years=arm.years)
    return legacy_score(history.arrays())
