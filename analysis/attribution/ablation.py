"""What something is worth: arms of a world with one thing taken away, each against the arm that has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.attribution.result import FIELDS, Contrast
from analysis.inference import LEAST, Interval, bootstrapped
from analysis.wording import estimate, number, sign

Floats = NDArray[np.float64]


class Column(NamedTuple):
    """A number of each history; `better` is +1 where more of it is, −1 where less, 0 where neither."""

    name: str
    title: str
    unit: str
    better: int


@dataclass(frozen=True)
class Ablation:
    """Contrasts by row and column; `against` names each row's baseline, `asks` what the pair answers."""

    title: str
    command: str
    replicas: int
    years: float
    columns: tuple[Column, ...]
    against: Mapping[str, str]
    asks: Mapping[str, str]
    effects: Mapping[str, Mapping[str, Contrast]]

    def sign(self, change: Interval) -> int:
        """Which way something moved: +1, −1, or 0 where that cannot be told, as of too few histories."""
        return sign(change) if self.replicas >= LEAST else 0

    def rows(self) -> list[dict[str, object]]:
        """The tidy table, its keys `FIELDS`."""
        found = []
        for row, effects in self.effects.items():
            for column in self.columns:
                level, change = effects[column.name]
                values = [*map(float, (*level[:3], *change[:3]))]
                line = (row, column.name, column.unit, *values, self.against[row])
                found.append(dict(zip(FIELDS, line, strict=True)))
        return found

    def payload(self) -> dict[str, Any]:
        """The same for programs; numbers that are not defined are null."""
        rows = [{k: None if v != v else v for k, v in row.items()} for row in self.rows()]
        size = {"command": self.command, "replicas": self.replicas, "years": self.years}
        return {**size, "asks": dict(self.asks), "rows": rows}

    def text(self) -> str:
        """One answer per question by the first column, then the table of all."""
        first = self.columns[0]
        size = f"{self.replicas} pairs of histories of {self.years:g} years"
        lines = [f"{self.title}: {size}, 95 % intervals", ""]
        for row, question in self.asks.items():
            change = self.effects[row][first.name].change
            verdict = ("loses", "does not measurably change", "gains")[1 + self.sign(change)]
            lines.append(f"{question}: {row} {verdict} {first.title}: {estimate(change, first.unit, 3)}")
        width = max(map(len, self.effects)) + 2
        lines += ["", f"{'':<{width}}" + "".join(f"{c.title:>{_wide(c)}}" for c in self.columns)]
        for row, effects in self.effects.items():
            cells = (f"{self._cell(row, c, effects[c.name]):>{_wide(c)}}" for c in self.columns)
            lines.append(f"{row:<{width}}" + "".join(cells).rstrip())
        if self.replicas < LEAST:
            lines.append(f"{self.replicas} pairs are too few to tell: a verdict needs {LEAST}")
        lines.append("baselines: level; others: change against theirs, * where the interval excludes 0")
        return "\n".join(lines)

    def _cell(self, row: str, column: Column, effect: Contrast) -> str:
        if self.against[row] == row:
            return number(effect.level.mean, 3) + " "
        return number(effect.change.mean, 3) + ("*" if self.sign(effect.change) else " ")


def compared(
    values: Mapping[str, Mapping[str, Floats]], against: Mapping[str, str], seed: int = 0
) -> dict[str, dict[str, Contrast]]:
    """Contrasts by row and column of `values`, each (R,), on common noise against each row's baseline."""
    found: dict[str, dict[str, Contrast]] = {}
    for row, columns in values.items():
        base = values[against[row]]
        found[row] = {
            name: Contrast(*(bootstrapped(before, mine, seed=seed) for before in (0.0, base[name])))
            for name, mine in columns.items()
        }
    return found


def _wide(column: Column) -> int:
    return max(len(column.title), 9) + 2
