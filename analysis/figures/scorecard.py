"""Every fact at once: the simulated histories against the real value, in sampling standard deviations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from analysis.figures.margins import Margins, breadth
from analysis.figures.style import GREEN, GREY, INK, RED, beside, foot, grid, styled
from analysis.scorecard import Row, Scorecard, inside

Floats = NDArray[np.float64]

EDGE = 6.0  # standard deviations shown on either side; what lies beyond is drawn at the edge
COLUMNS = (42, 84, 132)  # points right of the panel where the three numbers of a row end
SMALL = 8.5

WINDOW_MARKS = ("|", "x", "+", "1")


@styled
def scorecard_figure(card: Scorecard) -> Figure:
    """Draw a row per fact: median, 10–90 % and range of the histories, the real band and real windows."""
    facts, families = card.facts, card.facts.families
    rows = len(card.rows) + 2 * len(families)
    texts = (*families.values(), *(row.target.says for row in card.rows))
    margins = Margins(left=breadth(texts, SMALL), right=COLUMNS[-1] / 72, above=0.3)
    figure, (ax,) = grid(1, 1, _title(card), width=12.5, height=0.235 * rows + 1.0, margins=margins)
    ax.axvspan(-1.96, 1.96, color="#eeeeee", linewidth=0, zorder=0)
    ax.axvline(0, color=INK, linewidth=1.0, zorder=1)
    y, at = 0.0, []
    for row in card.rows:
        if row.name in families:
            _left(ax, y + 1, families[row.name], weight="bold")
            y += 2
        _left(ax, y, row.target.says)
        _right(ax, y, f"{row.value:.2f}", f"{row.target.real:.2f}", inside(row), _color(row))
        at.append(y)
        y += 1
    _right(ax, -0.6, "run", facts.reference, "inside", INK)
    _draw(ax, card.rows, np.array(at))
    ax.set(xlim=(-EDGE, EDGE), ylim=(y + 0.2, 0.0), yticks=[])
    ax.set_xlabel(
        f"distance from the {facts.reference} value, sampling standard deviations of a "
        f"{facts.length}-{facts.period} history"
    )
    ax.spines["left"].set_visible(False)
    _key(ax, card)
    marks = (
        "grey: where 95 % of real histories fall"
        if len(card.scores) == 1
        else "bar: 10–90 % of histories · thin line: all of them · grey: where 95 % of real histories fall"
    )
    foot(figure, marks if card.note is None else f"{marks}\n{card.note}")
    return figure


def _title(card: Scorecard) -> str:
    error = "" if card.se is None else f" ± {card.se:.1f}"
    controls = [f"{name}: {score:.0f}" for name, score in card.controls_by_label().items()]
    return f"{card.score:.1f}{error} % of the {card.facts.reference} facts met   ({', '.join(controls)})"


def _color(row: Row) -> str:
    return GREEN if row.pass_share >= 0.5 else RED


def _left(ax: Axes, y: float, text: str, weight: str = "normal") -> None:
    ax.text(-EDGE - 0.15, y, text, ha="right", va="center", fontsize=SMALL, fontweight=weight)


def _right(ax: Axes, y: float, run: str, real: str, inside: str, color: str) -> None:
    """Write the numbers of a row right of the panel, the last one in a colour."""
    run, real = (text.replace("nan", "–").replace("-", "−") for text in (run, real))
    for points, text, ink in zip(COLUMNS, (run, real, inside), (INK, INK, color), strict=True):
        beside(ax, y, points, "right", text, ink, SMALL)


def _draw(ax: Axes, rows: Sequence[Row], y: Floats) -> None:
    """Draw every row's windows, ranges and medians, alike ones at once."""
    for window, marker in zip(rows[0].target.windows, WINDOW_MARKS):
        away = [(row.target.windows[window] - row.target.real) / row.target.sd for row in rows]
        ax.plot(away, y, marker, color=GREY, markersize=6, linestyle="none", zorder=2)
    ranges = np.array([_range(row) for row in rows])
    medians: dict[tuple[str, str], list[int]] = {}
    for k, row in enumerate(rows):
        if np.isnan(ranges[k]).any():
            ax.text(2.1, y[k], "not defined in any history", va="center", fontsize=8, color=RED)
        else:
            medians.setdefault((_marker(row, ranges[k, 2]), _color(row)), []).append(k)
    for (marker, color), alike in medians.items():
        low, p10, median, p90, high = ranges[alike].T
        ax.hlines(y[alike], low, high, color=color, linewidth=0.9, zorder=3)
        ax.hlines(y[alike], p10, p90, color=color, linewidth=4.5, alpha=0.55, zorder=3)
        spot: dict[str, Any] = {"markersize": 6, "linestyle": "none", "zorder": 4, "clip_on": False}
        ax.plot(median, y[alike], marker, color=color, **spot)


def _range(row: Row) -> Floats:
    """Ends, 10th and 90th percentile and median of a row's histories (5,), in standard deviations."""
    z = (row.values[np.isfinite(row.values)] - row.target.real) / row.target.sd
    if not len(z):
        return np.full(5, np.nan)
    return np.clip(np.percentile(z, [0, 10, 50, 90, 100]), -EDGE, EDGE)


def _marker(row: Row, median: float) -> str:
    if abs(median) >= EDGE:
        return "<" if median < 0 else ">"
    return "o" if _color(row) == GREEN else "s"


def _key(ax: Axes, card: Scorecard) -> None:
    """Explain the marks above the panel."""
    one = len(card.scores) == 1
    style = "o" if one else "o-"
    ax.plot([], [], style, color=GREEN, linewidth=4.5, label="inside" if one else "most histories inside")
    style = "s" if one else "s-"
    ax.plot([], [], style, color=RED, linewidth=4.5, label="outside" if one else "most outside")
    for label, marker in zip(card.facts.windows.values(), WINDOW_MARKS):
        ax.plot([], [], marker, color=GREY, label=label)
    ax.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=4, columnspacing=1.4)
