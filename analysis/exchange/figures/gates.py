"""Every statistic of the gates in its range, each range drawn equally wide."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from analysis.facts import Target
from analysis.figures.style import GREEN, RED, foot, grid, styled
from analysis.scorecard import Row, Scorecard, share
from analysis.wording import number

EDGE = 0.6
"""Widths of a range shown on either side; what lies beyond is drawn at the edge."""

SMALL = 8.5


@styled
def gates(card: Scorecard) -> Figure:
    """Draw the histories' values of each fact in its range, with the inner range, gate by gate."""
    shown = [(gate, row) for gate in card.gates for row in gate.rows]
    names = [f"{gate.name}: {row.target.says}" for gate, row in shown]
    title = f"{card.score:.0f} % of {len(card.gates)} gates passed"
    figure, (ax,) = grid(1, 1, title, width=12.5, height=0.3 * len(shown) + 0.9)
    ax.axvspan(0, 1, color="#eeeeee", linewidth=0, zorder=0)
    for y, (gate, row) in enumerate(shown):
        inner = _placed(row.target, np.array(row.target.inner))
        ax.barh(y, inner[1] - inner[0], left=inner[0], height=0.55, color="#d3d3d3", linewidth=0, zorder=1)
        found = _placed(row.target, row.values[np.isfinite(row.values)])
        color = GREEN if gate.passes.mean() >= 0.5 else RED
        ax.plot(found, np.full(len(found), y), "o", color=color, markersize=5, alpha=0.7, clip_on=False)
    right = ax.twinx()
    numbers = [_numbers(row, share(gate.passes)) for gate, row in shown]
    for side, texts in ((ax, names), (right, numbers)):
        side.set_yticks(range(len(shown)), texts, fontsize=SMALL)
        side.set_ylim(len(shown) - 0.4, -0.6)
        side.tick_params(length=0, pad=9)
        side.spines[["left", "right", "bottom"]].set_visible(False)
        side.grid(False)
    ax.set(xlim=(-EDGE, 1 + EDGE), xticks=[])
    marks = "light: the range · dark: its inner half, or the sharper range of papers"
    foot(figure, f"{marks} · right: run, range, passed")
    return figure


def _placed(target: Target, values: np.ndarray) -> np.ndarray:
    """Values where the range goes from 0 to 1; one without an end is as wide as its inner one."""
    high = target.high if np.isfinite(target.high) else max(target.inner or (1.0,))
    return np.clip((values - target.low) / (high - target.low), -EDGE, 1 + EDGE)


def _numbers(row: Row, passed: str) -> str:
    low, high = row.target.low, row.target.high
    ends = f"{number(low)} … {number(high)}" if np.isfinite(high) else f"above {number(low)}"
    return f"{number(row.value)}  ·  {ends}  ·  {passed}"
