"""What each free parameter does to each fact, and which parameters the facts can tell."""

from __future__ import annotations

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from analysis.calibration.identification import WEAK, Identification
from analysis.figures.style import BLUE, GREY, INK, RED, foot, styled

SHOWN = 3.0  # sampling sd: the deepest colour
DIVERGING = LinearSegmentedColormap.from_list("effects", [BLUE, "white", RED])


@styled
def identification_figure(found: Identification) -> Figure:
    """Draw the seen effects, facts across, parameters down, and what the facts leave of each range."""
    order = np.argsort(found.together, kind="stable")
    n = len(order)
    figure = Figure(figsize=(15.5, 3.2 + 0.2 * n), layout="constrained")
    map_ax, left_ax = figure.subplots(1, 2, width_ratios=(6, 1), sharey=True)
    figure.suptitle(
        "What half the range of each parameter does to each fact",
        x=0.01,
        ha="left",
        fontsize=13,
        fontweight="bold",
    )
    drawn = map_ax.pcolormesh(
        found.seen.T[order], cmap=DIVERGING, vmin=-SHOWN, vmax=SHOWN, edgecolor="#eeeeee", linewidth=0.4
    )
    map_ax.set_xticks(np.arange(len(found.facts)) + 0.5, found.facts, rotation=90, fontsize=8)
    map_ax.set_yticks(np.arange(n) + 0.5, [found.names[k] for k in order], fontsize=8)
    map_ax.set_ylim(n, 0)
    bar = figure.colorbar(drawn, ax=map_ax, location="top", shrink=0.4, aspect=40, pad=0.01, extend="both")
    bar.set_label("effect on the fact, in sampling standard deviations", fontsize=9)
    for ax in (map_ax, left_ax):
        ax.grid(visible=False)
        ax.tick_params(length=0)

    told = found.together[order] < WEAK
    left_ax.barh(
        np.arange(n) + 0.5, found.together[order], color=np.where(told, BLUE, "#c9c9c9"), height=0.75
    )
    left_ax.plot(found.alone[order], np.arange(n) + 0.5, "|", color=INK, markersize=8)
    left_ax.axvline(WEAK, color=GREY, linewidth=0.8, linestyle="--")
    left_ax.set(xlim=(0, 1.02), xticks=(0, 0.5, 1))
    left_ax.set_xlabel("share of the range's sd\nleft by the facts", fontsize=9)
    foot(
        figure,
        "white: within two standard errors of 0 · bars: no other parameter known, blue where less than half "
        "of the variance is left · ticks: all others known",
    )
    return figure
