"""What is said of a society: a number, what chance or a control arm would give, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from analysis.inference import LEAST, bootstrapped, reach, resamples, uniforms

Floats = NDArray[np.float64]

ROUNDING = 1e-12
"""Differences up to this share of what is compared are rounding, no finding."""

SHUFFLES = 20
"""Redrawn societies per null; each is already an average over agents and ticks."""


@dataclass(frozen=True)
class Measure:
    """A mean over `n` histories with the null it is held against, both in `unit`; NaN is not defined.

    `low` and `high` are the 95 % interval of value − null over histories, moved by the null: the null lies
    outside exactly when the difference is measurable, the noise of both counted. The part of `name` before
    the first comma is the topic, the rest says of what.
    """

    name: str
    value: float
    null: float
    low: float
    high: float
    n: int
    unit: str

    @property
    def topic(self) -> str:
        """The name without what it is of."""
        return self.name.partition(",")[0]

    @property
    def tested(self) -> bool:
        """Whether there is a null, and histories enough to hold the value against it."""
        return self.n >= LEAST and bool(np.isfinite([self.low, self.high, self.null]).all())

    @property
    def sign(self) -> int:
        """+1 or −1 where the null lies below or above the interval, else 0; 0 where it is not `tested`."""
        return self.tested * (int(self.low > self.null) - int(self.high < self.null))

    @property
    def verdict(self) -> str:
        """What may be said, in words."""
        if np.isnan(self.value):
            return "not defined in these histories"
        if np.isnan(self.null):
            return "nothing to hold it against"
        if not self.tested:
            return "too few histories to tell"
        return ("below", "not distinguishable from", "above")[1 + self.sign] + " chance"


def compared(name: str, values: ArrayLike, null: ArrayLike | None, unit: str = "1", seed: int = 0) -> Measure:
    """The mean of values (R,) against a null (R,) or a number, by bootstrap over histories.

    A history in which either is not finite is left out of both; `null` None is no null.
    """
    values = np.asarray(values, dtype=np.float64)
    base = np.broadcast_to(np.asarray(0.0 if null is None else null, dtype=np.float64), values.shape)
    used = np.isfinite(values - base)
    if not used.any():
        return Measure(name, np.nan, np.nan, np.nan, np.nan, 0, unit)
    values, base = _rounded(values[used], base[used]), base[used]
    found = bootstrapped(base, values, seed=seed, expanded=True)
    chance = float(base.mean())
    bounds = (chance + float(found.low), chance + float(found.high))
    known = np.nan if null is None else chance
    return Measure(name, float(values.mean()), known, *bounds, int(used.sum()), unit)


def compared_ratio(
    name: str, part: ArrayLike, whole: ArrayLike, null_part: ArrayLike, unit: str = "1", seed: int = 0
) -> Measure:
    """Σ part / Σ whole over histories (R,) against Σ null_part / Σ whole, by percentile bootstrap.

    Long histories count by their size, which a mean of ratios would not do. Histories without a whole are
    left out.
    """
    inside, over, chance = np.broadcast_arrays(*(np.asarray(x, np.float64) for x in (part, whole, null_part)))
    used = np.isfinite(inside + chance) & (over > 0)
    inside, over, chance = _rounded(inside[used], chance[used]), over[used], chance[used]
    n = int(used.sum())
    if n == 0:
        return Measure(name, np.nan, np.nan, np.nan, np.nan, 0, unit)
    value, null = float(inside.sum() / over.sum()), float(chance.sum() / over.sum())
    if n == 1:
        return Measure(name, value, null, np.nan, np.nan, n, unit)
    drawn = resamples(n, seed=seed)
    ratios = (inside - chance)[drawn].sum(axis=1) / over[drawn].sum(axis=1)
    low, high = np.quantile(ratios, ndtr([-reach(n), reach(n)]))
    return Measure(name, value, null, null + float(low), null + float(high), n, unit)


def difference(name: str, base: ArrayLike, changed: ArrayLike, unit: str = "1", seed: int = 0) -> Measure:
    """The mean of `changed` − `base` against 0, both (R,) or (R, …) averaged to that, in pairs."""
    before, after = per_history(base), per_history(changed)
    return compared(name, _rounded(after, before) - before, 0.0, unit, seed)


def per_history(values: ArrayLike) -> Floats:
    """Means (R,) of values (R, …), of what is finite; NaN where nothing is."""
    values = np.asarray(values, dtype=np.float64)
    rows = values.reshape(len(values), -1)
    used = np.isfinite(rows)
    sums, counts = np.where(used, rows, 0.0).sum(axis=1), used.sum(axis=1)
    return np.divide(sums, counts, out=np.full(len(rows), np.nan), where=counts > 0)


def shuffled(values: NDArray, seed: int = 0) -> NDArray:
    """Values (…, n), every row of the last axis in a random order of its own that `seed` decides."""
    return np.take_along_axis(values, np.argsort(uniforms(values.shape, seed), axis=-1), axis=-1)


def under_shuffles(
    statistic: Callable[[NDArray], Floats], values: NDArray, shuffles: int = SHUFFLES, seed: int = 0
) -> Floats:
    """The mean of a statistic of values (…, n) over shuffles of every row of the last axis."""
    drawn = [statistic(shuffled(values, seed * shuffles + k)) for k in range(shuffles)]
    return np.mean(drawn, axis=0)


def _rounded(values: Floats, base: Floats) -> Floats:
    """Values, those that differ from `base` by rounding alone set to it."""
    size = np.maximum(np.abs(values), np.abs(base))
    return np.where(np.abs(values - base) <= ROUNDING * size, base, values)
