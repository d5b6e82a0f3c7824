"""What large orders do to the price: how it moves while they are worked, by their size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.exchange.measures.powers import exponent

Floats = NDArray[np.float64]

BURN_IN = 120
"""Days of a run before the first order that counts: books and attention settle."""

USUAL = 20
"""Days before an order over which usual volume and volatility are taken."""

BINS, LEAST, SPELLS = 12, 30, 5
"""Bins of size, orders that a bin needs, and groups of equal duration."""


@dataclass(frozen=True)
class Parents:
    """Large orders that have been worked to the end, a value each: what they did, and how long."""

    day: NDArray[np.int64]
    sign: Floats
    quantity: Floats
    change: Floats
    duration: Floats
    """`day` in which it began, `sign` 1 bought and −1 sold, lots, log price change, ticks it took."""


def scaled(parents: Parents, returns: Floats, volume: Floats) -> tuple[Floats, Floats, Floats]:
    """Q/V, signed change in daily standard deviations and duration of orders after the burn-in.

    V and the deviation are those of the `USUAL` days before the day in which an order began, of `returns`
    (T − 1,) and `volume` (T,), so that busy times are measured by their own yardstick.
    """
    day = parents.day
    known = (day > max(BURN_IN, USUAL)) & (day <= len(returns))
    usual = np.lib.stride_tricks.sliding_window_view(volume, USUAL).mean(axis=-1)
    daily = np.sqrt(np.lib.stride_tricks.sliding_window_view(returns**2, USUAL).mean(axis=-1))
    at = np.where(known, day, USUAL + 1)
    v, sigma = usual[at - USUAL], daily[at - USUAL - 1]
    known &= (v > 0) & (sigma > 0) & (parents.quantity > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        size, moved = parents.quantity / v, parents.sign * parents.change / sigma
    return size[known], moved[known], parents.duration[known]


def curve(size: Floats, moved: Floats) -> tuple[Floats, Floats, Floats]:
    """Mean size, mean move and its standard error by bins of log size, (bin,); NaN in bins of few orders."""
    edges = np.geomspace(size.min(), size.max() * (1 + 1e-9), BINS + 1)
    at = np.digitize(size, edges) - 1
    found = np.full((3, BINS), np.nan)
    for k in range(BINS):
        mine = moved[at == k]
        if len(mine) >= LEAST:
            error = mine.std(ddof=1) / np.sqrt(len(mine))
            found[:, k] = np.exp(np.log(size[at == k]).mean()), mine.mean(), error
    return found[0], found[1], found[2]


def impact_exponent(size: Floats, moved: Floats) -> float:
    """δ of move = Y (Q/V)^δ: .5 is the square-root law, Tóth et al. (2011). NaN of too few orders."""
    if len(size) < BINS * LEAST or np.ptp(size) == 0:
        return float("nan")
    return exponent(*curve(size, moved))


def impact_at_duration(size: Floats, moved: Floats, duration: Floats) -> float:
    """The same δ among orders that took about equally long, with a Y for each of five groups of duration."""
    if len(size) < SPELLS * BINS * LEAST or np.ptp(size) == 0:
        return float("nan")
    group = np.searchsorted(np.quantile(duration, np.arange(1, SPELLS) / SPELLS), duration)
    curves = [curve(size[mine], moved[mine]) for g in range(SPELLS) if (mine := group == g).sum() > LEAST]
    x, mean, error = (np.array(each) for each in zip(*curves))
    return exponent(x, mean, error)
