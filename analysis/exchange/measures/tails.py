"""How often returns are far out: Hill's tail index, and kurtosis of returns over one and many days."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.statistics import ratio

Floats = NDArray[np.float64]

TAIL = 0.05
"""The share of returns that is the tail."""


def log_returns(closes: Floats) -> Floats:
    """Changes of the logarithm of closing prices, (..., T) to (..., T − 1)."""
    return np.diff(np.log(closes), axis=-1)


def aggregated(returns: Floats, days: int) -> Floats:
    """Returns over so many days, one after the other; what is left at the end is dropped."""
    whole = returns.shape[-1] // days
    return returns[..., : whole * days].reshape(*returns.shape[:-1], whole, days).sum(axis=-1)


def hill(returns: Floats) -> Floats:
    """The tail index of |r − mean| from its largest 5 %, (..., T) to (...).

    The inverse of the mean log excess over the largest value outside the tail: Hill (1975).
    """
    size = np.abs(returns - returns.mean(axis=-1, keepdims=True))
    tail = int(TAIL * size.shape[-1])
    far = np.sort(size, axis=-1)[..., -tail - 1 :]
    with np.errstate(divide="ignore", invalid="ignore"):
        excess = np.log(far[..., 1:] / far[..., :1]).mean(axis=-1)
    return ratio(np.ones_like(excess), np.nan_to_num(excess, nan=0.0, posinf=0.0))


def excess_kurtosis(returns: Floats) -> Floats:
    """The fourth central moment over the squared second, less the normal's 3: (..., T) to (...)."""
    x = returns - returns.mean(axis=-1, keepdims=True)
    second = (x**2).mean(axis=-1)
    return np.divide((x**4).mean(axis=-1), second**2, out=np.full_like(second, np.nan), where=second > 0) - 3
