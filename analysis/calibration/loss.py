"""What a calibration minimises: about the number of facts missed, made smooth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from analysis.calibration.space import CalibrationError
from analysis.facts import Facts
from analysis.scorecard import Scorecard, score_series

Floats = NDArray[np.float64]

STEEPNESS = 4.0  # of the soft edge of a fact's band, per half-width
PULL, REACH = (
    0.03,
    6.0,
)  # facts per half-width of distance, counted up to REACH half-widths: far misses pull too
UNDEFINED = 3.0  # half-widths an undefined fact counts as
IMPLAUSIBLE = 10.0  # facts per width of a plausible range that a mean lies outside of it


@dataclass(frozen=True)
class Judgement:
    """What one economy is worth: loss, score and its standard error in %, means of `plausible` series."""

    loss: float
    score: float
    se: float | None
    means: Mapping[str, float]


REFUSED = Judgement(float("inf"), float("nan"), None, {})
"""The judgement of an economy that broke down."""


def soft_misses(card: Scorecard) -> Floats:
    """Each fact's smooth share of misses over histories, (facts,), in the order of `card.rows`."""
    values = np.array([row.values for row in card.rows])
    real, half = card.facts.bands([row.name for row in card.rows])
    distance = np.abs(values - real[:, None]) / half[:, None]
    distance = np.where(np.isfinite(distance), distance, UNDEFINED)
    soft = expit(STEEPNESS * (distance - 1.0)) + PULL * np.minimum(distance, REACH)
    return np.asarray(soft.mean(axis=1))


def judge(
    series: Mapping[str, Floats], facts: Facts, plausible: Mapping[str, tuple[float, float]]
) -> Judgement:
    """The loss and the score of R histories, series (R, Q) by name.

    `plausible` holds [low, high] of the mean of a series, or of a ratio `"a/b"` of two.
    """
    card = score_series(series, facts)
    means = {name: _mean(series, name) for name in plausible}
    outside = sum(_outside(means[name], *bounds) for name, bounds in plausible.items())
    return Judgement(float(soft_misses(card).sum() + IMPLAUSIBLE * outside), card.score, card.se, means)


def _mean(series: Mapping[str, Floats], name: str) -> float:
    parts = [part.strip() for part in name.split("/")]
    unknown = [part for part in parts if part not in series]
    if unknown or len(parts) > 2:
        raise CalibrationError(
            f'plausible.{name}: valid is a series or "a/b" of two, out of {", ".join(series)}'
        )
    with np.errstate(divide="ignore", invalid="ignore"):
        values = series[parts[0]] / series[parts[1]] if len(parts) == 2 else series[parts[0]]
    return float(np.mean(values))


def _outside(mean: float, low: float, high: float) -> float:
    """How far a mean lies outside its range, in widths of the range; an undefined mean counts as one."""
    return max(0.0, low - mean, mean - high) / (high - low) if np.isfinite(mean) else 1.0
