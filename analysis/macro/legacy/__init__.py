"""The legacy score: the 50 checks of an earlier program, its "Reality Score", on monthly series.

It is a comparison and never a target: nothing is calibrated or trained on it. Its floor is high: in its own
economy a trained policy scored 72 to 75, uniform random decisions 65.6, an untrained network 64.6, all-zero
actions 64.0. Read it beside a random policy, and judge by the US facts of `analysis.scorecard`. Known faults
of single checks are kept, and marked in the table.

The program's list holds 53 checks. Three of them it never carried out, because its histories lack the column
(consumption, investment, the top 1 %); here they are measured and shown but have no part in the total. Its
54th, a sacrifice ratio, is left out. `legacy.months` says what the list leaves open. A check that is not
defined in a history is left out of that history's category; the program did so too, but then divided by
the weights of other checks.
"""

from analysis.macro.legacy.checks import CATEGORIES, CHECKS, LISTED, Check
from analysis.macro.legacy.months import SERIES
from analysis.macro.legacy.score import ITS_OWN, LegacyScore, Row, legacy_score

__all__ = [
    "CATEGORIES",
    "CHECKS",
    "ITS_OWN",
    "LISTED",
    "SERIES",
    "Check",
    "LegacyScore",
    "Row",
    "legacy_score",
]
