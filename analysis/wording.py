"""Measured numbers as words: sentences that say what was found, whichever way it went."""

from __future__ import annotations

from typing import SupportsFloat

from analysis.inference import Interval


def number(value: SupportsFloat, digits: int = 2) -> str:
    """A number with a true minus sign, none on a zero; a dash where it is not defined."""
    value = float(value)
    if value != value:
        return "–"
    return f"{round(value, digits) + 0.0:.{digits}f}".replace("-", "−")


def counted(count: int, what: str) -> str:
    """So many of what, in words: `1 day`, `1,200 days`."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def bounds(low: SupportsFloat, high: SupportsFloat, digits: int = 2) -> str:
    """An interval as `[low, high]`."""
    return f"[{number(low, digits)}, {number(high, digits)}]"


def estimate(found: Interval, unit: str = "", digits: int = 2) -> str:
    """A mean and its 95 % interval: `−1.20 % [−1.40, −1.00]`."""
    unit = f" {unit}" if unit else ""
    return f"{number(found.mean, digits)}{unit} {bounds(found.low, found.high, digits)}"


def sign(found: Interval) -> int:
    """Return +1 or −1 where the 95 % interval excludes 0, else 0."""
    return int(found.low > 0) - int(found.high < 0)


def moved(
    found: Interval,
    unit: str,
    digits: int = 2,
    words: tuple[str, str, str] = ("falls by", "does not move measurably", "rises by"),
) -> str:
    """How something moved, its size without sign: `falls by 1.20 % [1.00, 1.40]`.

    `words` are for an interval below 0, one that includes 0 (the mean follows in brackets), one above 0.
    """
    direction = sign(found)
    if direction == 0:
        return f"{words[1]} ({estimate(found, unit, digits)})"
    low, high = sorted((abs(float(found.low)), abs(float(found.high))))
    size = number(abs(float(found.mean)), digits)
    return f"{words[1 + direction]} {size} {unit} {bounds(low, high, digits)}"
