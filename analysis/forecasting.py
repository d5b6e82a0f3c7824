"""Forecasts of small time-series models, and scores of any forecast with their uncertainty.

Models are fitted by least squares on what is known at the origin; their predictive distributions are normal,
with the estimated parameters taken as true.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, stdtr

Floats = NDArray[np.float64]


class Normal(NamedTuple):
    """A normal predictive distribution per horizon and variable: mean and sd, (horizon, variable) each."""

    mean: Floats
    sd: Floats


def forecast_ar1(y: ArrayLike, horizons: Sequence[int]) -> Normal:
    """An AR(1)'s forecasts of each variable of `(quarter, variable)` by itself."""
    y = np.asarray(y, dtype=np.float64)
    each = [forecast_var1(column[:, None], horizons) for column in y.T]
    return Normal(*(np.concatenate(parts, axis=1) for parts in zip(*each, strict=True)))


def forecast_var1(y: ArrayLike, horizons: Sequence[int]) -> Normal:
    """A VAR(1)'s forecasts of `(quarter, variable)`, fitted with a constant.

    ValueError where fewer than two degrees of freedom would be left.
    """
    y = np.asarray(y, dtype=np.float64)
    quarters, variables = y.shape
    if quarters < variables + 4:
        raise ValueError(f"forecast_var1: {quarters} quarters, at least {variables + 4} are needed")
    past = np.column_stack([np.ones(quarters - 1), y[:-1]])
    found = np.linalg.lstsq(past, y[1:], rcond=None)[0]
    residuals = y[1:] - past @ found
    covariance = residuals.T @ residuals / (len(residuals) - variables - 1)
    return var1_path(found[0], found[1:].T, covariance, y[-1], horizons)


def var1_path(
    constant: Floats, matrix: Floats, covariance: Floats, last: Floats, horizons: Sequence[int]
) -> Normal:
    """The forecasts of y' = constant + matrix y + e, e normal with `covariance`, from y = `last`."""
    mean, spread = np.array(last, dtype=np.float64), np.zeros_like(covariance)
    means, sds = {}, {}
    for horizon in range(1, max(horizons) + 1):
        mean = constant + matrix @ mean
        spread = matrix @ spread @ matrix.T + covariance
        means[horizon], sds[horizon] = mean, np.sqrt(np.diag(spread))
    return Normal(np.array([means[h] for h in horizons]), np.array([sds[h] for h in horizons]))


def normal_crps(mean: ArrayLike, sd: ArrayLike, y: ArrayLike) -> Floats:
    """The continuous ranked probability score of normal forecasts, in the unit of y; lower is better.

    Source: Gneiting and Raftery (2007), equation 5 of their example.
    """
    mean, sd, y = (np.asarray(part, dtype=np.float64) for part in (mean, sd, y))
    z = (y - mean) / sd
    density = np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi)
    return np.asarray(sd * (z * (2.0 * ndtr(z) - 1.0) + 2.0 * density - 1.0 / np.sqrt(np.pi)))


def ensemble_crps(members: ArrayLike, y: ArrayLike) -> Floats:
    """The fair CRPS of ensembles (member, ...) for outcomes (...): unbiased in the number of members.

    Mean distance to the outcome less half the mean distance between two members. Sources: Gneiting and
    Raftery (2007), equation 21; Ferro (2014) for the fair version.
    """
    x = np.sort(np.asarray(members, dtype=np.float64), axis=0)
    count = len(x)
    if count < 2:
        raise ValueError(f"ensemble_crps: {count} member, at least 2 are needed")
    ranks = (2.0 * np.arange(1, count + 1) - count - 1.0).reshape(-1, *[1] * (x.ndim - 1))
    apart = 2.0 * (ranks * x).sum(axis=0) / (count * (count - 1.0))
    return np.asarray(np.abs(x - np.asarray(y)).mean(axis=0) - 0.5 * apart)


def moving_blocks(uniforms: ArrayLike, count: int, block: int) -> NDArray[np.int64]:
    """Resampled positions (draw, count) made of runs of `block` neighbours.

    `uniforms` (draw, count) in (0, 1) choose where runs start; more of them than needed are ignored.
    Source: Künsch (1989).
    """
    u = np.asarray(uniforms, dtype=np.float64)
    block = min(block, count)
    runs = -(-count // block)
    starts = np.floor(u[:, :runs] * (count - block + 1)).astype(np.int64)
    return (starts[:, :, None] + np.arange(block)).reshape(len(u), -1)[:, :count]


class Ratio(NamedTuple):
    """A score as a share of another's, or a score itself: value, 95 % bootstrap interval, p of equality."""

    value: float
    low: float
    high: float
    p: float = float("nan")


def interval(losses: ArrayLike, positions: NDArray[np.int64], root: bool) -> Ratio:
    """The mean of losses (origin,), or its root, and its interval over resampled origins."""
    return relative(losses, np.ones(len(np.asarray(losses))), positions, root)


def relative(losses: ArrayLike, others: ArrayLike, positions: NDArray[np.int64], root: bool) -> Ratio:
    """Mean(losses) / mean(others) with its interval; of the square roots of both with `root`.

    Both are resampled at the same origins, so that a bad year for all does not widen the interval.
    """
    a, b = np.asarray(losses, dtype=np.float64), np.asarray(others, dtype=np.float64)
    power = 0.5 if root else 1.0
    drawn = (a[positions].mean(axis=1) / b[positions].mean(axis=1)) ** power
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Ratio(float((a.mean() / b.mean()) ** power), float(low), float(high))


def diebold_mariano(losses: ArrayLike, others: ArrayLike, horizon: int) -> tuple[float, float]:
    """The statistic and two-sided p-value that two forecasts have equal mean losses (origin,).

    `horizon` is in origins: errors overlap with horizon − 1 neighbours. Newey and West's weights over that
    many lags or ∛n, whichever is more; factor and Student's t of Harvey, Leybourne and Newbold (1997).
    Below 0 the first forecast is better. NaN where the losses do not differ.
    """
    d = np.asarray(losses, dtype=np.float64) - np.asarray(others, dtype=np.float64)
    count = len(d)
    lags = min(max(horizon - 1, round(count ** (1.0 / 3.0))), count - 2)
    centred = d - d.mean()
    variance = centred @ centred / count
    for lag in range(1, lags + 1):
        variance += 2.0 * (1.0 - lag / (lags + 1.0)) * (centred[lag:] @ centred[:-lag]) / count
    if not variance > 0.0:
        return float("nan"), float("nan")
    small = max(count + 1.0 - 2.0 * horizon + horizon * (horizon - 1.0) / count, 1.0) / count
    statistic = np.sqrt(small) * d.mean() / np.sqrt(variance / count)
    return float(statistic), float(2.0 * stdtr(count - 1, -abs(statistic)))
