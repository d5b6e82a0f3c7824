"""Figures of the macro economy, drawn without a screen into PNG files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from matplotlib.figure import Figure

from analysis.about import strikes
from analysis.comparison import arms_of
from analysis.figures import Unavailable, save, scorecard_figure
from analysis.macro.figures.balance_sheets import balance_sheets
from analysis.macro.figures.distributions import distributions
from analysis.macro.figures.macro_variables import macro_variables
from analysis.macro.figures.policy_transmission import policy_transmission
from analysis.run import Run
from analysis.scorecard import Scorecard

__all__ = ["balance_sheets", "distributions", "draw", "macro_variables", "policy_transmission"]


def draw(run: Run, card: Scorecard | None) -> tuple[dict[str, Path], dict[str, str]]:
    """Draw every figure of a run into its `figures/` folder.

    Returns the files by figure name, and for the figures whose data were not recorded a note instead.
    """
    struck = strikes(run)
    arms = arms_of(run.numbers) if struck else None
    figures: dict[str, Callable[[], Figure]] = {
        "macro_variables": lambda: macro_variables(run.arrays, struck, arms),
        "policy_transmission": lambda: policy_transmission(run.arrays),
        "balance_sheets": lambda: balance_sheets(run),
        "distributions": lambda: distributions(run),
    }
    if card is not None:
        figures = {"scorecard": lambda: scorecard_figure(card), **figures}
    files, notes = {}, {}
    for name, make in figures.items():
        try:
            files[name] = save(make(), run.path / "figures" / f"{name}.png")
        except Unavailable as note:
            notes[name] = str(note)
    return files, notes
