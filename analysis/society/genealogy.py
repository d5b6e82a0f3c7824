"""Who descends from whom: the family tree as a graph, and how closely the living are related."""

from __future__ import annotations

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from analysis.society.lives import NOBODY, Births, Parents

Floats = NDArray[np.float64]


def genealogy(births: Births) -> nx.DiGraph:
    """Return arrows from parents to children of one history, named by number.

    Agents carry `tick` and `slot` of their birth, arrows the `role` of the parent: mother, father or both.
    Parents without a row of their own are founders of unknown birth. ValueError when a child is listed twice.
    """
    graph = nx.DiGraph()
    for child, mother, father, tick, slot in zip(*(column.tolist() for column in births)):
        if "tick" in graph.nodes.get(child, {}):
            raise ValueError(f"genealogy: agent {child} is born twice: valid is one row for each")
        graph.add_node(child, tick=tick, slot=slot)
        for parent, role in ((mother, "mother"), (father, "father")):
            if parent != NOBODY:
                graph.add_edge(parent, child, role="both" if mother == father else role)
    return graph


def kinship(parents: Parents) -> Floats:
    """Return coefficients of relationship (…, T + 1, slots, slots), before the first tick and after each.

    Twice the chance that genes drawn from two agents are copies of one; founders are unrelated, parent and
    child ½, full siblings ½, the diagonal 1 plus inbreeding. Source: Malécot (1948); Emik and Terrill (1949).
    """
    ticks, agents = parents.mother.shape[-2:]
    kin = np.empty((*parents.mother.shape[:-2], ticks + 1, agents, agents))
    kin[..., 0, :, :] = np.eye(agents)
    every = np.arange(agents)
    for tick in range(ticks):
        before = kin[..., tick, :, :]
        mother, father = parents.mother[..., tick, :], parents.father[..., tick, :]
        rows = 0.5 * (_rows(before, mother) + _rows(before, father))
        columns = np.swapaxes(rows, -1, -2)
        after = 0.5 * (_rows(columns, mother) + _rows(columns, father))
        couple = np.take_along_axis(_rows(before, mother), father[..., None], axis=-1)[..., 0]
        own = np.diagonal(before, axis1=-2, axis2=-1)
        after[..., every, every] = np.where(parents.born[..., tick, :], 1.0 + 0.5 * couple, own)
        kin[..., tick + 1, :, :] = after
    return kin


def _rows(square: Floats, slots: NDArray[np.int64]) -> Floats:
    return np.take_along_axis(square, slots[..., None], axis=-2)
