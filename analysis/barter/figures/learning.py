"""Whether all networks learn: gradients through time, network by network."""

from __future__ import annotations

import numpy as np
import polars as pl
from matplotlib.figure import Figure

from analysis.barter.figures.through_time import key, legend_above, path, span
from analysis.barter.recorded import Floats, Ints, Recorded
from analysis.figures.panels import COLORS
from analysis.figures.style import Unavailable, foot, styled, titled


def flow(society: Recorded) -> dict[str, tuple[Ints, Floats, Floats]]:
    """By network: ticks, mean norms of gradients, shares of agents with one, (T,) each."""
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
    """Draw the norm of gradients on a log scale, and in colours how many agents have one, by network."""
    found = flow(society)
    figure = titled("Gradient flow", 11, 4.9)
    norms, shares = figure.subplots(2, 1, height_ratios=(2.4, 1))
    for color, (network, (ticks, norm, _)) in zip(COLORS, found.items()):
        name = network.replace("_", " ")
        path(norms, ticks, np.where(norm > 0, norm, np.nan), society.year, color, name)
    norms.set(title="Mean norm of the gradient", ylabel="norm", yscale="log")
    span(norms, ticks, label=False)
    legend_above(norms, len(found))
    rows = 100 * np.stack([share for _, _, share in found.values()])
    edges = np.append(ticks, ticks[-1] + 1)
    mesh = shares.pcolormesh(edges, np.arange(len(found) + 1), rows, cmap="cividis", vmin=0, vmax=100)
    figure.colorbar(mesh, ax=shares, label="% of agents", pad=0.01)
    shares.set_yticks(np.arange(len(found)) + 0.5, [network.replace("_", " ") for network in found])
    shares.set(title="Agents that learn with it", xlabel="tick")
    shares.invert_yaxis()
    shares.grid(visible=False)
    foot(figure, f"{key(society)} · a network at 0 % learns nothing")
    return figure
