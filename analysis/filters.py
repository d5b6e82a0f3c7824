"""The Hodrick–Prescott filter, for many series at once."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import cho_solve_banded, cholesky_banded

Floats = NDArray[np.float64]


def hp_cycle(x: ArrayLike, smoothing: float = 1600.0) -> Floats:
    """The cycle of the two-sided Hodrick–Prescott filter along the last axis.

    Shapes: (..., Q) in, (..., Q) out, in the unit of `x`. A series with a value that is not finite
    comes back as NaN throughout. `smoothing` is λ: 1600 for quarterly data. Source: Hodrick and
    Prescott (1997); the trend solves (I + λ K'K) trend = x with K the second-difference matrix.
    """
    x = np.asarray(x, dtype=np.float64)
    quarters = x.shape[-1]
    if quarters < 3:
        raise ValueError(f"hp_cycle: {quarters} quarters, at least 3 are needed")
    rows = x.reshape(-1, quarters)
    finite = np.isfinite(rows).all(axis=1)
    rows = np.where(finite[:, None], rows, 0.0)
    # A straight line has no cycle, so taking one out first keeps rounding at the scale of the cycle.
    step = (rows[:, -1:] - rows[:, :1]) / (quarters - 1)
    rows = rows - rows[:, :1] - step * np.arange(quarters)
    cycle = rows - cho_solve_banded((_factor(quarters, smoothing), False), rows.T, check_finite=False).T
    cycle[~finite] = np.nan
    return cycle.reshape(x.shape)


@lru_cache(maxsize=16)
def _factor(quarters: int, smoothing: float) -> Floats:
    """The upper banded Cholesky factor of I + λ K'K, made once per length."""
    bands = np.zeros((3, quarters))
    for first in range(quarters - 2):
        second_difference = (1.0, -2.0, 1.0)
        for i in range(3):
            for j in range(i, 3):
                product = second_difference[i] * second_difference[j]
                bands[2 - (j - i), first + j] += smoothing * product
    bands[2] += 1.0
    return np.asarray(cholesky_banded(bands, lower=False))
