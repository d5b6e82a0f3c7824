"""Figures of arms side by side: paths with the band of their mean, and estimates with their intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MultipleLocator
from numpy.typing import NDArray

from analysis.figures.style import BLUE, GREEN, GREY, INK, ORANGE, PURPLE, RED, SKY, foot, grid, styled
from analysis.inference import Interval, paired

Floats = NDArray[np.float64]
COLORS = (BLUE, RED, GREEN, PURPLE, ORANGE, SKY)


@dataclass(frozen=True)
class Lines:
    """Paths by arm, (R, Q) each: the mean over histories and its 95 % interval, quarter by quarter."""

    title: str
    unit: str
    paths: Mapping[str, Floats]
    level: float | None = 0.0  # a line across, none for None

    def draw(self, ax: Axes, colors: Mapping[str, str]) -> None:
        """Draw the panel; the first quarter is quarter 0."""
        for arm, path in self.paths.items():
            found, quarters = paired(0.0, path.T), np.arange(path.shape[1])
            ax.fill_between(quarters, found.low, found.high, color=colors[arm], alpha=0.2, linewidth=0)
            ax.plot(quarters, found.mean, color=colors[arm])
        if self.level is not None:
            ax.axhline(self.level, color=INK, linewidth=0.7)
        ax.set(title=self.title, ylabel=self.unit, xlabel="quarters", xlim=(0, len(quarters) - 1))
        ax.xaxis.set_major_locator(MultipleLocator(4 if len(quarters) < 40 else 20))


@dataclass(frozen=True)
class Dots:
    """Estimates with their 95 % intervals, one below the other: by arm in its colour, or of measures."""

    title: str
    unit: str
    estimates: Mapping[str, Interval]
    level: float | None = None
    note: str = ""  # what the line at `level` is

    def draw(self, ax: Axes, colors: Mapping[str, str]) -> None:
        """Draw the panel, the first estimate on top."""
        for place, (name, found) in enumerate(self.estimates.items()):
            color = colors.get(name, GREY)
            ax.plot([found.low, found.high], [place, place], color=color, linewidth=2.4)
            ax.plot(found.mean, place, "o", color=color, markersize=7)
        ax.set_yticks(range(len(self.estimates)), list(self.estimates))
        ax.set_ylim(len(self.estimates) - 0.4, -0.6)
        ax.set(title=self.title, xlabel=self.unit)
        if self.level is not None:
            ax.axvline(self.level, color=INK, linewidth=0.8)
            ax.text(self.level, -0.57, f" {self.note}", color=GREY, fontsize=8, va="top")


@dataclass(frozen=True)
class Cloud:
    """Two estimates by arm against one another, with both intervals as a cross."""

    title: str
    across: str
    up: str
    estimates: Mapping[str, tuple[Interval, Interval]]

    def draw(self, ax: Axes, colors: Mapping[str, str]) -> None:
        """Draw the panel, a cross for each arm."""
        for arm, (x, y) in self.estimates.items():
            ax.plot([x.low, x.high], [y.mean, y.mean], color=colors[arm])
            ax.plot([x.mean, x.mean], [y.low, y.high], color=colors[arm])
            ax.plot(x.mean, y.mean, "o", color=colors[arm], markersize=6)
        ax.set(title=self.title, xlabel=self.across, ylabel=self.up)


Drawing = Lines | Dots | Cloud


@styled
def panels(title: str, drawn: Sequence[Drawing], note: str, columns: int = 3) -> Figure:
    """Draw panels in rows under a title; `note` goes to the foot.

    Arms are what has paths or crosses; each has the same colour everywhere.
    """
    arms = dict.fromkeys(arm for panel in drawn if not isinstance(panel, Dots) for arm in _arms(panel))
    colors = {arm: COLORS[i % len(COLORS)] for i, arm in enumerate(arms)}
    rows = -(-len(drawn) // columns)
    figure, axes = grid(rows, columns, title, width=12.0, height=3.0)
    for ax, panel in zip(axes, drawn, strict=False):
        panel.draw(ax, colors)
    for ax in axes[len(drawn) :]:
        ax.set_axis_off()
    handles = [Line2D([], [], color=color, label=arm) for arm, color in colors.items()]
    figure.legend(handles=handles, loc="outside upper right", ncols=len(handles))
    foot(figure, note)
    return figure


def _arms(panel: Lines | Cloud) -> Sequence[str]:
    return list(panel.paths if isinstance(panel, Lines) else panel.estimates)
