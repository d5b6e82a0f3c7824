"""What a run was: which histories, who decided, what struck; what a report says before anything else."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import NamedTuple

from analysis.run import Run


class Struck(NamedTuple):
    """A shock in words, the years it lasts (`end` None: for good) and the replica indices that it hits."""

    shock: str
    start: float
    end: float | None
    hit: tuple[int, ...]

    @property
    def when(self) -> str:
        """When it strikes, in words."""
        return f"from year {self.start:.4g}" + ("" if self.end is None else f" to {self.end:.4g}")

    @property
    def says(self) -> str:
        """The shock and when it strikes."""
        return f"{self.shock} {self.when}"


def strikes(run: Run) -> tuple[Struck, ...]:
    """The shocks of a run in the order of time."""
    found = []
    for each in run.manifest.get("strikes", ()):
        start, end = (None if t is None else t / run.ticks_per_year for t in (each["tick"], each["until"]))
        found.append(Struck(str(each["shock"]), float(start or 0.0), end, tuple(each["hit"])))
    return tuple(sorted(found, key=lambda struck: struck.start))


def histories(count: int) -> str:
    """So many histories in words."""
    return "one history" if count == 1 else f"{count} histories"


def lead(run: Run, happened: Iterable[str] = ()) -> str:
    """The first lines of a report: who decided, what struck, and what else `happened`."""
    count = len(run.numbers)
    lines = [f"Who decided: {who}." for who in (run.manifest.get("who_decides"),) if who]
    for struck in strikes(run):
        hit = "every history" if len(struck.hit) == count else f"{len(struck.hit)} of {count} histories"
        lines.append(f"Shock: {struck.says}, on {hit}.")
    if (every := run.manifest.get("every", 1)) != 1:
        lines.append(f"Recorded of events: one instant in every {every} ticks; series and metrics at all.")
    lines += happened
    return f"<p class='lead'>{'<br>'.join(escape(line) for line in lines)}</p>" if lines else ""
