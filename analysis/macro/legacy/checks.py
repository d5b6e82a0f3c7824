"""The checks of the legacy score: what each measures, how it is scored, its weight and its known fault."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.macro.legacy import measures as by
from analysis.macro.legacy.months import Months
from analysis.macro.legacy.scorers import Boolean, Correlation, Distance, Range, Scorer, Severity, Value
from analysis.statistics import skewness

CATEGORIES = {
    "First moments": 2.0,
    "Second moments": 1.5,
    "Persistence": 1.5,
    "Co-movement": 2.0,
    "Taylor rule": 2.0,
    "Phillips curve": 1.5,
    "Monetary transmission": 2.0,
    "Stability": 2.5,
    "Business cycle": 1.5,
    "Wealth": 1.0,
    "Policy effectiveness": 1.5,
    "Crisis": 1.5,
}
"""Weight of each category in the total."""


@dataclass(frozen=True)
class Check:
    """One check; `fault` says what is wrong with it; one that is not `counted` has no part in the total."""

    name: str
    category: str
    weight: float
    scorer: Scorer
    measure: Callable[[Months], NDArray[np.float64]]
    fault: str = ""
    counted: bool = True


ZERO = "a measured 0 earns 50"
CYCLE = "the target is that of a smooth cycle, not of growth from month to month"
MIDDLE = "best in the middle of its range, which is not the US value"
EVERY_MONTH = "perfect, 100 %, earns 70; and it asks for a move every month, where meetings are eight a year"
NOISE = "a month of growth below −1 % a year counts as a recession"
NEVER = "listed by its program but never carried out: its histories lack the column"
CONSTANT = "a constant series counts as a correlation of 0"

_MEANS = (
    Check("GDP growth, mean", "First moments", 2, Value(2.7, 2), lambda m: m.growth.mean(1), ZERO),
    Check("inflation, mean", "First moments", 2, Value(2.8, 1.5), lambda m: m.inflation.mean(1), ZERO),
    Check("unemployment, mean", "First moments", 2, Value(5.8, 2), lambda m: m.unemployment.mean(1), ZERO),
    Check("policy rate, mean", "First moments", 1.5, Value(4.2, 2), lambda m: m.rate.mean(1), ZERO),
    Check(
        "unemployment near NAIRU", "First moments", 1, Value(4.5, 1.5), lambda m: m.unemployment.mean(1),
        f"{ZERO}; the same number is to be 5.8 as well",
    ),
    Check(
        "inflation near target", "First moments", 1.5, Value(2.0, 1), lambda m: m.inflation.mean(1),
        f"{ZERO}; the same number is to be 2.8 as well",
    ),
)  # fmt: skip

_MOMENTS = (
    Check("GDP growth, sd", "Second moments", 1.5, Range(0.5, 15), lambda m: m.growth.std(1), MIDDLE),
    Check("inflation, sd", "Second moments", 1.5, Range(0.3, 5), lambda m: m.inflation.std(1), MIDDLE),
    Check("unemployment, sd", "Second moments", 1.5, Range(0.5, 5), lambda m: m.unemployment.std(1), MIDDLE),
    Check("policy rate, sd", "Second moments", 1, Range(0.3, 8), lambda m: m.rate.std(1), MIDDLE),
    Check("GDP growth, skewness", "Second moments", 1, Range(-2, 0.5), lambda m: skewness(m.growth)),
    Check(
        "GDP growth, excess kurtosis", "Second moments", 0.5, Range(0, 10), lambda m: by.kurtosis(m.growth),
        "normal, 0, earns 70 as an edge",
    ),
)  # fmt: skip

_PERSISTENCE = (
    Check(
        "GDP growth, AC(1)", "Persistence", 1.5, Correlation(0.85), lambda m: by.persistence(m.growth), CYCLE
    ),
    Check(
        "GDP growth, AC(4)", "Persistence", 1, Correlation(0.6), lambda m: by.persistence(m.growth, 4), CYCLE
    ),
    Check(
        "inflation, AC(1)", "Persistence", 1.5, Correlation(0.85), lambda m: by.persistence(m.inflation),
        CONSTANT,
    ),
    Check(
        "unemployment, AC(1)", "Persistence", 1.5, Correlation(0.95),
        lambda m: by.persistence(m.unemployment), CONSTANT,
    ),
    Check(
        "policy rate, AC(1)", "Persistence", 1, Correlation(0.75), lambda m: by.persistence(m.rate), CONSTANT
    ),
)  # fmt: skip

_COMOVEMENT = (
    Check(
        "Δ unemployment, GDP growth", "Co-movement", 2, Correlation(-0.85),
        lambda m: by.together(m.unemployment_change, m.growth), CONSTANT,
    ),
    Check(
        "Δ inflation, GDP growth", "Co-movement", 1, Correlation(0.3, sign_matters=False),
        lambda m: by.together(m.inflation_change, m.growth[:, 1:]), f"{CONSTANT}, which earns 70",
    ),
    Check(
        "credit growth, GDP growth", "Co-movement", 1, Correlation(0.7),
        lambda m: by.together(m.growth_of("bank_loans"), m.growth), CONSTANT,
    ),
    Check(
        "consumption, GDP growth", "Co-movement", 1.5, Correlation(0.85),
        lambda m: by.together(m.growth_of("consumption"), m.growth), NEVER, counted=False,
    ),
    Check(
        "investment, GDP growth", "Co-movement", 1.5, Correlation(0.9),
        lambda m: by.together(m.growth_of("investment"), m.growth), NEVER, counted=False,
    ),
)  # fmt: skip

_TAYLOR = (
    Check("Taylor rule", "Taylor rule", 2, Range(0, 5), by.taylor_deviation, "perfect, 0, earns 70"),
    Check("rate up when inflation high", "Taylor rule", 2, Range(30, 100), by.raised_when_high, EVERY_MONTH),
    Check("rate down when inflation low", "Taylor rule", 2, Range(30, 100), by.cut_when_low, EVERY_MONTH),
    Check("rate in the right direction", "Taylor rule", 1.5, Range(40, 100), by.right_direction, EVERY_MONTH),
)

_PHILLIPS = (
    Check(
        "unemployment, Δ inflation", "Phillips curve", 2, Range(-0.8, 0.3), by.phillips,
        "no relation, 0, earns 86",
    ),
    Check(
        "unemployment, output gap", "Phillips curve", 2, Range(-1, 0.2),
        by.okun,
        "no relation, 0, earns 80, and Okun's law, −1, 70; its own gap was computed from unemployment",
    ),
)  # fmt: skip

_TRANSMISSION = (
    Check(
        "rate → GDP, 12–18 months", "Monetary transmission", 2, Range(-0.7, 0.2), by.rate_to_gdp,
        "no effect, 0, earns 83",
    ),
    Check(
        "rate → inflation, 18–24 months", "Monetary transmission", 2, Range(-0.6, 0.2), by.rate_to_inflation,
        "no effect, 0, earns 85",
    ),
    Check(
        "transmission active", "Monetary transmission", 1.5, Range(30, 100), by.transmission_active,
        "perfect, 100 %, earns 70; a correlation of .05 is within chance, of either sign",
    ),
)  # fmt: skip

CLIPPED = "could not fail in its program, which cut inflation off at −10 and 30 %; here it can"

_STABILITY = (
    Check(
        "GDP never tenfold", "Stability", 2.5, Boolean(0.99), lambda m: by.holds(m.gdp <= 10 * m.gdp[:, :1])
    ),
    Check(
        "GDP never under a tenth", "Stability", 2.5, Boolean(0.99),
        lambda m: by.holds(m.gdp >= 0.1 * m.gdp[:, :1]),
    ),
    Check(
        "inflation ≤ 50 %", "Stability", 2, Boolean(0.99), lambda m: by.holds(m.inflation <= 50), CLIPPED
    ),
    Check(
        "inflation ≥ −10 %", "Stability", 1.5, Boolean(0.99), lambda m: by.holds(m.inflation >= -10), CLIPPED
    ),
    Check("unemployment ≤ 25 %", "Stability", 2, Boolean(0.99), lambda m: by.holds(m.unemployment <= 25)),
    Check(
        "not at the zero bound", "Stability", 1, Range(50, 100), by.off_zero_bound, "perfect, 100 %, earns 70"
    ),
)  # fmt: skip

_CYCLE = (
    Check(
        "has recessions", "Business cycle", 2, Boolean(0.3), lambda m: m.recession.any(1).astype(float),
        f"{NOISE}: monthly noise passes",
    ),
    Check(
        "time in recession", "Business cycle", 1.5, Range(5, 35), lambda m: 100.0 * m.recession.mean(1), NOISE
    ),
    Check("recession depth", "Business cycle", 1, Range(-15, -0.5), by.depth, f"{NOISE}: one month's growth"),
    Check("recovery", "Business cycle", 1, Range(0.5, 15), by.recovery, NOISE),
)  # fmt: skip

_WEALTH = (
    Check("Gini", "Wealth", 1.5, Value(0.85, 0.2), by.wealth_gini, ZERO),
    Check("top 10 % share", "Wealth", 1, Value(70, 15), lambda m: by.top_share(m, 0.1), ZERO),
    Check(
        "top 1 % share", "Wealth", 1, Value(35, 10), lambda m: by.top_share(m, 0.01), NEVER, counted=False
    ),
    Check("bottom half share", "Wealth", 0.5, Range(0, 20), by.bottom_half_share, MIDDLE),
)  # fmt: skip

_EFFECTIVENESS = (
    Check(
        "policy rate variability", "Policy effectiveness", 1.5, Range(0.3, 8), lambda m: m.rate.std(1),
        "the number and the range of the policy rate's sd, counted again",
    ),
    Check(
        "policy impact", "Policy effectiveness", 2, Range(-0.5, 2), by.policy_impact, "no effect, 0, earns 82"
    ),
    Check(
        "stabilisation", "Policy effectiveness", 1.5, Range(0.1, 1), by.stabilisation,
        "perfect, 1, earns 70; below its range only with an sd of inflation of some 90 points",
    ),
)  # fmt: skip

_CRISIS = (
    Check("crisis depth", "Crisis", 2, Distance(-2.92, 5), by.depth, f"{NOISE}: one month's growth"),
    Check(
        "peak unemployment", "Crisis", 1.5, Distance(8.91, 100 / 8.91), by.peak_unemployment,
        "the highest of the whole history, whenever it was",
    ),
    Check(
        "share of mild recessions", "Crisis", 1, Distance(57.7, 1), by.mild_share,
        "constant target: a history is 0 or 100 % mild and earns 42.3 or 57.7",
    ),
    Check(
        "policy response", "Crisis", 1, Value(335.6, 50), by.policy_response,
        f"{ZERO}; the range over the whole history, whatever moved the rate",
    ),
    Check(
        "severe crises", "Crisis", 1, Severity(-3.36, -2.1), by.depth,
        "the deeper the better, without limit; none at all earns 20",
    ),
)  # fmt: skip

LISTED = (
    *(*_MEANS, *_MOMENTS, *_PERSISTENCE, *_COMOVEMENT, *_TAYLOR, *_PHILLIPS),
    *(*_TRANSMISSION, *_STABILITY, *_CYCLE, *_WEALTH, *_EFFECTIVENESS, *_CRISIS),
)
"""Every check that the source lists: the 50 of the total and the three that its program never carried out."""

CHECKS = tuple(check for check in LISTED if check.counted)
