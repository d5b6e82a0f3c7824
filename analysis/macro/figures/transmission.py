"""Impulse responses of the economy to every shock, with what the VAR literature found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from analysis.comparison import Comparison
from analysis.figures.style import BLUE, GREEN, INK, RED, foot, grid, styled
from analysis.macro.responses import MULTIPLIER, Response
from analysis.wording import bounds, number

COLUMNS = {
    "gdp": "Real GDP, %",
    "consumption": "Consumption, %",
    "fixed_investment": "Fixed investment, %",
    "price_level": "Price level, %",
    "unemployment_rate": "Unemployment, pp",
    "policy_rate": "Policy rate, pp",
    "bank_loans": "Real loans, %",
}
AFTER = 20  # quarters drawn after the strike


@styled
def transmission(
    comparisons: Mapping[str, Comparison],
    found: Sequence[Response],
    start: int,
    titles: Mapping[str, str],
) -> Figure:
    """Draw a row per shock and a column per series: mean response with 95 % band, ranges of the literature.

    `comparisons` and `titles` go by shock; `found` holds the responses whose ranges are drawn, green where
    the response keeps to them and red where it does not; `start` is the quarter of the strike.
    """
    rows, columns = len(comparisons), len(COLUMNS)
    figure, axes = grid(rows, columns, "Transmission: shocked minus baseline on the same noise", 17.0, 1.95)
    for position, ax in enumerate(axes):
        shock, name = list(comparisons)[position // columns], list(COLUMNS)[position % columns]
        _panel(ax, comparisons[shock], name, start)
        _ranges(ax, [r for r in found if (r.shock, r.response) == (shock, name) and r.range])
        if position < columns:
            ax.set_title(COLUMNS[name])
        if position % columns == 0:
            ax.set_ylabel(titles[shock], fontweight="bold")
            _note(ax, [r for r in found if (r.shock, r.response) == (shock, MULTIPLIER)])
        if position >= (rows - 1) * columns:
            ax.set_xlabel("quarters")
    figure.legend(handles=_legend(), loc="outside upper right", ncols=5)
    pairs = len(next(iter(comparisons.values())).numbers)
    foot(figure, f"{pairs} pairs of histories · the shock strikes in quarter 0 · scales differ by panel")
    return figure


def _panel(ax: Axes, comparison: Comparison, name: str, start: int) -> None:
    effect = comparison.effects[name]
    window = slice(start, start + AFTER + 1)
    low, high = (side[window] for side in effect.interval)
    quarters = np.arange(len(low))
    ax.fill_between(quarters, low, high, color=BLUE, alpha=0.25, linewidth=0)
    ax.plot(quarters, effect.mean[window], color=BLUE)
    ax.axhline(0, color=INK, linewidth=0.7)
    ax.set(xlim=(0, AFTER), xticks=range(0, AFTER + 1, 4))
    ax.margins(y=0.12)


def _ranges(ax: Axes, judged: Sequence[Response]) -> None:
    """Boxes for ranges of sizes, triangles on the response for ranges of signs."""
    for response in judged:
        expected, color = response.range, RED if response.missed else GREEN
        assert expected is not None
        if expected.sized:
            corner, height = (response.quarter - 0.7, expected.low), expected.high - expected.low
            ax.add_patch(Rectangle(corner, 1.4, height, facecolor=color, alpha=0.3, edgecolor=color))
            ax.update_datalim([(response.quarter, expected.low), (response.quarter, expected.high)])
        else:
            marker = "^" if expected.sign > 0 else "v"
            ax.plot(response.quarter, response.mean, marker, color=color, markersize=8, clip_on=False)
    ax.autoscale_view(scalex=False)


def _note(ax: Axes, multipliers: Sequence[Response]) -> None:
    """The fiscal multipliers, written into the panel of GDP."""
    for line, found in enumerate(multipliers):
        text = f"{'multiplier ' if line == 0 else ''}{found.quarter} q:\n{number(found.mean)} "
        text += bounds(found.low, found.high)
        place, color = (1.0, 0.98 - 0.24 * line), RED if found.missed else GREEN
        ax.text(*place, text, transform=ax.transAxes, ha="right", va="top", fontsize=7, color=color)


def _legend() -> list[Line2D | Patch]:
    return [
        Line2D([], [], color=BLUE, label="mean"),
        Patch(color=BLUE, alpha=0.25, label="95 % interval of the mean"),
        Patch(color=GREEN, alpha=0.3, label="literature: range, kept"),
        Line2D([], [], color=GREEN, marker="^", linestyle="", markersize=8, label="sign, kept"),
        Line2D([], [], color=RED, marker="v", linestyle="", markersize=8, label="red: missed"),
    ]
