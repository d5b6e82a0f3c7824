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

    Interpolated in log n between the resampled values; outside them the gap to .803 and the spread
    shrink or grow like 1/n and 1/√n.
    """
    n = float(households)
    if n < _SAMPLES[0]:
        gap, spread = (US_WEALTH_GINI - _MEANS[0]) * _SAMPLES[0] / n, _SDS[0] * np.sqrt(_SAMPLES[0] / n)
        return US_WEALTH_GINI - float(gap), float(spread)
    if n > _SAMPLES[-1]:
        gap, spread = (US_WEALTH_GINI - _MEANS[-1]) * _SAMPLES[-1] / n, _SDS[-1] * np.sqrt(_SAMPLES[-1] / n)
        return US_WEALTH_GINI - float(gap), float(spread)
    log_n = np.log(n)
    return float(np.interp(log_n, np.log(_SAMPLES), _MEANS)), float(np.interp(log_n, np.log(_SAMPLES), _SDS))
