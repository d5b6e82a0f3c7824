"""What learning changed: rows of policies × outcomes, each against the rule."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from analysis.attribution import RETURN, RULE, Attribution, Outcome
from analysis.figures.style import BLUE, GREY, INK, RED, foot, grid, styled
from analysis.inference import Interval
from analysis.wording import number, sign

COLUMNS = 5
ROOM = 1.25  # of the widest learned interval: the half-width of a panel
OWN = "#fff3cf"  # behind the row in which the sector itself has learned
COLORS = {1: BLUE, 0: GREY, -1: RED}
SAID = {1: "better than the rule", 0: "no measurable change", -1: "worse than the rule"}


@styled
def attribution_figure(found: Attribution) -> Figure:
    """Draw a panel per outcome and in it a row per policy: the paired change against the rule, rule at 0.

    Panels are as wide as what learning did; a control beyond the edge is an arrow with its number. Sectors'
    returns come first.
    """
    rows = [row for row in found.shown if row in found.effects]
    lines = -(-len(found.outcomes) // COLUMNS)
    height = 0.19 * len(rows) + 1.0
    figure, axes = grid(lines, COLUMNS, "What learning changed", width=14.0, height=height)
    for ax, by in zip(axes, found.outcomes, strict=False):
        _panel(ax, found, by, rows)
    for place, ax in enumerate(axes):
        if place >= len(found.outcomes):
            ax.set_axis_off()
        elif place % COLUMNS == 0:
            ax.set_yticks(range(len(rows)), rows)
            for tick in ax.get_yticklabels():
                tick.set_fontweight(
                    "bold" if tick.get_text() in (*found.alone.values(), found.together) else "normal"
                )
                tick.set_color(INK)
        else:
            ax.set_yticks(range(len(rows)), [""] * len(rows))
    marks = [Line2D([], [], color=COLORS[k], marker="o", label=said) for k, said in SAID.items()]
    marks.append(Line2D([], [], color=GREY, marker=">", linestyle="", label="beyond the edge"))
    figure.legend(handles=marks, loc="outside upper right", ncols=len(marks))
    foot(
        figure,
        f"change against the rule with its 95 % bootstrap interval, {found.replicas} histories of "
        f"{found.years:g} years on common noise; bold: rows with learned networks; "
        "shaded: the sector itself has learned",
    )
    return figure


def _panel(ax: Axes, found: Attribution, by: Outcome, rows: Sequence[str]) -> None:
    changes = {row: found.effects[row][by.name].change for row in rows}
    learned = [changes[row] for row in (*found.alone.values(), found.together) if row in changes]
    edge = ROOM * _reach(learned)
    if edge == 0.0:
        edge = ROOM * _reach(list(changes.values())) or 1.0
    ax.axvline(0.0, color=INK, linewidth=0.8)
    own = found.alone.get(by.name.removeprefix(RETURN))
    if own in rows:
        ax.axhspan(rows.index(own) - 0.45, rows.index(own) + 0.45, color=OWN, linewidth=0)
    for place, (row, change) in enumerate(changes.items()):
        if row == RULE:
            ax.plot(0.0, place, "D", color=INK, markersize=4)
        elif np.isfinite(change.mean):
            _mark(ax, place, change, edge, COLORS[sign(change) * (by.better or 1)])
    ax.set(xlim=(-edge, edge), ylim=(len(rows) - 0.4, -0.6), xlabel=by.unit)
    level = "" if by.equivalent else _said(float(found.effects[RULE][by.name].level.mean))
    ax.set_title(f"{by.title}  ", fontsize=9.5)
    ax.text(
        1.0, 1.02, level and f"rule {level}", ha="right", va="bottom", fontsize=8,
        color=GREY, transform=ax.transAxes,
    )  # fmt: skip
    ax.xaxis.set_major_locator(MaxNLocator(4, symmetric=True))
    ax.tick_params(labelsize=8)


def _reach(changes: Sequence[Interval]) -> float:
    bounds = np.array([[abs(float(x.low)), abs(float(x.high))] for x in changes])
    return float(np.nanmax(bounds, initial=0.0)) if len(bounds) else 0.0


def _mark(ax: Axes, place: int, change: Interval, edge: float, color: str) -> None:
    """Draw a change, or at the edge an arrow and its number."""
    mean = float(change.mean)
    if abs(mean) < edge:
        ax.plot(
            np.clip([change.low, change.high], -edge, edge), [place, place], color=color, linewidth=2.2,
            solid_capstyle="butt",
        )  # fmt: skip
        ax.plot(mean, place, "o", color=color, markersize=4.5)
        return
    right = mean > 0
    ax.plot(0.96 * edge if right else -0.96 * edge, place, ">" if right else "<", color=color, markersize=5)
    ax.text(
        0.88 * edge if right else -0.88 * edge, place, _said(mean), color=color, fontsize=7.5,
        ha="right" if right else "left", va="center",
    )  # fmt: skip


def _said(value: float) -> str:
    """A number with three figures."""
    return number(value, int(np.clip(2 - np.floor(np.log10(abs(value))), 0, 4)) if value else 0)
