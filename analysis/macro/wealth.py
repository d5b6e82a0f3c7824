"""US wealth, and what its Gini looks like in a sample of n households."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

# Survey of Consumer Finances: the Gini of the population; size, mean and sd of the Gini of samples.
US_WEALTH_GINI = 0.803
KNOWN_SAMPLES = np.array([[100.0, 0.774, 0.061], [300.0, 0.791, 0.042], [1000.0, 0.799, 0.026]])

# The same of `us_wealth_quantile`: 200,000 samples of each size, 160,000 of the largest.
SAMPLES = np.array([
    [20.0, 0.7099, 0.1000], [50.0, 0.7555, 0.0769], [100.0, 0.7760, 0.0589], [200.0, 0.7880, 0.0441],
    [300.0, 0.7923, 0.0371], [500.0, 0.7963, 0.0299], [1000.0, 0.7994, 0.0223], [2500.0, 0.8015, 0.0151],
])  # fmt: skip

# US net worth in multiples of its mean, between points of the Lorenz curve that the survey gives: the bottom
# half has .027 of the total, the top 10 % .687, the top 1 % .314.
MEDIAN = 0.1625  # Bhutta and others (2020): $121,700 of $748,800
P90, P99 = 1.50, 17.46  # P90 gives the Gini, P99 follows from the shares of the top 10 % and 1 %
_BOTTOM_SLOPE = 4.0 * (MEDIAN - 0.027 / 0.5)
_MIDDLE_POWER = (P90 - MEDIAN) / ((1.0 - 0.687 - 0.027) / 0.4 - MEDIAN) - 1.0
_UPPER_POWER = np.log10(P99 / P90)
_TOP_POWER = 1.0 - P99 / 31.4  # one over a Pareto exponent of 2.25


def us_wealth_quantile(share: ArrayLike) -> Floats:
    """The net worth below which a share in [0, 1) of US households lies, in multiples of the mean.

    A line up to the median, a power up to the 90th percentile, two Pareto pieces above; top 1 %, top 10 %,
    bottom half and Gini are those of the Survey of Consumer Finances.
    """
    p = np.asarray(share, dtype=np.float64)
    middle = MEDIAN + (P90 - MEDIAN) * np.clip((p - 0.5) / 0.4, 0.0, 1.0) ** _MIDDLE_POWER
    above = np.maximum(1.0 - p, np.finfo(np.float64).tiny)
    pieces = [MEDIAN + _BOTTOM_SLOPE * (p - 0.5), middle, P90 * (above / 0.1) ** -_UPPER_POWER]
    return np.select([p < 0.5, p < 0.9, p < 0.99], pieces, P99 * (above / 0.01) ** -_TOP_POWER)


def wealth_gini_target(households: int | None = None) -> tuple[float, float]:
    """Mean and standard deviation of the US wealth Gini in a sample of that many households.

    Of the whole population, .803 and 0, when no number is given.
    Samples of `us_wealth_quantile`, whose gap to the population's Gini and whose spread are multiplied by
    what the three known samples say (ratios of 1.07 to 1.13 and 1.03 to 1.16). Between sizes both are linear
    in logs; beyond the largest the gap goes with 1/n and the spread with 1/√n.
    """
    if households is None:
        return US_WEALTH_GINI, 0.0
    largest = SAMPLES[-1, 0]
    nearest = np.log(np.clip(households, SAMPLES[0, 0], largest))

    def drawn(of: Floats) -> Floats:
        found = _logs(SAMPLES)
        return np.array([np.interp(of, found[:, 0], column) for column in found[:, 1:].T])

    known = _logs(KNOWN_SAMPLES)
    ratios = known[:, 1:].T - drawn(known[:, 0])
    ratio = np.array([np.interp(nearest, known[:, 0], row) for row in ratios])
    gap, spread = np.exp(drawn(nearest) + ratio)
    beyond = max(1.0, households / largest)
    return float(US_WEALTH_GINI - gap / beyond), float(spread / beyond**0.5)


def _logs(samples: Floats) -> Floats:
    """Logs of size, gap to the population's Gini, and spread, in columns."""
    size, mean, spread = samples.T
    return np.log(np.stack([size, US_WEALTH_GINI - mean, spread], axis=1))
