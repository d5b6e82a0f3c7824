"""The scorers of the legacy score: measured values (...) to points from 0 to 100, NaN where not defined.

They are those of its source program, faults included: what `Value` gives for a measured 0, and what `Range`
gives for a perfect value at its edge, is what makes the score's floor so high.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Scorer = Callable[[ArrayLike], Floats]

EDGE = 0.3  # what a range takes off at its edges, as a share
OUTSIDE, WRONG_SIGN = 50.0, 30.0  # points just outside a range, and for a correlation of the other sign


@dataclass(frozen=True)
class Value:
    """V: the distance from a target in multiples of twice the larger of target and tolerance.

    A measured 0 earns 50 points wherever the target is not smaller than the tolerance.
    """

    target: float
    tolerance: float

    def __call__(self, measured: ArrayLike) -> Floats:
        """The points of measured values."""
        scale = 2.0 * max(abs(self.target), self.tolerance, 0.01)
        return np.clip(100.0 * (1.0 - np.abs(np.asarray(measured) - self.target) / scale), 0.0, 100.0)

    def __str__(self) -> str:
        return f"{self.target:g}"


@dataclass(frozen=True)
class Range:
    """R: most in the middle of a range, 70 at its edges, at most 50 outside, whatever the real value is."""

    low: float
    high: float

    def __call__(self, measured: ArrayLike) -> Floats:
        """The points of measured values."""
        m = np.asarray(measured, dtype=np.float64)
        middle, half = (self.low + self.high) / 2.0, (self.high - self.low) / 2.0
        below, above = (self.low - m) / max(abs(self.low), 1.0), (m - self.high) / max(abs(self.high), 1.0)
        outside = np.maximum(0.0, OUTSIDE * (1.0 - np.maximum(below, above)))
        inside = 100.0 * (1.0 - EDGE * np.abs(m - middle) / half)
        return np.where((self.low <= m) & (m <= self.high), inside, outside)

    def __str__(self) -> str:
        return f"{self.low:g} … {self.high:g}"


@dataclass(frozen=True)
class Correlation:
    """C: the distance from a target correlation; less than a third of that for 0 and for the other sign."""

    target: float
    sign_matters: bool = True

    def __call__(self, measured: ArrayLike) -> Floats:
        """The points of measured correlations."""
        m = np.asarray(measured, dtype=np.float64)
        other_sign = (np.sign(m) != np.sign(self.target)) & self.sign_matters
        return np.maximum(0.0, np.where(other_sign, WRONG_SIGN, 100.0) * (1.0 - np.abs(m - self.target)))

    def __str__(self) -> str:
        return f"{self.target:g}"


@dataclass(frozen=True)
class Boolean:
    """B: 100 where a share of histories, 0 to 1, is over `least`, otherwise 0."""

    least: float

    def __call__(self, measured: ArrayLike) -> Floats:
        """The points of shares of histories; of one history the share is 0 or 1."""
        m = np.asarray(measured, dtype=np.float64)
        return np.where(m > self.least, 100.0, 0.0)

    def __str__(self) -> str:
        return "yes"


@dataclass(frozen=True)
class Distance:
    """100 less so many points a unit of distance from a target, at least 0."""

    target: float
    points: float

    def __call__(self, measured: ArrayLike) -> Floats:
        """The points of measured values."""
        return np.maximum(0.0, 100.0 - self.points * np.abs(np.asarray(measured) - self.target))

    def __str__(self) -> str:
        return f"{self.target:g}"


@dataclass(frozen=True)
class Severity:
    """100 for a growth rate below `severe`, 50 below `moderate`, otherwise 20."""

    severe: float
    moderate: float

    def __call__(self, measured: ArrayLike) -> Floats:
        """The points of the worst growth rates, % a year."""
        m = np.asarray(measured, dtype=np.float64)
        points = np.where(m < self.severe, 100.0, np.where(m < self.moderate, 50.0, 20.0))
        return np.where(np.isnan(m), np.nan, points)

    def __str__(self) -> str:
        return f"< {self.severe:g}"
