"""How long buying follows buying: the decay of the autocorrelation of trade signs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def sign_exponent(lag: Floats, product: Floats, pairs: Floats) -> float:
    """The slope of log autocorrelation on log lag, over lags (L,) in trades: Lillo and Farmer (2004).

    `product` are sums of products of signs, `pairs` how many. Lags up to the first whose autocorrelation is
    within two standard errors of 0 count; NaN of fewer than four: then there is no long memory.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        found, error = product / pairs, 1.0 / np.sqrt(pairs)
    dim = ~(found > 2 * error)
    count = int(np.argmax(dim)) if dim.any() else len(found)
    if count < 4:
        return float("nan")
    return float(np.polyfit(np.log(lag[:count]), np.log(found[:count]), 1)[0])
