"""Arms of the macro economy compared on common noise, series by series."""

from __future__ import annotations

from analysis.comparison import Comparison, compare_series
from analysis.macro.facts import FACTS
from simengine.histories import Series
from streams.event import declared
from streams.macro.series import QuarterlyAccounts

UNITS = {name: column.unit for name, column in declared(QuarterlyAccounts).columns.items()}


def compared(control: Series, treated: Series, labels: tuple[str, str]) -> Comparison:
    """Treated minus control, inflation included; ComparisonError unless replicas pair row by row."""
    return compare_series(control, treated, labels, UNITS, FACTS.derived)
