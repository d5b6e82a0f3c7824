"""What settings do to outcomes: lines over one of them, a map over two, main effects of more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from analysis.figures.amounts import TICKS, amount
from analysis.figures.panels import COLORS
from analysis.figures.style import BLUE, GREY, INK, band, empty, foot, grid, legend_line, quantiles, styled
from analysis.figures.through_time import titled
from analysis.sweep import Outcome, Swept

COLUMNS = 3
LEVELS = 8
"""Into how many parts a setting of many values is cut where its main effect is drawn."""

MOST_TICKS = 7
TINTS = "viridis"
MOST_TOLD = 40
"""Cells of a map in which numbers are written."""
DASHES = ("-", "--", ":", "-.")


@styled
def sweep_figure(title: str, swept: Swept) -> Figure:
    """Draw a panel for each outcome, over as many settings as the sweep has."""
    outcomes, settings = swept.outcomes(), swept.settings
    columns = min(COLUMNS, len(outcomes))
    figure, axes = grid(-(-len(outcomes) // columns), columns, title, width=1.0 + 3.7 * columns, height=2.6)
    draw = {1: _lines, 2: _map}.get(len(settings), _effects)
    for ax in axes[len(outcomes) :]:
        ax.set_axis_off()
    for ax, outcome in zip(axes, outcomes, strict=False):
        if not np.isfinite(outcome.values).any():
            empty(ax, titled(outcome.name), "never defined")
            continue
        if np.nanmax(outcome.values) == np.nanmin(outcome.values):
            empty(ax, titled(outcome.name), f"{np.nanmax(outcome.values):.4g} {outcome.unit} in every run")
            continue
        draw(figure, ax, outcome, settings)
        ax.set_title(titled(outcome.name))
    figure.align_ylabels()
    foot(figure, _note(swept))
    if len(settings) > 2:
        marks = [Line2D([], [], **_look(n), label=name) for n, name in enumerate(settings)]
        figure.legend(handles=marks, loc="outside upper right", ncols=min(4, len(marks)))
    return figure


def _lines(figure: Figure, ax: Axes, outcome: Outcome, settings: Mapping[str, str]) -> None:
    (name, unit), at = next(iter(settings.items())), next(iter(outcome.settings.values()))
    if _numeric(at):
        order = np.argsort(at, kind="stable")
        band(ax, at[order], outcome.values[order].T, BLUE)
        ax.plot(at[order], np.nanmedian(outcome.values[order], axis=1), "o", color=BLUE, markersize=3.5)
        _scaled(ax, at)
    else:
        low, middle, high = quantiles(outcome.values.T, (10, 50, 90))
        places = np.arange(len(at))
        ax.vlines(places, low, high, color=BLUE, alpha=0.35, linewidth=6)
        ax.plot(places, middle, "o", color=BLUE)
        ax.set_xticks(places, [str(value) for value in at])
        ax.set_xlim(-0.5, len(at) - 0.5)
    ax.set(xlabel=_label(name, unit), ylabel=outcome.unit)
    _told_shortly(ax)


def _map(figure: Figure, ax: Axes, outcome: Outcome, settings: Mapping[str, str]) -> None:
    (x, y), means = outcome.settings.values(), _means(outcome)
    (across, columns), (up, rows) = (np.unique(values, return_inverse=True) for values in (x, y))
    if len(across) * len(up) <= 2 * len(means):
        cells = np.full((len(up), len(across)), np.nan)
        cells[rows, columns] = means
        ax.set_facecolor("#dddddd")
        drawn: Any = ax.pcolormesh(cells, cmap=TINTS, edgecolor="white", linewidth=0.5)
        if cells.size <= MOST_TOLD and len(across) <= MOST_TICKS:
            _tell(ax, cells, drawn)
        for axis, values in ((ax.xaxis, across), (ax.yaxis, up)):
            shown = np.arange(0, len(values), -(-len(values) // MOST_TICKS))
            axis.set_ticks(shown + 0.5, [_short(values[place]) for place in shown])
    else:
        drawn = ax.scatter(x, y, c=means, cmap=TINTS, s=22)
    names = list(settings.items())
    ax.set(xlabel=_label(*names[0]), ylabel=_label(*names[1]))
    ax.grid(False)
    bar = figure.colorbar(drawn, ax=ax, label=outcome.unit, ticks=MaxNLocator(5))
    bar.formatter = TICKS
    bar.outline.set_visible(False)


def _tell(ax: Axes, cells: NDArray[np.float64], drawn: Any) -> None:
    """Write the number into each cell, light on dark."""
    for (row, column), value in np.ndenumerate(cells):
        ink = "white" if drawn.norm(value) < 0.6 else INK
        text = "failed" if np.isnan(value) else amount(value)
        ax.text(column + 0.5, row + 0.5, text, ha="center", va="center", fontsize=7.5, color=ink)


def _effects(figure: Figure, ax: Axes, outcome: Outcome, settings: Mapping[str, str]) -> None:
    means = _means(outcome)
    for number, values in enumerate(outcome.settings.values()):
        shares, level = _levels(values)
        found = [means[(level == each) & np.isfinite(means)] for each in range(len(shares))]
        told = [part.mean() if part.size else np.nan for part in found]
        ax.plot(shares, told, marker="o", markersize=3, **_look(number))
    ax.axhline(float(np.nanmean(means)), color=GREY, linewidth=0.7)
    ax.set(ylabel=outcome.unit, xlabel="lowest to highest value of each setting", xticks=[])
    _told_shortly(ax)


def _levels(values: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The levels of a setting, (L,) from 0 to 1, and the level of each point: values, or parts of many."""
    known, level = np.unique(values, return_inverse=True)
    if len(known) > LEVELS:
        level = level * LEVELS // len(known)
    count = min(len(known), LEVELS)
    return np.linspace(0.0, 1.0, count), level


def _means(outcome: Outcome) -> NDArray[np.float64]:
    """The mean over replicas at each point, (P,), of what is defined."""
    defined = np.isfinite(outcome.values)
    with np.errstate(invalid="ignore"):
        return np.where(defined, outcome.values, 0.0).sum(axis=1) / defined.sum(axis=1)


def _note(swept: Swept) -> str:
    failed = len(swept.failed)
    lost = f" · {failed} points failed" if failed else ""
    if len(swept.settings) == 1:
        return legend_line(swept.replicas) + lost
    runs = "one run" if swept.replicas == 1 else f"the mean of {swept.replicas} runs"
    if len(swept.settings) == 2:
        return f"colour: {runs} at a point" + (f"{lost}: grey" if failed else "")
    return (
        f"each dot: mean over all points at a value of the setting, or in one of {LEVELS} equal parts\n"
        f"a point is {runs} · grey line: mean of all points{lost}"
    )


def _look(number: int) -> dict[str, Any]:
    return {"color": COLORS[number % len(COLORS)], "linestyle": DASHES[number // len(COLORS) % len(DASHES)]}


def _scaled(ax: Axes, at: NDArray[Any]) -> None:
    """A logarithmic axis where values grow by factors."""
    known = np.unique(at)
    if len(known) > 2 and known[0] > 0 and known[-1] / known[0] >= 30:
        ax.set_xscale("log")
    else:
        ax.xaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))


def _numeric(values: NDArray[Any]) -> bool:
    return values.dtype.kind in "if"


def _label(name: str, unit: str) -> str:
    return f"{name}, {unit}" if unit else name


def _told_shortly(ax: Axes) -> None:
    ax.yaxis.set_major_locator(MaxNLocator(nbins=5))
    ax.yaxis.set_major_formatter(TICKS)


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, (float, np.floating)) else str(value)
