"""The graph of favourites: an arrow from every agent to the one it hears most."""

from __future__ import annotations

import networkx as nx
import numpy as np
from matplotlib.figure import Figure

from analysis.figures.society.attention import attention_at
from analysis.figures.society.messages import job_marks, value_by_agent
from analysis.figures.society.recorded import Floats, Recorded
from analysis.figures.style import GREY, foot, styled
from analysis.society.favourites import favourites as graph_of

NAMED, SMALLEST, LARGEST = 5, 40.0, 320.0


def sizes(received: Floats) -> Floats:
    """Return the area of dots (N,) in points²: `SMALLEST` for the least attention received, `LARGEST` for the most."""
    least, most = float(received.min()), float(received.max())
    return SMALLEST + (LARGEST - SMALLEST) * (received - least) / max(most - least, 1e-12)


@styled
def favourites(society: Recorded, tick: int | None = None) -> Figure:
    """Draw who hears whom most at a tick, that of the last year at which jobs differ most unless given.

    The five most heard are named by their slot.
    """
    tick = society.mixed() if tick is None else tick
    shares = attention_at(society, tick)
    graph, received = graph_of(shares), shares.sum(axis=0)
    job = value_by_agent(society, "Production", "job", tick).astype(np.int64)
    place = nx.spring_layout(graph.to_undirected(), k=2.2 / np.sqrt(len(graph)), iterations=200, seed=1)
    figure = Figure(figsize=(9.0, 7.4), layout="constrained")
    figure.suptitle(f"Favourites at tick {tick}", x=0.01, ha="left", fontsize=13, fontweight="bold")
    ax = figure.subplots()
    nx.draw_networkx_edges(
        graph, place, ax=ax, edge_color=GREY, width=0.8, arrowsize=9, node_size=sizes(received).tolist(),
        connectionstyle="arc3,rad=0.06", alpha=0.8,
    )  # fmt: skip
    nx.draw_networkx_nodes(
        graph, place, ax=ax, node_size=sizes(received).tolist(), edgecolors="white",
        node_color=[society.job_colors[j] for j in job], linewidths=0.6,
    )  # fmt: skip
    most = np.argsort(-received, kind="stable")[:NAMED]
    for agent in most.tolist():
        ax.text(*place[agent], str(agent), ha="center", va="center", fontsize=7.5, fontweight="bold", color="white")
    ax.set_axis_off()
    ax.legend(handles=job_marks(society), loc="upper right", bbox_to_anchor=(1, 1.06), ncols=len(society.jobs))
    foot(
        figure,
        f"history {society.replica} · an arrow points at the agent that one hears most · numbers: slots of the most "
        f"heard\nsize: attention received, from {received.min():.2f} to {received.max():.2f}; the mean is 1",
    )
    return figure
