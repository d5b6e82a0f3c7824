"""How much of each good there is, how much is made and how much eaten, tick by tick."""

from __future__ import annotations

import numpy as np
import polars as pl
from matplotlib.figure import Figure

from analysis.barter.figures.through_time import key, legend_above, path, span
from analysis.barter.recorded import Floats, Ints, Recorded
from analysis.figures.style import BLUE, RED, SKY, foot, grid, styled

HELD = "held"
LOOK = (("made", SKY, 5.0), ("eaten", RED, 1.6), (HELD, BLUE, 2.2))


def totals(society: Recorded) -> dict[str, tuple[Ints, Floats]]:
    """Ticks (T,) and totals of all agents (T, goods) of what is made, eaten and held.

    Unavailable when Holding, Production or Consumption were not recorded.
    """
    made = society.events("Production").with_columns(
        good=pl.col("job").cast(pl.Int64).replace_strict(dict(enumerate(society.job_goods)))
    )
    sources = {
        "made": (made, "amount"),
        "eaten": (society.events("Consumption"), "amount"),
        HELD: (society.events("Holding"), "kept"),
    }
    return {name: _by_good(frame, column, len(society.goods)) for name, (frame, column) in sources.items()}


def _by_good(frame: pl.LazyFrame, column: str, goods: int) -> tuple[Ints, Floats]:
    found = frame.group_by("tick", "good").agg(pl.col(column).sum()).collect()
    ticks, place = np.unique(found["tick"].to_numpy(), return_inverse=True)
    values = np.zeros((len(ticks), goods))
    values[place, found["good"].to_numpy()] = found[column].to_numpy()
    return ticks.astype(np.int64), values


@styled
def resources(society: Recorded) -> Figure:
    """Draw two panels per good with totals over all agents: what is made and eaten, and what is held."""
    found = totals(society)
    figure, axes = grid(len(society.goods), 2, "Resources: totals of all agents", height=2.5)
    for g, good in enumerate(society.goods):
        flows, stock = axes[2 * g : 2 * g + 2]
        for name, color, width in LOOK:
            ticks, values = found[name]
            ax = stock if name == HELD else flows
            path(ax, ticks, values[:, g], society.year, color, name, width)
        flows.set(title=f"{good}: made and eaten", ylabel="goods per tick")
        stock.set(title=f"{good}: held when the tick ends", ylabel="goods")
        for ax in (flows, stock):
            ax.set_ylim(bottom=0)
            span(ax, ticks, label=g == len(society.goods) - 1)
    legend_above(axes[0], 2)
    foot(figure, key(society))
    return figure
