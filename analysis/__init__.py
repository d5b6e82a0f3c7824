"""What it meant: recordings, measures, stylised facts, figures, reports.

Figures and reports live in `analysis.figures` and `analysis.macro.report`, which load matplotlib.
"""

from analysis.comparison import Comparison, ComparisonError, Effect, compare, compare_arms, compare_series
from analysis.facts import FACTS, Fact, Target, measure, targets
from analysis.macro.inequality import lorenz, wealth_gini_target
from analysis.run import UNITS, Run, RunError, series_arrays
from analysis.scorecard import Row, Scorecard, score, score_series, window_score

__all__ = [
    "FACTS",
    "UNITS",
    "Comparison",
    "ComparisonError",
    "Effect",
    "Fact",
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
    "targets",
    "wealth_gini_target",
    "window_score",
]
