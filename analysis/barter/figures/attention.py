"""Who listens to whom: the matrix of attention, its rows and columns in the order of clusters."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from scipy.cluster.hierarchy import leaves_list, linkage, optimal_leaf_ordering
from scipy.spatial.distance import squareform

from analysis.barter.figures.roles import job_legend, value_by_agent
from analysis.barter.recorded import Floats, Ints, Recorded
from analysis.figures.style import Unavailable, foot, styled, titled


def attention_at(society: Recorded, tick: int) -> Floats:
    """Shares of attention (listener, speaker) at a tick, as each listener divided it last.

    Unavailable when it was not recorded or nobody listens.
    """
    found = society.latest("Attention", tick, ("listener", "speaker"))
    found = found.filter(pl.col("tick") == pl.col("tick").max().over("listener"))
    if found.is_empty():
        raise Unavailable(f"no Attention events at tick {tick}")
    shares = np.zeros((society.agents, society.agents))
    shares[found["listener"].to_numpy(), found["speaker"].to_numpy()] = found["share"].to_numpy()
    return shares


def cluster_order(shares: Floats) -> Ints:
    """Agents (N,) in the order of hierarchical clusters of whom they hear and by whom they are heard.

    Average linkage of 1 − correlation between the rows of both, leaves ordered to put the like side by side.
    """
    both = np.hstack([shares, shares.T])
    centred = both - both.mean(axis=1, keepdims=True)
    size = np.linalg.norm(centred, axis=1)
    unit = centred / np.where(size > 0, size, 1.0)[:, None]
    apart = np.clip(1.0 - unit @ unit.T, 0.0, 2.0)
    np.fill_diagonal(apart, 0.0)
    distances = squareform(apart, checks=False)
    return leaves_list(optimal_leaf_ordering(linkage(distances, "average"), distances)).astype(np.int64)


@styled
def attention(society: Recorded, tick: int | None = None) -> Figure:
    """Draw attention at a tick, that of the last year at which jobs differ most unless given.

    Strips along both sides show the agents' jobs.
    """
    tick = society.mixed() if tick is None else tick
    shares = attention_at(society, tick)
    order = cluster_order(shares)
    job = value_by_agent(society, "Production", "job", tick)[order]
    figure = titled(f"Attention at tick {tick}", 8.6, 7.6)
    axes = figure.subplot_mosaic(
        "sm;.b", width_ratios=(1, 40), height_ratios=(40, 1), gridspec_kw={"wspace": 0, "hspace": 0}
    )
    matrix, side, below = axes["m"], axes["s"], axes["b"]
    off = shares[order][:, order]
    np.fill_diagonal(off, np.nan)
    picture = matrix.imshow(100 * off, cmap="cividis", aspect="auto", interpolation="nearest")
    jobs = ListedColormap(society.job_colors)
    look: Any = {"cmap": jobs, "vmin": -0.5, "vmax": len(society.jobs) - 0.5, "aspect": "auto"}
    side.imshow(job[:, None], **look)
    below.imshow(job[None, :], **look)
    for ax in (matrix, side, below):
        ax.set(xticks=[], yticks=[])
        ax.grid(visible=False)
    side.set_ylabel("listener, in cluster order")
    below.set_xlabel("speaker, in cluster order")
    even = 100.0 / max(1, int((shares > 0).sum(axis=1).max()))
    bar = figure.colorbar(picture, ax=matrix, label="% of the listener's attention", pad=0.01)
    bar.ax.axhline(even, color="white", linewidth=2)
    job_legend(matrix, society)
    foot(
        figure,
        f"history {society.replica} · white line in the bar: even attention, {even:.1f} % · strips: jobs",
    )
    return figure
