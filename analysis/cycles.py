"""Recessions: Bry–Boschan turning points of a quarterly log series."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

WINDOW = 2  # quarters on either side that a turning point must beat
SHORTEST_PHASE = 2  # quarters from one turning point to the next


class Recession(NamedTuple):
    """A fall from a peak to the next trough: quarters, and the change (< 0) in the unit of the series."""

    peak: int
    trough: int
    change: float


def turning_points(y: ArrayLike) -> list[tuple[int, bool]]:
    """The turning points of one series (Q,) in order as (quarter, is_peak).

    A peak is strictly above the two quarters before and the two after it, a trough strictly below;
    so none lies in the first or the last two quarters. Of two peaks in a row the higher stays, of two
    troughs the lower; a phase that is shorter than two quarters, or ends above the peak it starts from or
    below the trough, is dropped with both its ends. Source: Bry
    and Boschan (1971) in the quarterly form of Harding and Pagan (2002), without their cycle length.
    """
    y = np.asarray(y, dtype=np.float64)
    if y.ndim != 1 or len(y) <= 2 * WINDOW:
        raise ValueError(f"turning_points: shape {y.shape}, wanted is one of over {2 * WINDOW} quarters")
    inner = y[WINDOW : len(y) - WINDOW]
    shifts = [k for k in range(-WINDOW, WINDOW + 1) if k != 0]
    around = np.array([y[WINDOW + k : WINDOW + k + len(inner)] for k in shifts])
    peaks = np.all(inner > around, axis=0)
    troughs = np.all(inner < around, axis=0)
    points = [(int(i) + WINDOW, bool(peaks[i])) for i in np.flatnonzero(peaks | troughs)]
    points = _alternate(points, y)
    while wrong := [i for i, (start, end) in enumerate(pairwise(points)) if not _is_phase(start, end, y)]:
        del points[wrong[0] : wrong[0] + 2]
    return points


def _is_phase(start: tuple[int, bool], end: tuple[int, bool], y: NDArray[np.float64]) -> bool:
    """Whether two turning points are far enough apart, and the peak is the higher of them."""
    from_peak = start[1]
    return end[0] - start[0] >= SHORTEST_PHASE and bool((y[end[0]] < y[start[0]]) == from_peak)


def _alternate(points: list[tuple[int, bool]], y: NDArray[np.float64]) -> list[tuple[int, bool]]:
    """Keep the more extreme of two neighbours of the same kind."""
    kept: list[tuple[int, bool]] = []
    for quarter, is_peak in points:
        if kept and kept[-1][1] == is_peak:
            if (y[quarter] > y[kept[-1][0]]) == is_peak:
                kept[-1] = (quarter, is_peak)
        else:
            kept.append((quarter, is_peak))
    return kept


def recessions(y: ArrayLike) -> list[Recession]:
    """The completed recessions of one series (Q,), peak to trough.

    With `y` in 100·log of a level the change is in percent.
    """
    y = np.asarray(y, dtype=np.float64)
    points = turning_points(y)
    return [
        Recession(start, end, float(y[end] - y[start]))
        for (start, is_peak), (end, _) in pairwise(points)
        if is_peak
    ]
