"""Responses to shocks beside the ranges of the VAR literature.

A response is a paired difference of histories on the same noise, with the 95 % interval of its mean. Ranges
stand in `data/transmission_ranges.csv`; one with a single bound of 0 says no more than the sign.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import inf, isfinite

import numpy as np
from numpy.typing import NDArray

from analysis.comparison import Comparison
from analysis.inference import ratio_of_means

Floats = NDArray[np.float64]
Series = Mapping[str, Floats]
"""Column -> (R, Q)."""

RESPONSES = (
    "gdp", "consumption", "fixed_investment", "price_level", "inflation", "unemployment_rate", "employment",
    "hours", "policy_rate", "lending_spread", "bank_loans",
)  # fmt: skip
HORIZONS = (0, 2, 4, 8, 12, 20)  # quarters after the strike that the table shows
MULTIPLIER = "multiplier"

INSIDE, SIGN_RIGHT, WRONG, UNSURE = "inside", "sign right", "wrong", "interval includes 0"


@dataclass(frozen=True)
class Range:
    """What the literature found: `low` to `high`, % of a level or pp of a rate; infinite where it is open."""

    shock: str
    response: str
    quarter: int
    low: float
    high: float
    source: str

    @property
    def sized(self) -> bool:
        """Whether it states a size, not the sign alone."""
        return isfinite(self.low) and isfinite(self.high)

    @property
    def sign(self) -> int:
        """+1 or −1: on which side of 0 the range lies."""
        return 1 if self.low >= 0 else -1

    def verdict(self, mean: float, low: float, high: float) -> str:
        """What an estimate with its interval makes of the range."""
        if not (low > 0 or high < 0):
            return UNSURE
        if np.sign(mean) != self.sign:
            return WRONG
        return INSIDE if self.sized and self.low <= mean <= self.high else SIGN_RIGHT

    def __str__(self) -> str:
        if self.sized:
            return f"{self.low:g} to {self.high:g}"
        return "> 0" if self.sign > 0 else "< 0"


@cache
def ranges() -> tuple[Range, ...]:
    """The ranges in the order of the file."""
    text = files("analysis.macro").joinpath("data/transmission_ranges.csv").read_text(encoding="utf-8")
    return tuple(
        Range(
            row["shock"],
            row["response"],
            int(row["quarter"]),
            float(row["low"] or -inf),
            float(row["high"] or inf),
            row["source"],
        )
        for row in csv.DictReader(text.splitlines())
    )


@dataclass(frozen=True)
class Response:
    """The mean response of a series `quarter` quarters after the strike, and the range it is held against."""

    shock: str
    response: str
    unit: str
    quarter: int
    mean: float
    low: float
    high: float
    range: Range | None = None

    @property
    def verdict(self) -> str:
        """What the estimate makes of the literature's range; empty without one."""
        return self.range.verdict(self.mean, self.low, self.high) if self.range else ""

    @property
    def missed(self) -> bool:
        """Whether there is a range and the response does not keep to it."""
        return self.range is not None and self.verdict != (INSIDE if self.range.sized else SIGN_RIGHT)

    def row(self) -> dict[str, object]:
        """The response as a row of the table that is kept."""
        return {
            "shock": self.shock,
            "response": self.response,
            "unit": self.unit,
            "quarter": self.quarter,
            "mean": round(self.mean, 4),
            "low": round(self.low, 4),
            "high": round(self.high, 4),
            "literature": str(self.range or ""),
            "verdict": self.verdict,
            "source": self.range.source if self.range else "",
        }


def responses(shock: str, comparison: Comparison, start: int) -> list[Response]:
    """The responses to a shock that struck in quarter `start`, at `HORIZONS` and where ranges are."""
    known = {(r.response, r.quarter): r for r in ranges() if r.shock == shock}
    found = []
    for name in RESPONSES:
        effect = comparison.effects[name]
        for quarter in sorted({*HORIZONS, *(q for response, q in known if response == name)}):
            if start + quarter < len(effect.mean):
                mean, low, high = (float(x[start + quarter]) for x in (effect.mean, *effect.interval))
                expected = known.get((name, quarter))
                found.append(Response(shock, name, effect.unit, quarter, mean, low, high, expected))
    return found


def multiplier(control: Series, treated: Series, start: int, quarters: int) -> tuple[float, float, float]:
    """The fiscal multiplier over `quarters` from quarter `start` on, and its 95 % interval.

    It is the cumulated difference of real GDP over the cumulated difference of real government spending, a
    ratio of means over pairs. Source: Ramey and Zubairy (2018), JPE 126, who cumulate both.
    """
    window = slice(start, start + quarters)
    gdp, spent = ((treated[k] - control[k])[:, window].sum(axis=1) for k in ("gdp", "government"))
    return ratio_of_means(gdp, spent)


def multipliers(shock: str, control: Series, treated: Series, start: int) -> list[Response]:
    """The multipliers over 4 and 8 quarters as responses."""
    known = {r.quarter: r for r in ranges() if (r.shock, r.response) == (shock, MULTIPLIER)}
    return [
        Response(
            shock, MULTIPLIER, "ratio", quarters, *multiplier(control, treated, start, quarters), expected
        )
        for quarters, expected in known.items()
    ]


def table(found: list[Response]) -> str:
    """The responses that have a range as a plain table, misses first."""
    judged = sorted((r for r in found if r.range), key=lambda r: not r.missed)
    head = ("", "shock", "response", "quarter", "mean", "95 % interval", "literature", "verdict")
    rows = [head, *(_cells(r) for r in judged)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]
    kept = sum(not r.missed for r in judged)
    return "\n".join([*lines, f"{kept} of {len(judged)} responses as in the literature"])


def _cells(response: Response) -> tuple[str, ...]:
    unit = "" if response.unit == "ratio" else f" {response.unit}"
    return (
        "miss" if response.missed else "ok",
        response.shock,
        response.response,
        str(response.quarter),
        f"{response.mean:+.2f}{unit}",
        f"[{response.low:+.2f}, {response.high:+.2f}]",
        str(response.range),
        response.verdict,
    )
