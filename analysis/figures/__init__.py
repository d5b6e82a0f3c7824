"""Figures of a run, drawn without a screen into PNG files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from matplotlib.figure import Figure

from analysis.figures.balance_sheets import balance_sheets
from analysis.figures.distributions import distributions
from analysis.figures.impulse_response import impulse_response
from analysis.figures.macro_variables import macro_variables
from analysis.figures.policy_transmission import policy_transmission
from analysis.figures.scorecard import scorecard_figure
from analysis.figures.style import Unavailable
from analysis.run import Run
from analysis.scorecard import Scorecard

__all__ = [
    "Unavailable",
    "balance_sheets",
    "distributions",
    "draw",
    "impulse_response",
    "macro_variables",
    "policy_transmission",
    "save",
    "scorecard_figure",
]


def save(figure: Figure, file: Path) -> Path:
    """Write a figure as PNG, the same bytes for the same data, and return the file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, dpi=150, metadata={"Software": None})
    return file


def draw(run: Run, card: Scorecard) -> tuple[dict[str, Path], dict[str, str]]:
    """Draw every figure of a run into its `figures/` folder.

    Returns the files by figure name, and for the figures whose data were not recorded a note instead.
    """
    figures: dict[str, Callable[[], Figure]] = {
        "scorecard": lambda: scorecard_figure(card),
        "macro_variables": lambda: macro_variables(run.arrays),
        "policy_transmission": lambda: policy_transmission(run.arrays),
        "balance_sheets": lambda: balance_sheets(run),
        "distributions": lambda: distributions(run),
    }
    files, notes = {}, {}
    for name, make in figures.items():
        try:
            files[name] = save(make(), run.path / "figures" / f"{name}.png")
        except Unavailable as note:
            notes[name] = str(note)
    return files, notes
