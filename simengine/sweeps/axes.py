"""How a setting is varied: a list of values, or a range with so many steps or to be drawn from."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from simengine.config import typed_value
from simengine.errors import UserError
from simengine.typed import number

DIGITS = 12
"""Significant digits of a value between the ends of a range: .15, not .15000000000000002."""

WRITTEN = "lo:hi:n, lo:hi:n:log, lo:hi or lo:hi:log to draw from, or a list such as 2,4,8"
_NUMERIC = re.compile(r"\s*[+-]?\.?([0-9]|nan|inf)")
_RANGE = re.compile(r"\s*([^:,]+):([^:,]+)(?::\s*([0-9]{1,9})\s*)?(:\s*log\s*)?")


@dataclass(frozen=True)
class Listed:
    """A setting that takes each of some values."""

    name: str
    values: tuple[Any, ...]

    def __post_init__(self) -> None:
        if not self.values:
            raise UserError(f"{self.name}: an empty list: valid is one value or more")

    @property
    def size(self) -> int:
        """How many values it has in a grid."""
        return len(self.values)

    def grid(self, whole: bool) -> list[Any]:
        """Its values."""
        return list(self.values)

    def drawn(self, shares: Sequence[float], whole: bool) -> list[Any]:
        """The values at shares, 0 to 1, of the list."""
        return [self.values[_floor(share, len(self.values))] for share in shares]


@dataclass(frozen=True)
class Range:
    """A setting that lies between two ends, in `steps` in a grid; `log` spaces its logarithm evenly."""

    name: str
    low: float
    high: float
    steps: int | None = None
    log: bool = False

    def __post_init__(self) -> None:
        said = f"{self.name} = {self.low:g}:{self.high:g}"
        if self.low >= self.high or self.steps == 0:
            raise UserError(f"{said}: an empty range: valid is lo:hi:n with lo < hi and n of 2 or more")
        if self.steps == 1:
            raise UserError(f"{said}:1: one step of a range: valid are 2 or more, or a single value")
        if self.log and self.low <= 0:
            raise UserError(f"{said}: valid for log is a low end above 0")

    @property
    def size(self) -> int:
        """How many values it has in a grid."""
        if self.steps is None:
            raise UserError(
                f"{self.name} = {self.low:g}:{self.high:g}: a grid needs a number of steps, lo:hi:n; "
                "--design sobol or random draws from a range"
            )
        return self.steps

    def grid(self, whole: bool) -> list[Any]:
        """Its values from end to end; a UserError where they must be `whole` numbers and are not."""
        last = self.size - 1
        values = [self.low, *(self._between(step / last) for step in range(1, last)), self.high]
        for value in values:
            if whole and value != round(value):
                raise UserError(
                    f"{self.name} = {self.low:g}:{self.high:g}:{self.steps}: {value:g} is among the steps: "
                    "valid are whole numbers"
                )
        return [int(value) for value in values] if whole else values

    def drawn(self, shares: Sequence[float], whole: bool) -> list[Any]:
        """The values at shares, 0 to 1, of the range; whole numbers are as likely as one another."""
        if self.steps is not None:
            raise UserError(
                f"{self.name} = {self.low:g}:{self.high:g}:{self.steps}: a drawn design has no steps: "
                "valid is lo:hi or lo:hi:log"
            )
        if not whole:
            return [self._between(share) for share in shares]
        low, high = math.ceil(self.low), math.floor(self.high)
        if low > high:
            raise UserError(f"{self.name} = {self.low:g}:{self.high:g}: no whole number lies there")
        if self.log:
            return [min(max(round(self._between(share)), low), high) for share in shares]
        return [low + _floor(share, high - low + 1) for share in shares]

    def _between(self, share: float) -> float:
        if self.log:
            value = self.low * (self.high / self.low) ** share
        else:
            value = self.low + (self.high - self.low) * share
        return min(max(float(f"{value:.{DIGITS}g}"), self.low), self.high)


Axis = Listed | Range


def varied(text: str) -> bool:
    """Whether what is typed for a setting is meant as more than one value."""
    return text.startswith("[") or _commas(text) or (":" in text and bool(_NUMERIC.match(text)))


def axis(name: str, given: Any) -> Axis:
    """The axis of a setting as it is written: `.5:.9:9`, `1:100:3:log`, `2,4,8` or a list."""
    if isinstance(given, str) and given.startswith("["):
        given = typed_value(given)
    if isinstance(given, list):
        return Listed(name, tuple(given))
    if not isinstance(given, str) or not varied(given):
        return Listed(name, (given,))
    if _commas(given):
        return Listed(name, tuple(typed_value(part.strip()) for part in given.split(",")))
    match = _RANGE.fullmatch(given)
    low, high = (number(match[1]), number(match[2])) if match else (None, None)
    if match is None or low is None or high is None:
        raise UserError(f"{name} = {given!r}: valid is {WRITTEN}")
    return Range(name, low, high, int(match[3]) if match[3] else None, bool(match[4]))


def _commas(text: str) -> bool:
    return "," in text and text[:1] not in "\"'{"


def _floor(share: float, count: int) -> int:
    return min(int(share * count), count - 1)
