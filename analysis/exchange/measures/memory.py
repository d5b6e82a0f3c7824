"""What a day's return says of later days: of their sign, of their size, and size after falls."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEVERAGE_LAGS = range(1, 11)


def pearson(x: Floats, y: Floats) -> Floats:
    """Pearson's correlation along the last axis, NaN where one does not vary: at any scale of either."""
    x = x - x.mean(axis=-1, keepdims=True)
    y = y - y.mean(axis=-1, keepdims=True)
    scale = np.sqrt((x * x).sum(axis=-1) * (y * y).sum(axis=-1))
    return np.divide((x * y).sum(axis=-1), scale, out=np.full_like(scale, np.nan), where=scale > 0)


def autocorrelations(x: Floats, lags: Sequence[int]) -> Floats:
    """Sample autocorrelations, (..., T) to (..., lag), NaN for a constant series."""
    x = x - x.mean(axis=-1, keepdims=True)
    square = (x * x).sum(axis=-1)
    products = [(x[..., lag:] * x[..., : x.shape[-1] - lag]).sum(axis=-1) for lag in lags]
    found = np.stack(products, axis=-1)
    return np.divide(found, square[..., None], out=np.full_like(found, np.nan), where=square[..., None] > 0)


def leverage(returns: Floats) -> Floats:
    """How much larger moves get after falls: corr(r of a day, r² some days later), mean over 1–10 days.

    Negative where volatility rises after falls: Bouchaud, Matacz and Potters (2001).
    """
    later = returns**2
    return np.mean([pearson(returns[..., :-lag], later[..., lag:]) for lag in LEVERAGE_LAGS], axis=0)
