"""Figures that any world can have, drawn without a screen into PNG files."""

from __future__ import annotations

from pathlib import Path

from matplotlib.figure import Figure

from analysis.figures.impulse_response import impulse_response
from analysis.figures.scorecard import scorecard_figure
from analysis.figures.style import Unavailable, write_png

__all__ = ["Unavailable", "impulse_response", "save", "scorecard_figure"]


def save(figure: Figure, file: Path) -> Path:
    """Write a figure as PNG, the same bytes for the same data, and return the file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    write_png(figure, file)
    return file
