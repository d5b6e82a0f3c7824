"""The graph of favourites, beside graphs drawn at random."""

import networkx as nx
import numpy as np
import pytest

from analysis.barter.favourites import STANDINGS, favourites, network, pointing, standing

RNG = np.random.default_rng(0)


def test_the_favourite_is_the_one_heard_most():
    attention = np.array([[0.0, 0.7, 0.3], [0.5, 0.0, 0.5], [0.1, 0.9, 0.0]])
    graph = favourites(attention)
    assert sorted(graph.edges) == [(0, 1), (1, 0), (2, 1)]
    assert graph.edges[2, 1]["share"] == 0.9


def test_a_circle_a_triangle_and_a_star_solved_by_hand():
    circle = standing(pointing(np.array([1, 2, 3, 0])))
    assert circle == pytest.approx([1 / 3, 1 / 4, 0.0, 0.0])
    triangle = standing(pointing(np.array([1, 2, 0])))
    assert triangle == pytest.approx([1 / 2, 1 / 3, 1.0, 0.0])
    star = standing(pointing(np.array([1, 0, 0, 0])))
    # Leaves .0375 each; hub = .0375 + .85 (first + 2 · .0375), first = .0375 + .85 hub.
    hub = (0.0375 + 0.85 * (0.0375 + 0.075)) / (1 - 0.85**2)
    assert star == pytest.approx([1.0, hub, 0.0, 0.5], abs=1e-5)


def test_a_common_favourite_is_above_chance_and_random_attention_is_not():
    star = np.zeros((8, 10, 10))
    star[:, 1:, 0], star[:, 0, 1] = 1.0, 1.0
    found = {measure.name: measure for measure in network(star)}
    assert list(found) == [f"favourites, {name}" for name in STANDINGS]
    assert found["favourites, following"].value == 1.0
    assert found["favourites, following"].sign == 1
    assert found["favourites, PageRank"].sign == 1
    random = np.where(np.eye(10, dtype=bool), 0.0, RNG.random((12, 10, 10)))
    random /= random.sum(axis=-1, keepdims=True)
    for measure in network(random, draws=8):
        assert abs(measure.value - measure.null) < 4 * (measure.high - measure.low) / 3.92


def test_nobody_is_without_a_place_in_the_graph():
    assert nx.number_of_nodes(pointing(np.array([1, 0, 1]))) == 3
