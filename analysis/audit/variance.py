"""The variance of a series by exogenous process: what goes without it, and what it makes alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.filters import hp_cycle
from analysis.inference import ratio_of_means

Floats = NDArray[np.float64]
Estimate = tuple[float, float, float]
"""A share with the bounds of its 95 % interval."""

MOST = 0.5  # of the variance that a single process may carry
UNDEFINED: Estimate = (float("nan"), float("nan"), float("nan"))
FLOOR = "none"
"""The name of the row without any process: luck of matching, and cycles of the economy itself."""

MEASURES: dict[str, Callable[[Floats], Floats]] = {
    "cycle": hp_cycle,
    "growth": lambda y: y[..., 4:] - y[..., :-4],
}
"""What varies: the HP cycle of a quarterly series and its growth over four quarters, both of 100·log."""
TITLES = {"cycle": "HP cycle", "growth": "4-quarter growth"}


@dataclass(frozen=True)
class Share:
    """The shares of one process in the variance of one measure of a series, 1 = all of it.

    `removed` is what goes when the process is switched off; `alone` what it makes when all others are, beyond
    what is there without any. In a linear economy the two are equal and add up to 1 with the floor.
    """

    process: str
    measure: str
    removed: Estimate
    alone: Estimate

    @property
    def largest(self) -> float:
        """The larger of both shares; the floor, which is no shock, has 0."""
        known = [value for value, *_ in (self.removed, self.alone) if np.isfinite(value)]
        return max(known, default=0.0) if self.process != FLOOR else 0.0


def variances(levels: ArrayLike) -> dict[str, Floats]:
    """The variance over time of each measure of a series (replica, quarter), (replica,) each."""
    y = 100.0 * np.log(np.asarray(levels, dtype=np.float64))
    return {name: measured(y).var(axis=-1, ddof=1) for name, measured in MEASURES.items()}


def shares(
    base: ArrayLike, without: Mapping[str, ArrayLike], alone: Mapping[str, ArrayLike], nothing: ArrayLike
) -> list[Share]:
    """The shares of every process, the floor last.

    All arguments are the series (replica, quarter) on the same noise: with every process, `without` one, with
    one `alone`, and with `nothing` of them. A process that lacks an arm has an undefined share.
    """
    whole, floor = variances(base), variances(nothing)
    off = {name: variances(levels) for name, levels in without.items()}
    only = {name: variances(levels) for name, levels in alone.items()}
    found = []
    for measure in MEASURES:
        total = whole[measure]
        for name in dict.fromkeys([*without, *alone]):
            removed = ratio_of_means(total - off[name][measure], total) if name in off else UNDEFINED
            made = ratio_of_means(only[name][measure] - floor[measure], total) if name in only else UNDEFINED
            found.append(Share(name, measure, removed, made))
        found.append(Share(FLOOR, measure, UNDEFINED, ratio_of_means(floor[measure], total)))
    return found


def spoken(found: Sequence[Share], series: str) -> list[str]:
    """The shares in the variance of `series` as lines of text, the largest first, and a verdict."""
    lines = []
    for measure, title in TITLES.items():
        rows = [share for share in found if share.measure == measure]
        rows.sort(key=lambda share: -share.largest)
        lines.append(f"{f'variance of {series}, {title}':<28}{'goes without it':>24}{'made by it alone':>24}")
        lines += [f"  {row.process:<26}{_cell(row.removed):>24}{_cell(row.alone):>24}" for row in rows]
    return [*lines, verdict(found, series)]


def verdict(found: Sequence[Share], series: str) -> str:
    """In one sentence whether a single process carries more than half of the variance of `series`."""
    over = [share for share in found if share.largest > MOST]
    if not over:
        most = max(found, key=lambda share: share.largest)
        return (
            f"no single shock carries more than half of the variance of {series}: "
            f"the largest share is {_percent(most.largest)} of the {TITLES[most.measure]}, {_said(most)}"
        )
    named = ", ".join(f"{_said(one)} {_percent(one.largest)} of the {TITLES[one.measure]}" for one in over)
    return f"MISS: a single shock carries more than half of the variance of {series}: {named}"


def _cell(estimate: Estimate) -> str:
    value, low, high = estimate
    if not np.isfinite(value):
        return "–"
    bounds = f" ({100 * low:.0f} to {100 * high:.0f})" if np.isfinite(low) else ""
    return f"{_percent(value)}{bounds}".replace("-", "−")


def _said(share: Share) -> str:
    return share.process.replace("_", " ")


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
