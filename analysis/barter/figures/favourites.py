"""The graph of favourites: an arrow from every agent to the one it hears most."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
from matplotlib.figure import Figure

from analysis.barter.favourites import favourites as graph_of
from analysis.barter.figures.attention import attention_at
from analysis.barter.figures.roles import job_legend, value_by_agent
from analysis.barter.recorded import Floats, Recorded
from analysis.figures.style import GREY, foot, styled, titled

NAMED, SMALLEST, LARGEST = 5, 30.0, 240.0
MANY = 300  # agents that hang together, from which on their springs are not solved but relaxed


def sizes(received: Floats) -> Floats:
    """The area of dots (N,) in points², from `SMALLEST` for the least heard to `LARGEST`."""
    least, most = float(received.min()), float(received.max())
    return SMALLEST + (LARGEST - SMALLEST) * (received - least) / max(most - least, 1e-12)


def placed(graph: nx.DiGraph) -> dict[int, Floats]:
    """Places (2,) of agents: as springs would put those who hang together, groups side by side."""
    found: dict[int, Floats] = {}
    left = 0.0
    for group in sorted(nx.weakly_connected_components(graph), key=lambda group: (-len(group), min(group))):
        part = graph.subgraph(sorted(group)).to_undirected()
        spring = nx.kamada_kawai_layout(part) if len(group) <= MANY else nx.spring_layout(part, seed=1)
        radius = np.sqrt(len(group))
        found |= {agent: radius * np.asarray(at) + (left + radius, 0.0) for agent, at in spring.items()}
        left += 2.2 * radius
    return found


@styled
def favourites(society: Recorded, tick: int | None = None) -> Figure:
    """Draw who hears whom most at a tick, that of the last year at which jobs differ most unless given.

    The five most heard are named by their slot.
    """
    tick = society.mixed() if tick is None else tick
    shares = attention_at(society, tick)
    graph, received = graph_of(shares), shares.sum(axis=0)
    job = value_by_agent(society, "Production", "job", tick).astype(np.int64)
    place = placed(graph)
    figure = titled(f"Favourites at tick {tick}", 9.0, 7.4)
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
        x, y = (float(part) for part in place[agent])
        look: Any = {"ha": "center", "va": "center", "fontsize": 7.5, "fontweight": "bold", "color": "white"}
        ax.text(x, y, str(agent), **look)
    ax.set_axis_off()
    job_legend(ax, society)
    foot(
        figure,
        f"history {society.replica} · an arrow points at the agent that one hears most · "
        f"numbers: slots of the {NAMED} most heard\n"
        f"size: attention received, from {received.min():.2f} to {received.max():.2f}; the mean is 1",
    )
    return figure
