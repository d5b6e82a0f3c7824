"""Exponents of power laws from means with errors, some of which may lie below zero."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

Floats = NDArray[np.float64]

BOUNDS = (-1.0, 3.0)


def exponent(x: Floats, mean: Floats, error: Floats) -> float:
    """δ of mean = Y·x^δ, weighted by errors: (group, point) with a Y of each group, or (point,).

    Least squares on the means themselves, so that means below zero count like others: their logarithms do
    not exist, and to leave them out bends the law. NaN when no law with Y above zero fits better than none.
    """
    x, mean, error = (np.atleast_2d(each) for each in (x, mean, error))
    known = np.isfinite(mean) & np.isfinite(error) & (error > 0)
    if known.sum() < 3:
        return float("nan")
    weight = np.where(known, 1.0 / np.where(known, error, 1.0) ** 2, 0.0)
    mean = np.where(known, mean, 0.0)
    centre = np.exp(np.log(x[known]).mean())

    def gained(delta: float) -> float:
        shape = (np.where(known, x, centre) / centre) ** delta
        top, bottom = (weight * shape * mean).sum(axis=-1), (weight * shape**2).sum(axis=-1)
        scale = np.divide(np.maximum(top, 0.0), bottom, out=np.zeros_like(top), where=bottom > 0)
        return float((scale * top).sum())

    grid = np.linspace(*BOUNDS, 41)
    best = grid[np.argmax([gained(delta) for delta in grid])]
    if gained(best) <= 0 or best in BOUNDS:
        return float("nan")
    step = grid[1] - grid[0]
    found = minimize_scalar(lambda delta: -gained(delta), bounds=(best - step, best + step), method="bounded")
    return float(found.x)
