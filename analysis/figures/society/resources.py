"""How much of each good there is, how much is made and how much eaten, tick by tick."""

from __future__ import annotations

import numpy as np
import polars as pl
from matplotlib.figure import Figure

from analysis.figures.society.recorded import Floats, Ints, Recorded
from analysis.figures.society.through_time import key, legend_above, path, span
from analysis.figures.style import BLUE, GREEN, ORANGE, foot, grid, styled

LOOK = {"held at tick's end": BLUE, "made": GREEN, "eaten": ORANGE}


def totals(society: Recorded) -> dict[str, tuple[Ints, Floats]]:
    """Return ticks (T,) and totals of all agents (T, goods) of what is held, made and eaten.

    Unavailable when Holding, Production or Consumption were not recorded.
    """
    made = society.events("Production").with_columns(
        good=pl.col("job").cast(pl.Int64).replace_strict(dict(enumerate(society.job_goods)))
    )
    sources = (
        (society.events("Holding"), "kept"), (made, "amount"), (society.events("Consumption"), "amount"),
    )  # fmt: skip
    return {
        name: _by_good(frame, column, len(society.goods)) for name, (frame, column) in zip(LOOK, sources)
    }


def _by_good(frame: pl.LazyFrame, column: str, goods: int) -> tuple[Ints, Floats]:
    found = frame.group_by("tick", "good").agg(pl.col(column).sum()).collect()
    ticks, place = np.unique(found["tick"].to_numpy(), return_inverse=True)
    values = np.zeros((len(ticks), goods))
    values[place, found["good"].to_numpy()] = found[column].to_numpy()
    return ticks.astype(np.int64), values


@styled
def resources(society: Recorded) -> Figure:
    """Draw a panel per good with its totals over all agents."""
    found = totals(society)
    figure, axes = grid(len(society.goods), 1, "Resources", height=2.3)
    for g, (ax, good) in enumerate(zip(axes, society.goods)):
        for name, (ticks, values) in found.items():
            path(ax, ticks, values[:, g], society.year, LOOK[name], name)
        ax.set(title=good, ylabel="goods, all agents")
        ax.set_ylim(bottom=0)
        span(ax, ticks, label=g == len(society.goods) - 1)
    legend_above(axes[0], len(LOOK))
    foot(figure, key(society))
    return figure
