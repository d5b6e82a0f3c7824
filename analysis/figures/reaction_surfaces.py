"""What a policy does with what it observes: its expected action over two features, a panel per population."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from analysis.figures.style import BLUE, INK, ORANGE, RED, SKY, foot, grid, styled

Floats = NDArray[np.float64]

COLUMNS = 3
LEAST_SHARE = 0.05  # of the table's reach: the least range of colours, so that noise stays pale
TINTS = LinearSegmentedColormap.from_list("reactions", [BLUE, SKY, "#ffffff", ORANGE, RED])


class Axis(NamedTuple):
    """A feature along an axis: its name, unit and points (P,)."""

    name: str
    unit: str
    points: Floats

    @property
    def label(self) -> str:
        """Name and unit."""
        return f"{self.name}, {self.unit}"


@dataclass(frozen=True)
class Surface:
    """Expected actions (Y, X) of a head in `unit`; its table holds `choices`, the rule's is `neutral`.

    `seen` (rows, 2) are observations, in the units of the axes.
    """

    population: str
    head: str
    unit: str
    across: Axis
    up: Axis
    expected: Floats
    neutral: float
    choices: Floats
    seen: Floats


@styled
def reaction_surfaces(surfaces: Sequence[Surface]) -> Figure:
    """Draw a panel per surface: white where the policy does what the rule does, dots where it has been."""
    columns = min(COLUMNS, len(surfaces))
    rows = -(-len(surfaces) // columns)
    figure, axes = grid(
        rows, columns, "What the networks do with what they see", width=5.0 * columns, height=3.9
    )
    figure.set_layout_engine("constrained", w_pad=0.08)
    for ax, surface in zip(axes, surfaces, strict=False):
        _draw(figure, ax, surface)
    for ax in axes[len(surfaces) :]:
        ax.set_axis_off()
    lines = (
        "colour: the action taken, or the mean of those drawn; white as the rule, red more, blue less",
        "dots: what was observed; everything else at its mean",
    )
    foot(figure, " · ".join(lines) if columns > 1 else "\n".join(lines))
    return figure


def _draw(figure: Figure, ax: Axes, s: Surface) -> None:
    change = float(np.abs(s.expected - s.neutral).max())
    limit = max(change, LEAST_SHARE * float(np.abs(s.choices - s.neutral).max()))
    mesh = ax.pcolormesh(
        s.across.points,
        s.up.points,
        s.expected,
        cmap=TINTS,
        vmin=s.neutral - limit,
        vmax=s.neutral + limit,
        shading="gouraud",
        rasterized=True,
    )
    levels = MaxNLocator(6).tick_values(s.expected.min(), s.expected.max())
    if np.ptp(s.expected) > 0.0:
        lines = ax.contour(
            s.across.points, s.up.points, s.expected, levels=levels, colors=INK, linewidths=0.7
        )
        ax.clabel(lines, fontsize=8, fmt="%g")
    ax.plot(*s.seen.T, ".", color=INK, markersize=2, alpha=0.3)
    ends = [(axis.points[0], axis.points[-1]) for axis in (s.across, s.up)]
    ax.set(
        title=f"{s.population.replace('_', ' ')}: {s.head}",
        xlabel=s.across.label,
        ylabel=s.up.label,
        xlim=ends[0],
        ylim=ends[1],
    )
    ax.grid(False)
    bar = figure.colorbar(mesh, ax=ax, label=s.unit, ticks=MaxNLocator(5))
    bar.ax.set_ylim(max(s.neutral - limit, s.choices.min()), min(s.neutral + limit, s.choices.max()))
    bar.outline.set_visible(False)
