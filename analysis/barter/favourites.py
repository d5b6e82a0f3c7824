"""The graph of favourites: an arrow from every agent to the one it hears most."""

from __future__ import annotations

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from analysis.barter.attention import checked
from analysis.barter.measure import SHUFFLES, Measure, compared
from analysis.inference import uniforms

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
STANDINGS = {
    "following": "share of agents",
    "PageRank": "share",
    "clustering": "share of triangles",
    "reciprocity": "share of arrows",
}


def favourites(attention: Floats) -> nx.DiGraph:
    """The graph of favourites for attention (listener, speaker), of equals the first.

    Arrows carry the `share` of attention that they stand for.
    """
    graph = pointing(attention.argmax(axis=-1))
    for listener, speaker in graph.edges:
        graph.edges[listener, speaker]["share"] = float(attention[listener, speaker])
    return graph


def pointing(at: Ints) -> nx.DiGraph:
    """The graph in which agent i points at `at[i]`, (agents,)."""
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(at)))
    graph.add_edges_from(enumerate(at.tolist()))
    return graph


def standing(graph: nx.DiGraph) -> Floats:
    """The `STANDINGS` of a graph: the largest following and PageRank, clustering, reciprocity.

    Clustering is the mean over agents of the share of its neighbours that are neighbours, whatever the
    arrows' direction. Source: Page and others (1999); Watts and Strogatz (1998).
    """
    followers = max(dict(graph.in_degree).values()) / (len(graph) - 1)
    return np.array([
        followers,
        max(nx.pagerank(graph).values()),
        nx.average_clustering(graph.to_undirected()),
        nx.overall_reciprocity(graph),
    ])  # fmt: skip


def network(attention: Floats, draws: int = SHUFFLES, seed: int = 0) -> tuple[Measure, ...]:
    """A measure of the graph of favourites for each of `STANDINGS`, attention (replica, agent, agent).

    Null: favourites drawn evenly among the others.
    """
    replicas, agents = attention.shape[:2]
    found = np.array([standing(favourites(one)) for one in checked(attention)])
    other = (uniforms((draws, replicas, agents), seed) * (agents - 1)).astype(np.int64)
    drawn = other + (other >= np.arange(agents))
    null = np.mean([[standing(pointing(at)) for at in many] for many in drawn], axis=0)
    return tuple(
        compared(f"favourites, {name}", found[:, k], null[:, k], unit, seed)
        for k, (name, unit) in enumerate(STANDINGS.items())
    )
