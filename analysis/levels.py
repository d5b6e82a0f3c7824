"""Two runs side by side, as levels: all that may be said of runs that differ in more than one way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from analysis.comparison import ComparisonError
from analysis.figures.through_time import Beside, Path, through_time
from analysis.report import paths
from analysis.run import Run

NAMES = ("first run", "second run")


@dataclass(frozen=True)
class Levels:
    """What is measured in both runs, by name, and how the runs are called."""

    a: dict[str, Path]
    b: dict[str, Path]
    names: tuple[str, str]

    def figure(self) -> Figure:
        """A panel for each name: both medians with their bands."""
        return through_time(" beside ".join(self.names), self.b, beside=Beside(self.a, *self.names))

    def rows(self) -> list[dict[str, Any]]:
        """Name, unit and the mean over histories and time in either run, None where it is not defined."""
        return [
            {"name": name, "unit": path.unit, "a": _mean(path), "b": _mean(self.b[name])}
            for name, path in self.a.items()
        ]

    def payload(self) -> dict[str, Any]:
        """What `compare --json` prints."""
        return {"control": self.names[0], "treated": self.names[1], "levels": self.rows()}

    def text(self) -> str:
        """A table of means, and why there is no difference in it."""
        width = max(12, *(len(name) + 2 for name in self.names))
        lines = [f"{'mean level':<24}{'':<14}" + "".join(f"{name:>{width}}" for name in self.names)]
        for row in self.rows():
            cells = ("–" if row[run] is None else f"{row[run]:,.4g}" for run in ("a", "b"))
            lines.append(f"{row['name']:<24}{row['unit']:<14}" + "".join(f"{c:>{width}}" for c in cells))
        lines.append("these runs differ in more than one way, or share no noise: no effect can be told; ")
        lines.append("--mixture draws the difference of runs on one seed under that name")
        return "\n".join(lines)


def levels(a: Run, b: Run) -> Levels:
    """What is measured in both runs; ComparisonError where nothing is."""
    mine, other = paths(a), paths(b)
    both = [name for name in mine if name in other]
    if not both:
        raise ComparisonError(f"compare: nothing is measured in both {a.path} and {b.path}")
    names = (a.path.name, b.path.name)
    first, second = ({name: run[name] for name in both} for run in (mine, other))
    return Levels(first, second, NAMES if names[0] == names[1] else names)


def _mean(path: Path) -> float | None:
    defined = path.values[np.isfinite(path.values)]
    return float(defined.mean()) if defined.size else None
