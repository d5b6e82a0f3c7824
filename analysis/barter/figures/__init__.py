"""Figures of a barter society, drawn from its recording after the run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from matplotlib.figure import Figure

from analysis.barter.figures.ages import ages
from analysis.barter.figures.animation import animate
from analysis.barter.figures.attention import attention
from analysis.barter.figures.dimension import dimension
from analysis.barter.figures.favourites import favourites
from analysis.barter.figures.inequality import inequality
from analysis.barter.figures.jobs import jobs
from analysis.barter.figures.learning import learning
from analysis.barter.figures.lineages import lineages
from analysis.barter.figures.market import market
from analysis.barter.figures.messages import messages
from analysis.barter.figures.resources import resources
from analysis.barter.figures.rewards import rewards
from analysis.barter.figures.trade import trade
from analysis.barter.recorded import Recorded
from analysis.figures import save
from analysis.figures.style import Unavailable

__all__ = [
    "FIGURES",
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
