"""Family trees and relationships on families solved by hand."""

import networkx as nx
import numpy as np
import pytest

from analysis.barter.genealogy import genealogy, kinship
from analysis.barter.lives import Births, parent_slots

# Founders 0 to 3. At tick 0 agents 4 and 5, full siblings of 0 and 1, take slots 2 and 3. At tick 1 agent 6,
# a child of the siblings, takes slot 0; at tick 2 agent 7 takes slot 1, both its parents being 6.
BIRTHS = Births(*(np.array(x) for x in (
    [4, 5, 6, 7], [0, 0, 4, 6], [1, 1, 5, 6], [0, 0, 1, 2], [2, 3, 0, 1]
)))  # fmt: skip
FIRST = np.arange(4)


def test_the_family_tree_has_arrows_from_parents_to_children():
    tree = genealogy(BIRTHS, FIRST, {2: 0, 3: 0, 0: 1})
    assert nx.is_directed_acyclic_graph(tree)
    assert sorted(tree.predecessors(6)) == [4, 5]
    assert nx.ancestors(tree, 7) == {0, 1, 4, 5, 6}
    assert [tree.edges[edge]["role"] for edge in ((0, 4), (1, 4), (6, 7))] == ["mother", "father", "both"]
    assert sorted(node for node, into in tree.in_degree if into == 0) == [0, 1, 2, 3]
    assert tree.nodes[0] == {"slot": 0, "death": 1}
    assert tree.nodes[6] == {"slot": 0, "birth": 1}


def test_nobody_is_born_twice():
    twice = Births(*(np.concatenate([column, column[:1]]) for column in BIRTHS))
    with pytest.raises(ValueError, match="agent 4 is born twice"):
        genealogy(twice, FIRST, {})


def test_relationships_solved_by_hand():
    parents = parent_slots(BIRTHS, FIRST, 3)
    opening, siblings, inbred, selfed = kinship(parents, [0, 1, 2, 3])
    np.testing.assert_array_equal(opening, np.eye(4))
    # Slots: 0, 1, 4, 5.
    np.testing.assert_allclose(
        siblings, [[1, 0, 0.5, 0.5], [0, 1, 0.5, 0.5], [0.5, 0.5, 1, 0.5], [0.5, 0.5, 0.5, 1]]
    )
    # Slots: 6, 1, 4, 5. A child of siblings is inbred by ¼, and related to its parents by ¾.
    np.testing.assert_allclose(inbred[0], [1.25, 0.5, 0.75, 0.75])
    # Slots: 6, 7, 4, 5. By selfing: related to 6 as 6 is to itself; own 1 + ½ · 1¼.
    np.testing.assert_allclose(selfed[1], [1.25, 1.625, 0.75, 0.75])


def test_replicas_have_families_of_their_own_and_nothing_happens_without_births():
    one = parent_slots(BIRTHS, FIRST, 3)
    none = parent_slots(Births(*(np.empty(0, int),) * 5), FIRST, 3)
    both = type(one)(*(np.stack(pair) for pair in zip(one, none)))
    found = kinship(both, [3])
    np.testing.assert_allclose(found[0, 0], kinship(one, [3])[0])
    np.testing.assert_array_equal(found[1, 0], np.eye(4))


def test_relationships_are_symmetric_and_positive():
    rng = np.random.default_rng(0)
    slots = np.argsort(rng.random((30, 8)), axis=1)[:, :2]  # two die a tick
    now, child, rows = np.arange(8), 8, []
    for tick, dead in enumerate(slots):
        living = np.delete(now, dead)
        for slot in dead:
            rows.append((child, *rng.choice(living, 2), tick, slot))
            now[slot] = child
            child += 1
    kin = kinship(parent_slots(Births(*np.array(rows).T), range(8), 30), [30])[0]
    np.testing.assert_allclose(kin, kin.T)
    assert np.linalg.eigvalsh(kin).min() > -1e-9
    assert (np.diag(kin) >= 1.0).all()
    assert np.diag(kin).max() <= 2.0
