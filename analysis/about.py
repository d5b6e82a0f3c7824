"""What a run was: which histories, who decided, what struck; what a report says before anything else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path
from typing import NamedTuple

from analysis.run import Run

FEW = 5
"""How many of what may be many are named at the top of a page."""


class Struck(NamedTuple):
    """A shock in words, the years it lasts (`end` None: for good) and the replica indices that it hits.

    What is not `planned` by the scenario's shocks, a run was told by a command.
    """

    shock: str
    start: float
    end: float | None
    hit: tuple[int, ...]
    planned: bool = True

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
        planned = bool(each.get("planned", True))
        found.append(Struck(str(each["shock"]), float(start or 0.0), end, tuple(each["hit"]), planned))
    return tuple(sorted(found, key=lambda struck: struck.start))


def histories(count: int) -> str:
    """So many histories in words."""
    return "one history" if count == 1 else f"{count} histories"


def lead(run: Run, happened: Iterable[str] = ()) -> str:
    """The first lines of a report: whose fork it is, who decided, what struck, and what else `happened`."""
    lines = [*_fork(run), *_deciders(run), *_shocks(run), *_told(run), *_recorded(run), *happened]
    return f"<p class='lead'>{'<br>'.join(escape(line) for line in lines)}</p>" if lines else ""


def few(said: Sequence[str], what: str, total: int = 0) -> list[str]:
    """The first few of what is said, then how many more of `what` there are, of `total` or of all."""
    more = max(total, len(said)) - len(said[:FEW])
    return [*said[:FEW], *([f"and {more:,} more {what}"] if more else [])]


def _fork(run: Run) -> Iterator[str]:
    if parent := run.manifest.get("parent"):
        name, year = Path(parent["folder"]).name, parent["tick"] / run.ticks_per_year
        yield f"Fork of the run {name}, equal to it until year {year:.4g}."


def _deciders(run: Run) -> Iterator[str]:
    """Who decided; a run that was told things may have changed that."""
    if who := run.manifest.get("who_decides"):
        yield f"Who decided{' at the start' if run.manifest.get('commands') else ''}: {who}."


def _shocks(run: Run) -> list[str]:
    return few([f"Shock: {_whom(run, each)}." for each in strikes(run) if each.planned], "shocks.")


def _told(run: Run) -> Iterator[str]:
    """What a run was told: commands that struck, and how many more there were, answers among them."""
    told = [_whom(run, each) for each in strikes(run) if not each.planned]
    count = max(int(run.manifest.get("commands", 0)), len(told))
    if count:
        said = few(told, "in commands.jsonl", count)
        yield f"Told {count:,} command{'' if count == 1 else 's'}: {'; '.join(said)}."


def _recorded(run: Run) -> Iterator[str]:
    if (every := run.manifest.get("every", 1)) != 1:
        yield f"Recorded of events: one instant in every {every} ticks; series and metrics at all."


def _whom(run: Run, struck: Struck) -> str:
    count = len(run.numbers)
    hit = "every history" if len(struck.hit) == count else f"{len(struck.hit)} of {count} histories"
    return f"{struck.says}, on {hit}"
