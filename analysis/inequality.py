"""Inequality of amounts among people."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def lorenz(amounts: ArrayLike) -> tuple[Floats, Floats]:
    """The Lorenz curve of amounts (n,): shares of the people and of the total, (n + 1,) each.

    Debts make the curve dip below 0. ValueError when the total is not positive.
    """
    x = np.sort(np.asarray(amounts, dtype=np.float64))
    total = x.sum()
    if not total > 0:
        raise ValueError(f"lorenz: the amounts add up to {total}, a positive total is needed")
    return np.linspace(0.0, 1.0, len(x) + 1), np.concatenate([[0.0], np.cumsum(x) / total])
