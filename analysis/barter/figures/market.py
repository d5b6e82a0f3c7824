"""What the market does: prices, goods that change hands, and what is gained by it."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from analysis.barter.figures.through_time import key, legend_above, path, span
from analysis.barter.recorded import Floats, Recorded
from analysis.figures.style import GREEN, PURPLE, foot, grid, styled


def moved(before: Floats, after: Floats) -> Floats:
    """How much of each good changes hands (T, goods), from holdings (T, N, goods)."""
    return 0.5 * np.abs(after - before).sum(axis=1)


@styled
def market(society: Recorded) -> Figure:
    """Draw relative prices, trade in each good, the surplus captured and the dispersion of valuations."""
    ticks, prices = society.prices()
    held, before = society.by_good("Holding", "before")
    traded = moved(before, society.by_good("Holding", "after")[1])
    rows = society.events("Clearing").select("tick", "captured", "mrs_dispersion").collect().sort("tick")
    figure, axes = grid(2, 2, "The market", height=2.7)
    price, volume, captured, dispersion = axes
    for g, good in enumerate(society.goods):
        path(price, ticks, prices[:, g], society.year, society.good_colors[g], good)
        path(volume, held, traded[:, g], society.year, society.good_colors[g])
    cleared = rows["tick"].to_numpy().astype(np.int64)
    path(captured, cleared, 100 * rows["captured"].to_numpy(), society.year, GREEN)
    path(dispersion, cleared, rows["mrs_dispersion"].to_numpy(), society.year, PURPLE)
    price.set(title="Prices", ylabel="relative price; all sum to 1", ylim=(0, 1))
    volume.set(title="Trade", ylabel="goods per tick")
    captured.set(title="Surplus captured", ylabel="% of what trade could bring")
    captured.set_ylim(min(0.0, captured.get_ylim()[0]), 103)
    dispersion.set(title="Rates of substitution after trade", ylabel="sd of logs, by true tastes")
    for ax in (volume, dispersion):
        ax.set_ylim(bottom=0)
    for ax in axes:
        span(ax, ticks, label=ax in (captured, dispersion))
    legend_above(price, len(society.goods))
    foot(figure, key(society))
    return figure
