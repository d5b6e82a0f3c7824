"""Figures of a barter society, drawn from its recording after the run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from matplotlib.figure import Figure

from analysis.figures import save
from analysis.figures.society.ages import ages
from analysis.figures.society.animation import animate
from analysis.figures.society.attention import attention
from analysis.figures.society.dimension import dimension
from analysis.figures.society.favourites import favourites
from analysis.figures.society.inequality import inequality
from analysis.figures.society.jobs import jobs
from analysis.figures.society.learning import learning
from analysis.figures.society.lineages import lineages
from analysis.figures.society.market import market
from analysis.figures.society.messages import messages
from analysis.figures.society.recorded import Recorded
from analysis.figures.society.resources import resources
from analysis.figures.society.rewards import rewards
from analysis.figures.society.trade import trade
from analysis.figures.style import Unavailable

__all__ = [
    "FIGURES",
    "Recorded",
    "ages",
    "animate",
    "attention",
    "dimension",
    "draw",
    "favourites",
    "inequality",
    "jobs",
    "learning",
    "lineages",
    "market",
    "messages",
    "resources",
    "rewards",
    "trade",
]

FIGURES: dict[str, Callable[[Recorded], Figure]] = {
    "resources": resources,
    "jobs": jobs,
    "rewards": rewards,
    "ages": ages,
    "trade": trade,
    "market": market,
    "inequality": inequality,
    "messages": messages,
    "dimension": dimension,
    "attention": attention,
    "favourites": favourites,
    "lineages": lineages,
    "learning": learning,
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
