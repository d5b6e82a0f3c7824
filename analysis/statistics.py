"""Moments of many series at once: every function works along the last axis, (..., Q) to (...).

A statistic that is not defined (a constant series has no correlation) is NaN, never a chance number
made of rounding: a standard deviation up to `NEGLIGIBLE`, in percent or percentage points, counts as 0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

NEGLIGIBLE = 1e-8


def sd(x: Floats) -> Floats:
    """The standard deviation with ddof = 1."""
    return np.std(x, axis=-1, ddof=1)


def ratio(a: Floats, b: Floats) -> Floats:
    """A / b, NaN where b is negligible."""
    return np.divide(a, b, out=np.full(np.shape(b), np.nan), where=np.abs(b) > NEGLIGIBLE)


def relative_sd(x: Floats, reference: Floats) -> Floats:
    """The standard deviation of `x` as a multiple of that of `reference`."""
    return ratio(sd(x), sd(reference))


def correlation(x: Floats, y: Floats) -> Floats:
    """Pearson's correlation, NaN where either series is constant."""
    x = x - x.mean(axis=-1, keepdims=True)
    y = y - y.mean(axis=-1, keepdims=True)
    quarters = x.shape[-1]
    sx, sy = sd(x), sd(y)
    product = np.where((sx > NEGLIGIBLE) & (sy > NEGLIGIBLE), sx * sy, 0.0)
    covariance = (x * y).sum(axis=-1) / (quarters - 1)
    return np.divide(covariance, product, out=np.full(np.shape(product), np.nan), where=product > 0)


def autocorrelation(x: Floats, lag: int = 1) -> Floats:
    """The sample autocorrelation: Σ (x_t − x̄)(x_{t−lag} − x̄) / Σ (x_t − x̄)², x̄ over all quarters."""
    x = x - x.mean(axis=-1, keepdims=True)
    squares = np.where(sd(x) > NEGLIGIBLE, (x * x).sum(axis=-1), 0.0)
    products = (x[..., lag:] * x[..., :-lag]).sum(axis=-1)
    return np.divide(products, squares, out=np.full(np.shape(squares), np.nan), where=squares > 0)


def slope(y: Floats, x: Floats) -> Floats:
    """The least-squares slope of `y` on `x` and a constant."""
    return correlation(x, y) * ratio(sd(y), sd(x))


def skewness(x: Floats) -> Floats:
    """The third central moment over the cubed (ddof = 0) standard deviation."""
    x = x - x.mean(axis=-1, keepdims=True)
    return ratio((x**3).mean(axis=-1), (x**2).mean(axis=-1) ** 1.5)
