"""The box a calibration searches: which parameters, how far, from what evidence."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MOST_FREE = 50
DIGITS = 4  # significant digits of a calibrated value
SCALES = ("linear", "log")


class CalibrationError(ValueError):
    """A space or a search that cannot be: one line, saying where, which value, what is valid."""


@dataclass(frozen=True)
class Free:
    """One searched parameter: `section.key`, its range, and what the literature says of it.

    `literature` is None where `source` is no more than a judgement; without `start` the world's own value is
    where the search begins. A `log` scale searches the logarithm.
    """

    name: str
    low: float
    high: float
    source: str
    literature: float | None = None
    scale: str = "linear"
    start: float | None = None

    def __post_init__(self) -> None:
        if not math.isfinite(self.low) or not math.isfinite(self.high) or self.low >= self.high:
            raise CalibrationError(f"{self.name}: low = {self.low}, high = {self.high}: valid is low < high")
        if self.scale not in SCALES:
            raise CalibrationError(f"{self.name}: scale = {self.scale!r}: valid is {' or '.join(SCALES)}")
        if self.scale == "log" and self.low <= 0:
            raise CalibrationError(f"{self.name}: low = {self.low}: a log scale needs low > 0")
        for word in ("literature", "start"):
            value = getattr(self, word)
            if value is not None and not self.low <= value <= self.high:
                raise CalibrationError(f"{self.name}: {word} = {value}: outside {self.low} to {self.high}")

    def value(self, share: float) -> float:
        """The parameter at a share of its range, 0–1."""
        if self.scale == "log":
            return float(self.low * (self.high / self.low) ** share)
        return float(self.low + (self.high - self.low) * share)

    def share(self, value: float) -> float:
        """Where in its range a value lies, 0–1; beyond an end it is that end."""
        inside = min(max(value, self.low), self.high)
        if self.scale == "log":
            return math.log(inside / self.low) / math.log(self.high / self.low)
        return (inside - self.low) / (self.high - self.low)


@dataclass(frozen=True)
class Space:
    """The box: its free parameters, the plausible ranges of other series' means, and settings held fixed.

    A key of `plausible` is a series, or a ratio of two written `"a/b"`.
    """

    free: tuple[Free, ...]
    plausible: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    config: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 1 <= len(self.free) <= MOST_FREE:
            raise CalibrationError(f"space: {len(self.free)} free parameters: valid are 1 to {MOST_FREE}")
        for name, (low, high) in self.plausible.items():
            if not low < high:
                raise CalibrationError(
                    f"plausible.{name} = [{low}, {high}]: valid is [low, high], low < high"
                )

    @property
    def names(self) -> tuple[str, ...]:
        """The free parameters by name."""
        return tuple(free.name for free in self.free)

    def values(self, point: Floats) -> dict[str, float]:
        """The parameters, to `DIGITS` digits, at a point of the unit box (n,)."""
        return {
            free.name: float(f"{free.value(share):.{DIGITS}g}")
            for free, share in zip(self.free, point.tolist(), strict=True)
        }

    def settings(self, point: Floats) -> dict[str, Any]:
        """The nested settings of an economy at a point of the unit box (n,)."""
        return nested(self.values(point), self.config)

    def start(self, defaults: Mapping[str, float]) -> Floats:
        """Where the search begins, (n,) in the unit box: each `start`, else the world's own value."""
        values = [free.start if free.start is not None else defaults[free.name] for free in self.free]
        return np.array([free.share(value) for free, value in zip(self.free, values)])


def nested(values: Mapping[str, float], under: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return `{"a.b": 1}` as `{"a": {"b": 1}}`, written on top of `under`."""
    tree = _copied(under or {})
    for name, value in values.items():
        *sections, key = name.split(".")
        branch = tree
        for section in sections:
            branch = branch.setdefault(section, {})
        branch[key] = value
    return tree


def space_of(table: Mapping[str, Any], where: object) -> Space:
    """The space a table describes; CalibrationError says what is wrong in it, after `where` it is."""
    try:
        unknown = [name for name in table if name not in ("free", "plausible", "config")]
        if unknown:
            raise CalibrationError(f"unknown table {unknown[0]!r}: valid are free, plausible, config")
        plausible = {name: _range(name, bounds) for name, bounds in table.get("plausible", {}).items()}
        return Space(tuple(_rows(table.get("free", {}))), plausible, table.get("config", {}))
    except CalibrationError as error:
        raise CalibrationError(f"{where}: {error}") from None


def _rows(table: Mapping[str, Any]) -> list[Free]:
    return [_row(name, row) for name, row in table.items()]


def _row(name: str, row: Any) -> Free:
    if not isinstance(row, dict):
        raise CalibrationError(f'free.{name}: write "{name}" = {{ low = …, high = …, source = "…" }}')
    kinds = {"low": float, "high": float, "literature": float, "start": float, "source": str, "scale": str}
    for key, value in row.items():
        kind = kinds.get(key)
        if kind is None:
            raise CalibrationError(f"free.{name}: unknown key {key!r}: valid are {', '.join(kinds)}")
        if not (isinstance(value, str) if kind is str else _number(value)):
            raise CalibrationError(f"free.{name}: {key} = {value!r}: valid is a {kind.__name__}")
    missing = [key for key in ("low", "high", "source") if key not in row]
    if missing:
        raise CalibrationError(f"free.{name}: {missing[0]} is missing")
    stated: dict[str, Any] = {key: float(v) if kinds[key] is float else v for key, v in row.items()}
    return Free(name, **stated)


def _range(name: str, bounds: Any) -> tuple[float, float]:
    if isinstance(bounds, list) and len(bounds) == 2 and all(map(_number, bounds)):
        return float(bounds[0]), float(bounds[1])
    raise CalibrationError(f"plausible.{name} = {bounds!r}: valid is [low, high]")


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _copied(tree: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _copied(value) if isinstance(value, Mapping) else value for key, value in tree.items()}
