"""The legacy score of R histories: points of each check, of each category and in total."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.macro.legacy.checks import CATEGORIES, LISTED, Check
from analysis.macro.legacy.months import Months

Floats = NDArray[np.float64]

ITS_OWN = {
    "trained": "72–75",
    "uniform random policy": "65.6",
    "untrained": "64.6",
    "all-zero actions": "64.0",
}
"""What the source program's economy scores with its own policies, by its own program."""


@dataclass(frozen=True)
class Row:
    """One check of R histories: values (R,) and points (R,), NaN where the check is not defined."""

    check: Check
    values: Floats
    points: Floats

    @property
    def value(self) -> float:
        """The mean value of the histories where it is defined, NaN where it never is."""
        return _mean(self.values)

    @property
    def score(self) -> float:
        """The mean points of the histories where it is defined, NaN where it never is."""
        return _mean(self.points)


@dataclass(frozen=True)
class LegacyScore:
    """The rows of R histories and what follows from them; a comparison, never a target."""

    rows: tuple[Row, ...]

    @property
    def categories(self) -> dict[str, Floats]:
        """Points of each category, (R,): the weighted mean of its checks that are counted and defined."""
        return _by_category(self.rows, [row.points for row in self.rows])

    @property
    def scores(self) -> Floats:
        """The total of each history, (R,): the weighted mean of its categories that are defined."""
        return _total(self.categories)

    @property
    def score(self) -> float:
        """The mean total of the histories."""
        return _mean(self.scores)

    @property
    def se(self) -> float | None:
        """The standard error of `score`; None with a single history."""
        scores = self.scores
        return float(scores.std(ddof=1) / np.sqrt(len(scores))) if len(scores) > 1 else None

    @property
    def pooled(self) -> float:
        """The total of the mean values: nearest to its program, which scored its 20 histories as one."""
        points = [np.atleast_1d(row.check.scorer(row.value)) for row in self.rows]
        return float(_total(_by_category(self.rows, points))[0])

    def payload(self) -> dict[str, Any]:
        """The score as JSON takes it; what is not defined is null."""
        return {
            "score": _plain(self.score),
            "se": self.se,
            "pooled": _plain(self.pooled),
            "replicas": len(self.rows[0].values),
            "categories": {name: _plain(_mean(points)) for name, points in self.categories.items()},
            "checks": [
                {
                    "name": row.check.name,
                    "category": row.check.category,
                    "weight": row.check.weight,
                    "counted": row.check.counted,
                    "target": str(row.check.scorer),
                    "value": _plain(row.value),
                    "score": _plain(row.score),
                    "fault": row.check.fault or None,
                }
                for row in self.rows
            ],
            "its_own": ITS_OWN,
        }

    def text(self) -> str:
        """The score as a plain table, category by category, known faults marked with an `!`."""
        lines = [f"  {'check':<32}{'value':>9}{'target':>13}{'points':>8}{'weight':>8}  fault"]
        for category, points in self.categories.items():
            lines.append(f"{category:<56}{_shown(_mean(points), 1):>8}{CATEGORIES[category]:>8g}")
            lines += [_line(row) for row in self.rows if row.check.category == category]
        error = "" if self.se is None else f" ± {self.se:.1f}"
        lines += [
            "",
            f"{self.score:.1f}{error}  legacy score, mean over histories: a comparison, never a target",
            f"{self.pooled:.1f}  of the mean values, as its program pooled histories",
            "its program's own economy: "
            + ", ".join(f"{policy} {score}" for policy, score in ITS_OWN.items()),
        ]
        return "\n".join(lines)


def legacy_score(monthly: Mapping[str, ArrayLike]) -> LegacyScore:
    """The legacy score of R histories of M months.

    `monthly` maps the names in `legacy.SERIES` to (R, M): real `gdp`, `consumption`, `investment`
    and `bank_loans`, `price_level`, `unemployment` in %, `policy_rate` in % a year; and `wealth` to (R, N),
    the households' at the end. ValueError for what is missing, of another shape, or shorter than 48 months.
    """
    months = Months(monthly)
    rows = []
    for check in LISTED:
        values = np.asarray(check.measure(months), dtype=np.float64)
        rows.append(Row(check, values, check.scorer(values)))
    return LegacyScore(tuple(rows))


def _by_category(rows: Sequence[Row], points: Sequence[Floats]) -> dict[str, Floats]:
    found = {}
    for category in CATEGORIES:
        mine = [k for k, row in enumerate(rows) if row.check.counted and row.check.category == category]
        found[category] = _weighted([points[k] for k in mine], [rows[k].check.weight for k in mine])
    return found


def _total(categories: Mapping[str, Floats]) -> Floats:
    return _weighted(list(categories.values()), [CATEGORIES[name] for name in categories])


def _weighted(points: Sequence[Floats], weights: Sequence[float]) -> Floats:
    """The weighted mean of the defined of points (K, R), (R,)."""
    stacked = np.stack(points)
    weight = np.isfinite(stacked) * np.array(weights)[:, None]
    with np.errstate(invalid="ignore"):
        return (weight * np.nan_to_num(stacked)).sum(axis=0) / weight.sum(axis=0)


def _mean(values: Floats) -> float:
    defined = values[np.isfinite(values)]
    return float(defined.mean()) if len(defined) else float("nan")


def _plain(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _shown(value: float, digits: int) -> str:
    return f"{value:.{digits}f}" if np.isfinite(value) else "–"


def _line(row: Row) -> str:
    check = row.check
    weight = f"{check.weight:g}" if check.counted else "none"
    told = f"{_shown(row.value, 2):>9}{check.scorer!s:>13}{_shown(row.score, 1):>8}{weight:>8}"
    return f"{'!' if check.fault else ' '} {check.name:<32}{told}  {check.fault}".rstrip()
