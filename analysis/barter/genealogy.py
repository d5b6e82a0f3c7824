"""Who descends from whom: the family tree as a graph, and how closely the living are related."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from analysis.barter.lives import Births, Parents

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def genealogy(births: Births, founders: Ints, deaths: Mapping[int, int]) -> nx.DiGraph:
    """Arrows from parents to children of one history, agents named by number.

    `founders` (slots,) are the first population by slot, `deaths` ticks by number. Agents carry their `slot`,
    `birth` and `death`, the ticks, where they are known: founders have no birth, the living no death. Arrows
    carry the `role` of the parent: mother, father or both. ValueError when an agent is born twice.
    """
    graph = nx.DiGraph()
    for slot, founder in enumerate(founders.tolist()):
        graph.add_node(founder, slot=slot)
    for child, mother, father, tick, slot in zip(*(column.tolist() for column in births)):
        if child in graph:
            raise ValueError(f"genealogy: agent {child} is born twice: valid is one row for each")
        graph.add_node(child, slot=slot, birth=tick)
        for parent, role in ((mother, "mother"), (father, "father")):
            graph.add_edge(parent, child, role="both" if mother == father else role)
    nx.set_node_attributes(graph, deaths, "death")
    return graph


def kinship(parents: Parents, at: Sequence[int]) -> Floats:
    """Coefficients of relationship (…, times, slots, slots) after the first `at` ticks, 0 to T each.

    Twice the chance that genes drawn from two agents are copies of one; founders are unrelated, parent and
    child ½, full siblings ½, the diagonal 1 plus inbreeding. Source: Malécot (1948); Emik and Terrill (1949).
    """
    agents = parents.mother.shape[-1]
    now = np.broadcast_to(np.eye(agents), (*parents.mother.shape[:-2], agents, agents))
    kept = {0: now}
    for tick in range(max(at, default=0)):
        if parents.born[..., tick, :].any():
            now = _after(
                now, parents.born[..., tick, :], parents.mother[..., tick, :], parents.father[..., tick, :]
            )
        if tick + 1 in at:
            kept[tick + 1] = now
    return np.stack([kept[time] for time in at], axis=-3)


def _after(before: Floats, born: NDArray[np.bool_], mother: Ints, father: Ints) -> Floats:
    """Relationships after a tick: a child's are the mean of its parents', siblings' the mean of all four."""
    rows = 0.5 * (_rows(before, mother) + _rows(before, father))
    columns = np.swapaxes(rows, -1, -2)
    after = 0.5 * (_rows(columns, mother) + _rows(columns, father))
    couple = np.take_along_axis(_rows(before, mother), father[..., None], axis=-1)[..., 0]
    own = np.diagonal(before, axis1=-2, axis2=-1)
    every = np.arange(mother.shape[-1])
    after[..., every, every] = np.where(born, 1.0 + 0.5 * couple, own)
    return after


def _rows(square: Floats, slots: Ints) -> Floats:
    return np.take_along_axis(square, slots[..., None], axis=-2)
