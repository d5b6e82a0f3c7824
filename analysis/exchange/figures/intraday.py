"""The rhythm of a day: how much is traded and how far prices move, by the time of day."""

from __future__ import annotations

import numpy as np
import polars as pl
from matplotlib.figure import Figure

from analysis.exchange.market import Market
from analysis.figures.style import BLUE, RED, foot, grid, styled

PARTS = 40
"""Parts of a day."""


@styled
def intraday(market: Market) -> Figure:
    """Draw lots traded and squared moves of the price in parts of the day, as multiples of their mean."""
    part = max(1, market.day // PARTS)
    rows = (
        market.of_first("Trade")
        .with_columns(day=pl.col("tick") // market.day, part=pl.col("tick") % market.day // part)
        .group_by("day", "part", maintain_order=True)
        .agg(pl.col("quantity").sum(), pl.col("price").last())
        .sort("day", "part")
        .with_columns(move=pl.col("price").log().diff().over("day") ** 2)
        .group_by("part")
        .agg(pl.col("quantity").sum(), pl.col("move").mean())
        .sort("part")
    )
    at = (rows["part"].to_numpy() + 0.5) * part
    figure, axes = grid(1, 2, "Through the day", height=3.2)
    for ax, name, color, title in zip(
        axes, ("quantity", "move"), (BLUE, RED), ("Volume", "Squared moves of the price")
    ):
        values = rows[name].cast(pl.Float64).fill_null(float("nan")).to_numpy()
        usual = np.nansum(values) / max(1, np.isfinite(values).sum()) or 1.0
        ax.plot(at, values / usual, "o-", color=color, markersize=3.5, linewidth=1.3)
        ax.axhline(1, color="#999999", linewidth=0.8)
        ax.set(
            title=title,
            xlabel="tick of the day",
            ylabel="times the mean of the day",
            ylim=(0, None),
            xlim=(0, market.day),
        )
    foot(figure, market.says())
    return figure
