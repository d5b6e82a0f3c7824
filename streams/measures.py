"""Pure measures of arrays."""

from typing import Any

import numpy as np


def gini(values: Any, axis: int = -1) -> Any:
    """Gini coefficient along `axis`: the sum of (2 i - n - 1) x_i over n times the sum of x_i, for sorted x.

    0 when all are equal, 1 - 1/n when one owns everything; above that when some values are negative, and
    nan when the sum is not positive. Source: Gini 1914; Cowell, Measuring Inequality, 2011, eq. 2.6.
    """
    ordered = np.sort(np.moveaxis(np.asarray(values, np.float64), axis, -1), axis=-1)
    n = ordered.shape[-1]
    ranks = 2 * np.arange(1, n + 1) - n - 1
    total = ordered.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(total > 0, (ranks * ordered).sum(axis=-1) / (n * total), np.nan)
