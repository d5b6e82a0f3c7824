"""Whether all networks learn: gradients through time, network by network."""

from __future__ import annotations

import numpy as np
import polars as pl
from matplotlib.figure import Figure

from analysis.figures.panels import COLORS
from analysis.figures.society.recorded import Floats, Ints, Recorded
from analysis.figures.society.through_time import key, legend_above, path, span
from analysis.figures.style import Unavailable, foot, grid, styled


def flow(society: Recorded) -> dict[str, tuple[Ints, Floats, Floats]]:
    """Return by network: ticks, mean norms of gradients, shares of agents with one, (T,) each."""
    rows = society.events("GradientFlow").with_columns(pl.col("network").cast(pl.String)).collect()
    if rows.is_empty():
        raise Unavailable(f"no GradientFlow events in history {society.replica}")
    found = {}
    for network in rows["network"].unique(maintain_order=True):
        mine = rows.filter(pl.col("network") == network).sort("tick")
        found[str(network)] = (
            mine["tick"].to_numpy().astype(np.int64), mine["norm"].to_numpy(), mine["share"].to_numpy()
        )  # fmt: skip
    return found


@styled
def learning(society: Recorded) -> Figure:
    """Draw the norm of gradients on a log scale, and the share of agents that learn, by network."""
    found = flow(society)
    figure, (norms, shares) = grid(2, 1, "Gradient flow", height=2.7)
    for color, (network, (ticks, norm, share)) in zip(COLORS, found.items()):
        name = network.replace("_", " ")
        path(norms, ticks, np.where(norm > 0, norm, np.nan), society.year, color, name)
        path(shares, ticks, 100 * share, society.year, color, name)
    norms.set(title="Mean norm of the gradient", ylabel="norm", yscale="log")
    shares.set(title="Agents with a gradient", ylabel="% of agents", ylim=(-3, 103))
    span(norms, ticks, label=False)
    span(shares, ticks)
    legend_above(norms, len(found))
    foot(figure, f"{key(society)} · a network at 0 % learns nothing")
    return figure
