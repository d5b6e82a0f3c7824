"""Facts × removals: what each part of the economy does to each fact, with the label of each fact."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from analysis.audit import Audit, Label
from analysis.audit.tables import chance, ordered
from analysis.facts import Facts
from analysis.figures.style import BLUE, GREEN, GREY, INK, ORANGE, PURPLE, RED, SKY, beside, styled

Floats = NDArray[np.float64]

EDGE = 3.0  # sampling standard deviations at which the colours end
CELL, LEFT, RIGHT, TOP, BOTTOM = 0.25, 4.3, 1.8, 2.75, 1.75  # inches
SMALL = 8.5
HALF = 0.47  # of a cell's side
COLORS = {
    "unmet": RED,
    "undecided": INK,
    "mechanical": "#A66F00",
    "driven": PURPLE,
    "assumed": GREY,
    "robust": BLUE,
    "emergent": GREEN,
}
TINTS = LinearSegmentedColormap.from_list("audit", [BLUE, SKY, "#ffffff", ORANGE, RED])
UNDEFINED = "#d0d0d0"


@dataclass(frozen=True)
class _Layout:
    """Which fact and removal stands where: indices and places of rows and columns."""

    labels: list[Label]
    rows: list[int]
    columns: list[int]
    x: Floats
    y: Floats


@styled
def audit_figure(audit: Audit, facts: Facts) -> Figure:
    """Draw a row per fact under its label and a column per removal, mechanisms left, shocks right.

    Colour is the paired change in sampling standard deviations of the fact; a dot marks a finding, a cross a
    removal that carries the fact. Columns stand by what they do to the score, which the bars below show.
    """
    at = _layout(audit)
    inside = CELL * (at.x[-1] + 1.2), CELL * (at.y[-1] + 1.2)
    width, height = LEFT + inside[0] + RIGHT, TOP + inside[1] + BOTTOM
    figure = Figure(figsize=(width, height))
    ax = figure.add_axes((LEFT / width, BOTTOM / height, inside[0] / width, inside[1] / height))
    bars = figure.add_axes((LEFT / width, 0.6 / height, inside[0] / width, 1.05 / height), sharex=ax)
    _cells(ax, audit, at, facts)
    _names(ax, audit, at, facts)
    _scores(bars, audit, at)
    _key(figure, width, height)
    counts = ", ".join(f"{count} {name}" for name, count in audit.counts().items() if count)
    figure.text(
        0.15 / width, 1 - 0.32 / height,
        f"What produces which fact: {counts}", fontsize=13, fontweight="bold",
    )  # fmt: skip
    figure.text(0.15 / width, 0.14 / height, chance(audit.matrix), fontsize=SMALL, color=GREY)
    return figure


def _layout(audit: Audit) -> _Layout:
    """Facts by label with half a row between labels; shocks after mechanisms, a column between them."""
    labels = ordered(audit)
    sorts = audit.matrix.sorts
    columns = sorted(range(len(sorts)), key=lambda i: (sorts[i] == "shock", audit.score.mean[i]))
    breaks = [False, *(a.label != b.label for a, b in pairwise(labels))]
    shocks = sorts[columns] == "shock"
    return _Layout(
        labels,
        [audit.matrix.facts.index(one.fact) for one in labels],
        columns,
        np.arange(len(columns)) + 0.7 * (shocks & ~shocks.all()),
        np.arange(len(labels)) + 0.5 * np.cumsum(breaks),
    )


def _cells(ax: Axes, audit: Audit, at: _Layout, facts: Facts) -> None:
    m, cut = audit.matrix, np.ix_(at.columns, at.rows)
    change = (m.difference / facts.sd(m.facts))[cut]
    colors = TINTS(0.5 + 0.5 * np.clip(np.nan_to_num(change) / EDGE, -1, 1))
    colors[np.isnan(change) & (m.off_pass != m.base_pass)[cut]] = (*[0.82] * 3, 1.0)
    corners = [(x - HALF, y - HALF) for x in at.x for y in at.y]
    squares = [Rectangle(corner, 2 * HALF, 2 * HALF) for corner in corners]
    ax.add_collection(
        PatchCollection(squares, facecolors=colors.reshape(-1, 4), edgecolors="#ececec", linewidths=0.4)
    )
    findings, carries = m.findings[cut], m.carries[cut]
    for flags, marker, size in ((findings & ~carries, ".", 9), (carries, "x", 17)):
        i, j = np.nonzero(flags)
        ax.scatter(at.x[i], at.y[j], marker=marker, s=size, color=INK, linewidths=1.1, zorder=3)
    ax.set(xlim=(-0.6, at.x[-1] + 0.6), ylim=(at.y[-1] + 0.6, -0.6))


def _names(ax: Axes, audit: Audit, at: _Layout, facts: Facts) -> None:
    """Write definitions left, pass shares and labels right, removals above, in red those that break it."""
    ax.set_xticks(at.x, [audit.matrix.removals[i].name.replace("_", " ") for i in at.columns], rotation=90)
    ax.set_yticks(at.y, [facts.targets[one.fact].says for one in at.labels])
    ax.tick_params(length=0, labelsize=SMALL, labelcolor=INK, labeltop=True, labelbottom=False)
    for sort, said in (("mechanism", "without this mechanism"), ("shock", "without this shock")):
        places = at.x[audit.matrix.sorts[at.columns] == sort]
        if len(places):
            where = ((places[0] + places[-1]) / 2, 1.0)
            ax.annotate(
                said, where, (0, 138), xycoords=ax.get_xaxis_transform(), textcoords="offset points",
                ha="center", fontsize=SMALL + 1, fontweight="bold", annotation_clip=False,
            )  # fmt: skip
    for i, tick in zip(at.columns, ax.get_xticklabels(), strict=True):
        tick.set_color(RED if audit.matrix.breaks[i] else INK)
    ax.grid(False)
    ax.spines[:].set_visible(False)
    for one, y in zip(at.labels, at.y, strict=True):
        beside(ax, y, 34, "right", f"{100 * one.base_pass:.0f} %", INK, SMALL)
        beside(ax, y, 42, "left", one.label, COLORS[one.label], SMALL, weight="bold")
    beside(ax, -1.2, 34, "right", "met", GREY, SMALL)


def _scores(bars: Axes, audit: Audit, at: _Layout) -> None:
    """Draw the change of the score without each part, with its interval."""
    mean, low, high = (x[at.columns] for x in audit.score[:3])
    bars.bar(at.x, mean, width=0.7, color=np.where(mean < 0, RED, BLUE))
    bars.vlines(at.x, low, high, color=INK, linewidth=0.9)
    bars.axhline(0, color=INK, linewidth=0.8)
    bars.tick_params(axis="x", length=0, labelbottom=False, labeltop=False)
    bars.tick_params(axis="y", labelsize=SMALL - 1)
    bars.grid(False, axis="x")
    bars.spines["bottom"].set_visible(False)
    bars.set_ylabel("change of\nthe score, points", rotation=0, ha="right", va="center", fontsize=SMALL)


def _key(figure: Figure, width: float, height: float) -> None:
    """Explain colours and marks in the upper left corner."""
    scale = figure.add_axes((0.5 / width, 1 - 1.1 / height, 2.6 / width, 0.13 / height))
    scale.imshow(np.linspace(0, 1, 256)[None], cmap=TINTS, aspect="auto", extent=(-EDGE, EDGE, 0, 1))
    scale.set(yticks=[], xticks=[-EDGE, 0, EDGE], xticklabels=["−3 or less", "0", "+3 or more"])
    scale.tick_params(labelsize=SMALL - 0.5)
    scale.grid(False)
    scale.set_title("change without it, sampling sd of the fact", fontsize=SMALL, fontweight="normal")
    marks = (("x", 17, "carries the fact: lost or weakened without it"), (".", 9, "other finding"))
    for marker, size, said in marks:
        scale.scatter([], [], marker=marker, s=size, color=INK, linewidths=1.1, label=said)
    scale.scatter([], [], marker="s", s=40, color=UNDEFINED, label="not defined without it")
    scale.legend(loc="upper left", bbox_to_anchor=(-0.06, -2.2), fontsize=SMALL, borderpad=0)
