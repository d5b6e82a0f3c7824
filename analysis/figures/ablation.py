"""What something is worth: a panel per column, a row per arm, the paired change against its baseline."""

from __future__ import annotations

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from analysis.attribution.ablation import Ablation
from analysis.figures.style import BLUE, GREY, INK, RED, foot, grid, styled

ACROSS = 4
COLORS = {1: BLUE, 0: GREY, -1: RED}
SAID = {1: "better than its baseline", 0: "no measurable change, or neither good nor bad", -1: "worse"}


@styled
def ablation_figure(found: Ablation) -> Figure:
    """Draw changes with their 95 % intervals; baselines are the line at 0."""
    names = [row for row in found.effects if found.against[row] != row]
    lines = -(-len(found.columns) // ACROSS)
    figure, axes = grid(lines, ACROSS, found.title, width=15.0, height=0.22 * len(names) + 0.9)
    for place, ax in enumerate(axes):
        if place >= len(found.columns):
            ax.set_axis_off()
            continue
        column = found.columns[place]
        ax.axvline(0.0, color=INK, linewidth=0.8)
        for y, row in enumerate(names):
            change = found.effects[row][column.name].change
            color = COLORS[found.sign(change) * column.better]
            ax.plot([change.low, change.high], [y, y], color=color, linewidth=2.2, solid_capstyle="butt")
            ax.plot(change.mean, y, "o", color=color, markersize=4.5)
        ax.set_yticks(range(len(names)), names if place % ACROSS == 0 else [""] * len(names))
        ax.set(title=column.title, xlabel=f"change, {column.unit}", ylim=(len(names) - 0.4, -0.6))
        ax.xaxis.set_major_locator(MaxNLocator(nbins=5))
    marks = [Line2D([], [], color=COLORS[k], marker="o", label=said) for k, said in SAID.items()]
    figure.legend(handles=marks, loc="outside upper right", ncols=len(marks))
    bases = sorted(set(found.against.values()))
    foot(
        figure,
        f"change against the baseline ({' or '.join(bases)}) with its 95 % bootstrap interval, "
        f"{found.replicas} pairs of histories of {found.years:g} years on common noise",
    )
    return figure
