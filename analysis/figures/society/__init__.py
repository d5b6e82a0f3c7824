"""Figures of a barter society, drawn from its recording after the run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from matplotlib.figure import Figure

from analysis.figures import save
from analysis.figures.society.jobs import jobs
from analysis.figures.society.recorded import Recorded
from analysis.figures.society.resources import resources
from analysis.figures.society.rewards import rewards
from analysis.figures.style import Unavailable

__all__ = ["FIGURES", "Recorded", "draw", "jobs", "resources", "rewards"]

FIGURES: dict[str, Callable[[Recorded], Figure]] = {
    "resources": resources,
    "jobs": jobs,
    "rewards": rewards,
}


def draw(
    society: Recorded, figures: Mapping[str, Callable[[Recorded], Figure]] = FIGURES
) -> tuple[dict[str, Path], dict[str, str]]:
    """Draw figures of a society into the `figures/` folder of its run.

    Returns the files by figure name, and for the figures whose data were not recorded a note instead.
    """
    files, notes = {}, {}
    for name, make in figures.items():
        try:
            files[name] = save(make(society), society.run.path / "figures" / f"{name}.png")
        except Unavailable as note:
            notes[name] = str(note)
    return files, notes
