"""Inequality: Lorenz curves, and what the US wealth Gini looks like in a sample of n households."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

# Survey of Consumer Finances: .803 for the population; mean and sd of the Gini of samples of n.
US_WEALTH_GINI = 0.803
_SAMPLES = np.array([100.0, 300.0, 1000.0])
_MEANS = np.array([0.774, 0.791, 0.799])
_SDS = np.array([0.061, 0.042, 0.026])


def lorenz(amounts: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the Lorenz curve of amounts (n,): shares of the people and of the total, (n + 1,) each.

    Debts make the curve dip below 0. ValueError when the total is not positive.
    """
    x = np.sort(np.asarray(amounts, dtype=np.float64))
    total = x.sum()
    if not total > 0:
        raise ValueError(f"lorenz: the amounts add up to {total}, a positive total is needed")
    return np.linspace(0.0, 1.0, len(x) + 1), np.concatenate([[0.0], np.cumsum(x) / total])


def wealth_gini_target(households: int) -> tuple[float, float]:
    """Return mean and standard deviation of the US wealth Gini in a sample of that many households.

    Interpolated in log n between the resampled values; beyond them the gap to .803 goes with 1/n and the
    spread with 1/√n.
    """
    nearest = float(np.clip(households, _SAMPLES[0], _SAMPLES[-1]))
    mean, sd = (float(np.interp(np.log(nearest), np.log(_SAMPLES), known)) for known in (_MEANS, _SDS))
    shrink = nearest / households
    return US_WEALTH_GINI - (US_WEALTH_GINI - mean) * shrink, sd * shrink**0.5
