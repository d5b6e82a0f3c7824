"""Lines through the ticks of a run: every tick thin, the mean of a year thick."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from analysis.barter.recorded import Recorded

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def yearly(ticks: Ints, values: Floats, year: int) -> tuple[Floats, Floats]:
    """Centred means over a year of values (T,) and the ticks they stand at, (T − window + 1,) each.

    A value that is not a number leaves its windows undefined.
    """
    step = int(np.median(np.diff(ticks))) if len(ticks) > 1 else 1
    window = min(max(1, round(year / step)), len(ticks))
    even = np.full(window, 1.0 / window)
    return np.convolve(ticks, even, "valid"), np.convolve(values, even, "valid")


def path(
    ax: Axes, ticks: Ints, values: Floats, year: int, color: str, label: str | None = None, width: float = 2.2
) -> None:
    """Draw values (T,): the mean of a year as a thick line over every tick; within two years only ticks."""
    if ticks[-1] - ticks[0] < 2 * year:
        ax.plot(ticks, values, color=color, linewidth=0.7 * width, label=label)
        return
    ax.plot(ticks, values, color=color, linewidth=0.6, alpha=0.4)
    ax.plot(*yearly(ticks, values, year), color=color, linewidth=width, label=label)


def spread(ax: Axes, ticks: Ints, values: Floats, year: int, color: str) -> None:
    """Draw the mean of agents' values (T, N) as a path, and the band in which the middle 80 % of them lie."""
    low, high = np.percentile(values, (10, 90), axis=1)
    if ticks[-1] - ticks[0] >= 2 * year:
        at, low = yearly(ticks, low, year)
        at, high = yearly(ticks, high, year)
    else:
        at = ticks.astype(np.float64)
    ax.fill_between(at, low, high, color=color, alpha=0.18, linewidth=0, label="10–90 % of agents")
    path(ax, ticks, values.mean(axis=1), year, color, "mean")


def span(ax: Axes, ticks: Ints, label: bool = True) -> None:
    """Let a panel begin with the first tick and end with the last."""
    ax.set_xlim(ticks[0], max(ticks[-1], ticks[0] + 1))
    if label:
        ax.set_xlabel("tick")


def legend_above(ax: Axes, columns: int) -> None:
    """Put the legend of a panel right above it, beside the title."""
    ax.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=columns, borderaxespad=0.1)


def key(society: Recorded) -> str:
    """What thin and thick lines mean, for the foot of a figure."""
    return f"history {society.replica} · thin: every tick · thick: mean of a year of {society.year} ticks"
