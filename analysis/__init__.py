"""What it meant: recordings, measures, stylised facts, figures, reports.

Figures and reports live in `analysis.figures` and `analysis.report`, which load matplotlib; what is a world's
own in the folder that bears its name.
"""

from analysis.comparison import (
    Comparison,
    ComparisonError,
    Derived,
    Effect,
    compare,
    compare_arms,
    compare_series,
)
from analysis.facts import Fact, Facts, Panel, Target, measure
from analysis.inequality import lorenz
from analysis.run import Run, RunError, series_arrays
from analysis.scorecard import Row, Scorecard, score, score_series, window_score

__all__ = [
    "Comparison",
    "ComparisonError",
    "Derived",
    "Effect",
    "Fact",
    "Facts",
    "Panel",
    "Row",
    "Run",
    "RunError",
    "Scorecard",
    "Target",
    "compare",
    "compare_arms",
    "compare_series",
    "lorenz",
    "measure",
    "score",
    "score_series",
    "series_arrays",
    "window_score",
]
