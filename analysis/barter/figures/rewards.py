"""What life is worth: rewards through time, and how they are spread at the beginning and at the end."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from analysis.barter.figures.through_time import key, legend_above, span, spread
from analysis.barter.recorded import Recorded
from analysis.figures.style import BLUE, GREY, ORANGE, foot, grid, styled


@styled
def rewards(society: Recorded) -> Figure:
    """Draw the mean reward with the middle 80 % of agents, and the first and last year's distributions."""
    ticks, reward = society.snapshots("Reward", "amount")
    figure, (through, apart) = grid(2, 1, "Rewards", height=2.9)
    spread(through, ticks, reward, society.year, BLUE)
    through.set(title="Reward of a tick", ylabel="utility")
    span(through, ticks)
    legend_above(through, 2)
    years = {
        "first year": (reward[ticks < ticks[0] + society.year], GREY),
        "last year": (reward[ticks > ticks[-1] - society.year], ORANGE),
    }
    bins = np.histogram_bin_edges(
        np.concatenate([values.ravel() for values, _ in years.values()]), 50
    ).tolist()
    for name, (values, color) in years.items():
        weights = np.full(values.size, 100.0 / values.size)
        apart.hist(values.ravel(), bins, weights=weights, color=color, alpha=0.35)
        apart.hist(
            values.ravel(), bins, weights=weights, color=color, histtype="step", linewidth=1.8, label=name
        )
    apart.set(title="Its distribution", xlabel="utility of a tick", ylabel="% of agents and ticks")
    legend_above(apart, 2)
    foot(figure, key(society))
    return figure
