"""Where the book is deep: its mean profile, and how it changes from day to day."""

from __future__ import annotations

import numpy as np
import polars as pl
from matplotlib.figure import Figure

from analysis.exchange.market import Market
from analysis.exchange.measures.depth import hump
from analysis.figures.style import BLUE, RED, foot, grid, styled

COLUMNS = 400
"""Columns of the map at most: more days are put together."""


@styled
def depth(market: Market) -> Figure:
    """Draw lots shown by distance from the best price, on average and day by day."""
    rows = market.of_first("Profile").sort("tick", "distance")
    places = rows["distance"].unique().sort().to_numpy()
    shown = rows["quantity"].cast(pl.Float64).to_numpy().reshape(-1, len(places))
    together = -(-len(shown) // COLUMNS)
    starts = np.arange(0, len(shown), together)
    days = np.minimum(together, len(shown) - starts)[:, None]
    heat = np.add.reduceat(shown, starts) / days
    figure, (left, right) = grid(1, 2, "Depth of the book", height=3.8)
    mean = shown.mean(axis=0)
    left.bar(places, mean, width=0.85, color=BLUE, linewidth=0)
    deepest = hump(mean)
    if np.isfinite(deepest):
        left.bar([deepest], [mean[int(deepest)]], width=0.85, color=RED, linewidth=0)
        left.set_title(f"Deepest {deepest:.0f} price steps from the best")
    else:
        left.set_title("Deepest at or beyond what was looked at")
    left.set(xlabel="price steps from the best price", ylabel="lots, both sides")
    image = right.imshow(
        heat.T, aspect="auto", origin="lower", cmap="viridis", interpolation="nearest",
        vmin=0, vmax=float(np.quantile(heat, 0.995)) or 1.0,
        extent=(0, market.years[-1], places[0] - 0.5, places[-1] + 0.5),
    )  # fmt: skip
    right.grid(False)
    right.set(title="Day by day", xlabel="year", ylabel="price steps from the best price")
    figure.colorbar(image, ax=right, label="lots, both sides", pad=0.02)
    foot(figure, market.says())
    return figure
