"""Series or metrics of any world through time: a panel for each, in its own unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from analysis.figures.amounts import TICKS
from analysis.figures.margins import Margins
from analysis.figures.marks import NO_MARKS, Marks
from analysis.figures.style import BLUE, INK, RED, band, empty, foot, grid, legend_line, styled

COLUMNS = 3
MOST = 120
"""Points of a line: of more, neighbours are drawn as their mean, else fast ups and downs fill the panel."""


class Path(NamedTuple):
    """A number through time: its unit, the years (X,) at which it is measured, and its values (R, X)."""

    unit: str
    years: NDArray[np.float64]
    values: NDArray[np.float64]

    @property
    def each(self) -> int:
        """How many neighbours are drawn as one point."""
        return -(-len(self.years) // MOST)

    def thinned(self) -> Path:
        """The path with means of neighbours, of which what fills no whole stretch is left out."""
        if self.each == 1:
            return self
        whole = len(self.years) // self.each * self.each
        years = self.years[:whole].reshape(-1, self.each).mean(axis=1)
        values = self.values[:, :whole].reshape(len(self.values), -1, self.each).mean(axis=2)
        return self._replace(years=years, values=values)


class Beside(NamedTuple):
    """Other histories of the same paths to be drawn beside: both sets are named."""

    paths: Mapping[str, Path]
    name: str
    own: str


@styled
def through_time(
    title: str, paths: Mapping[str, Path], marks: Marks = NO_MARKS, beside: Beside | None = None
) -> Figure:
    """Draw a panel for each path by name: its median over histories, their band, and history 0."""
    columns = min(COLUMNS, len(paths))
    rows = -(-len(paths) // columns)
    figure, axes = grid(rows, columns, title, width=1.0 + 3.7 * columns, height=2.4, margins=Margins())
    for ax in axes[len(paths) :]:
        ax.set_axis_off()
    for ax, (name, path) in zip(axes, paths.items(), strict=False):
        if not np.isfinite(path.values).any():
            empty(ax, titled(name), "never defined")
            continue
        path = path.thinned()
        marks.draw(ax)
        if beside is not None and name in beside.paths:
            other = beside.paths[name].thinned()
            band(ax, other.years, other.values, BLUE, beside.name)
        band(ax, path.years, path.values, BLUE if beside is None else RED, beside.own if beside else None)
        ax.set(title=titled(name), ylabel=path.unit)
        if ax.get_ylim()[0] < 0 < ax.get_ylim()[1]:
            ax.axhline(0, color=INK, linewidth=0.7)
        ax.xaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
        ax.yaxis.set_major_locator(MaxNLocator(nbins=5))
        low, high = ax.get_ylim()
        if (most := max(-low, high)) >= 1e5 and high - low > most / 200:  # four digits tell ticks apart
            ax.yaxis.set_major_formatter(TICKS)
    for ax in axes[max(0, len(paths) - columns) : len(paths)]:
        ax.set_xlabel("years")
    if beside is not None:
        colors = {beside.name: BLUE, beside.own: RED}
        lines = [Line2D([], [], color=color, label=label) for label, color in colors.items()]
        figure.legend(handles=lines, loc="outside upper right", ncols=2)
    each = max(path.each for path in paths.values())
    notes = [f"points: means of {each} instants"] if each > 1 else []
    notes += [marks.says] if marks.says else []
    foot(figure, "\n".join([legend_line(max(len(path.values) for path in paths.values())), *notes]))
    return figure


def titled(name: str) -> str:
    """A column's name as a title."""
    return name.replace("_", " ")
