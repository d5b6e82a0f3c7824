"""Transmission: what must hold of a higher policy rate, of public spending and of a credit crunch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from analysis.comparison import Comparison, Effect
from analysis.inference import Interval, paired
from analysis.macro.responses import MULTIPLIER, Response
from analysis.wording import bounds, estimate, number

TWO_YEARS = 8  # quarters


@dataclass(frozen=True)
class Statement:
    """Something that must hold, whether it does, and the numbers behind it."""

    says: str
    holds: bool
    measured: str

    def __str__(self) -> str:
        return f"{'holds' if self.holds else 'FAILS'}: {self.says}: {self.measured}"


def average(effect: Effect, start: int, quarters: int = TWO_YEARS) -> Interval:
    """The interval of an effect's mean over `quarters` from quarter `start` on."""
    return paired(0.0, effect.paths[:, start : start + quarters].mean(axis=1))


def falls(effect: Effect, start: int, quarters: int = TWO_YEARS) -> bool:
    """Whether the mean effect is below 0 in some of the quarters after `start`, and above 0 in none.

    Judged by the band that holds in all of those quarters at once with 95 % (Bonferroni), since one of eight
    separate bands excludes 0 by chance in one case of five.
    """
    paths = effect.paths[:, start + 1 : start + 1 + quarters]
    pairs, tested = paths.shape
    half = stdtrit(pairs - 1, 1 - 0.025 / tested) * paths.std(axis=0, ddof=1) / np.sqrt(pairs)
    mean = paths.mean(axis=0)
    return bool((mean + half < 0).any() and not (mean - half > 0).any())


def tightening(comparison: Comparison, start: int) -> Statement:
    """Whether a higher policy rate lowers GDP, inflation and lending within two years."""
    names = {"gdp": "GDP", "inflation": "inflation", "bank_loans": "real loans"}
    effects = [comparison.effects[name] for name in names]
    parts = []
    for effect, title in zip(effects, names.values(), strict=True):
        window = slice(start + 1, start + 1 + TWO_YEARS)
        below = int((effect.interval[1][window] < 0).sum())
        parts.append(
            f"{title} {estimate(average(effect, start), effect.unit)}, band below 0 in {below} quarters"
        )
    return Statement(
        "+1 pp for a year lowers GDP, inflation and lending within two years",
        all(falls(effect, start) for effect in effects),
        "; ".join(parts) + " (means over the two years)",
    )


def stimulus(found: list[Response]) -> Statement:
    """Whether government spending raises GDP, by its multiplier over two years."""
    (two_years,) = (r for r in found if (r.response, r.quarter) == (MULTIPLIER, TWO_YEARS))
    return Statement(
        "government spending raises GDP",
        two_years.low > 0,
        f"multiplier over two years {number(two_years.mean)} {bounds(two_years.low, two_years.high)}",
    )


def crunch(comparison: Comparison, start: int) -> Statement:
    """Whether a crunch lowers investment, and lowers it more than consumption, over two years."""
    invested, consumed = (comparison.effects[name] for name in ("fixed_investment", "consumption"))
    window = slice(start, start + TWO_YEARS)
    more = paired(consumed.paths[:, window].mean(axis=1), invested.paths[:, window].mean(axis=1))
    investment, consumption = average(invested, start), average(consumed, start)
    return Statement(
        "a credit crunch from bank balance sheets lowers investment more than consumption",
        bool(investment.high < 0 and more.high < 0),
        f"investment {estimate(investment, '%')}, consumption {estimate(consumption, '%')}, "
        f"difference {estimate(more, 'pp')} (means over two years)",
    )
