"""Calibration by simulated moments: a box of free parameters, a loss made of the facts, a search.

Nothing here knows an economy: who calls `Search.ask` and `Search.tell` runs it.
"""

from analysis.calibration.evolution import Evolution
from analysis.calibration.identification import Identification, assembled, effect, sides
from analysis.calibration.loss import REFUSED, Judgement, judge
from analysis.calibration.search import Search, SearchSettings
from analysis.calibration.space import CalibrationError, Free, Space, nested, space_of

__all__ = [
    "REFUSED",
    "CalibrationError",
    "Evolution",
    "Free",
    "Identification",
    "Judgement",
    "Search",
    "SearchSettings",
    "Space",
    "assembled",
    "effect",
    "judge",
    "nested",
    "sides",
    "space_of",
]
