"""What the legacy checks measure: functions of `Months` to one number a history, (R,), NaN where undefined.

Correlations and autocorrelations of a constant series count as 0, as in the source program; the lagged
correlations of policy, and those of the Phillips curve, are undefined there.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.macro.legacy.months import Months
from analysis.statistics import correlation, ratio
from streams.measures import gini

Floats = NDArray[np.float64]

NEUTRAL_REAL_RATE, INFLATION_TARGET = 2.0, 2.0  # %
HIGHEST_TAYLOR_RATE = 20.0
HIGH, LOW, CLEAR = 1.5, -0.5, 0.5  # points of inflation over target that ask for a rise, a cut, any move
GDP_LAGS, INFLATION_LAGS = (12, 15, 18), (18, 21, 24)  # months
ACTIVE = 0.05  # a mean lagged correlation over this shows transmission
NEAR_ZERO, STUCK = 0.5, 0.8  # a rate, %, and the share of months below it
TIGHTENING = 0.1  # points in a month
MILD = -3.0  # % a year: a recession that never falls further is mild


def kurtosis(x: Floats) -> Floats:
    """The excess kurtosis, moments with ddof = 0."""
    x = x - x.mean(axis=-1, keepdims=True)
    return ratio((x**4).mean(axis=-1), (x**2).mean(axis=-1) ** 2) - 3.0


def together(x: Floats, y: Floats) -> Floats:
    """The correlation of two series, 0 where one is constant."""
    return np.nan_to_num(correlation(x, y))


def persistence(x: Floats, lag: int = 1) -> Floats:
    """The correlation of a series with itself some months ago, 0 where it is constant."""
    return together(x[:, lag:], x[:, :-lag])


def taylor_deviation(m: Months) -> Floats:
    """The mean distance of the policy rate from a Taylor rule cut off at 0 and 20 %, points."""
    wanted = NEUTRAL_REAL_RATE + m.inflation + 1.5 * (m.inflation - INFLATION_TARGET) + 0.5 * m.gap
    return np.abs(m.rate - np.clip(wanted, 0.0, HIGHEST_TAYLOR_RATE)).mean(axis=1)


def raised_when_high(m: Months) -> Floats:
    """In how many of the months of high inflation the rate rises, %; undefined for ten or fewer."""
    return _share(m.rate_change > 0.0, _excess(m) > HIGH, 10)


def cut_when_low(m: Months) -> Floats:
    """In how many of the months of low inflation the rate falls, %; undefined for ten or fewer."""
    return _share(m.rate_change < 0.0, _excess(m) < LOW, 10)


def right_direction(m: Months) -> Floats:
    """In how many months off target the rate moves against inflation, %; undefined for 20 or fewer."""
    return _share(np.sign(m.rate_change) == np.sign(_excess(m)), np.abs(_excess(m)) > CLEAR, 20)


def _excess(m: Months) -> Floats:
    """Inflation over its target in the months whose rate change is known, points."""
    return m.inflation - INFLATION_TARGET


def _share(hit: NDArray[np.bool_], asked: NDArray[np.bool_], least: int) -> Floats:
    cases = asked.sum(axis=1)
    return np.where(cases > least, 100.0 * ratio((hit & asked).sum(axis=1), 1.0 * cases), np.nan)


def phillips(m: Months) -> Floats:
    """The correlation of unemployment and the change of inflation."""
    return correlation(m.unemployment[:, 1:], m.inflation_change)


def okun(m: Months) -> Floats:
    """The correlation of unemployment and the output gap."""
    found = correlation(m.unemployment, m.gap)
    return np.clip(found, -1.0, 1.0)  # the range ends at -1, and rounding must not fall off its edge


def rate_to_gdp(m: Months) -> Floats:
    """The mean correlation of rate changes and GDP growth 12, 15 and 18 months later."""
    return _later(m.rate_change, m.growth, GDP_LAGS)


def rate_to_inflation(m: Months) -> Floats:
    """The mean correlation of rate changes and changes of inflation 18, 21 and 24 months later."""
    return _later(m.rate_change[:, 1:], m.inflation_change, INFLATION_LAGS)


def _later(cause: Floats, effect: Floats, lags: tuple[int, ...]) -> Floats:
    return np.stack([correlation(cause[:, :-lag], effect[:, lag:]) for lag in lags]).mean(axis=0)


def transmission_active(m: Months) -> Floats:
    """100 where the mean lagged correlation with GDP is over .05 in size, otherwise 0."""
    effect = np.abs(rate_to_gdp(m))
    return np.where(np.isnan(effect), np.nan, np.where(effect > ACTIVE, 100.0, 0.0))


def holds(condition: NDArray[np.bool_]) -> Floats:
    """1 for the histories (R, M) in which a condition holds in every month, otherwise 0."""
    return np.where(condition.all(axis=1), 1.0, 0.0)


def off_zero_bound(m: Months) -> Floats:
    """0 where the rate is below half a percent in over four fifths of the months, otherwise 100."""
    return np.where((m.rate < NEAR_ZERO).mean(axis=1) > STUCK, 0.0, 100.0)


def depth(m: Months) -> Floats:
    """The lowest growth rate of a history that has recessions, % a year."""
    return np.where(m.recession.any(axis=1), m.growth.min(axis=1), np.nan)


def recovery(m: Months) -> Floats:
    """Mean growth of six months from the first of three without recession on, % a year."""
    found = np.full(len(m.growth), np.nan)
    for r, (fallen, growth) in enumerate(zip(m.recession, m.growth)):
        ends = [i for i in range(len(fallen) - 6) if fallen[i] and not fallen[i + 1 : i + 4].any()]
        if ends:
            found[r] = np.mean([growth[i + 1 : i + 7].mean() for i in ends])
    return found


def wealth_gini(m: Months) -> Floats:
    """The Gini coefficient of wealth; where some are in debt, of wealth over the poorest."""
    return gini(m.wealth - np.minimum(m.wealth.min(axis=1, keepdims=True), 0.0))


def top_share(m: Months, share: float) -> Floats:
    """What the richest share of households owns of all wealth, %; at least one household."""
    count = max(1, int(share * m.wealth.shape[1]))
    return 100.0 * ratio(np.sort(m.wealth, axis=1)[:, -count:].sum(axis=1), m.wealth.sum(axis=1))


def bottom_half_share(m: Months) -> Floats:
    """What the poorer half of households owns of all wealth, %."""
    poorer = np.sort(m.wealth, axis=1)[:, : m.wealth.shape[1] // 2]
    return 100.0 * ratio(poorer.sum(axis=1), m.wealth.sum(axis=1))


def policy_impact(m: Months) -> Floats:
    """By how much inflation is lower a year after the rate rose, points.

    The mean over months with a rise of over .1 points; undefined for five or fewer.
    """
    # Month i + 1 is the first with the new rate; inflation is compared from the month before it.
    rises = m.rate_change[:, 1:] > TIGHTENING
    fall = m.inflation[:, :-12] - m.inflation[:, 12:]
    counted = rises[:, : fall.shape[1]]
    mean = ratio(np.where(counted, fall, 0.0).sum(axis=1), 1.0 * counted.sum(axis=1))
    return np.where(rises.sum(axis=1) > 5, mean, np.nan)


def stabilisation(m: Months) -> Floats:
    """1 / (1 + sd of monthly log GDP growth + a tenth of the sd of inflation in %)."""
    return 1.0 / (1.0 + m.growth.std(axis=1) / 1200.0 + m.inflation.std(axis=1) / 10.0)


def peak_unemployment(m: Months) -> Floats:
    """The highest unemployment rate of a history that has recessions, %."""
    return np.where(m.recession.any(axis=1), m.unemployment.max(axis=1), np.nan)


def mild_share(m: Months) -> Floats:
    """100 where the deepest month of recession is above -3 % a year, otherwise 0."""
    worst = depth(m)
    return np.where(np.isnan(worst), np.nan, np.where(worst > MILD, 100.0, 0.0))


def policy_response(m: Months) -> Floats:
    """The range of the policy rate in a history that has recessions, basis points."""
    return np.where(m.recession.any(axis=1), 100.0 * np.ptp(m.rate, axis=1), np.nan)
