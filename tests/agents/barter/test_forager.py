"""Foragers: what they sense, and what untrained networks do."""

import numpy as np
import pytest
import torch

from agents.barter.forager import NETWORKS, Brain, Networks, Senses, reward

BRAIN = Brain(goods=2, jobs=3, message=4, hidden=5)
FORAGERS = Networks(BRAIN)
AGENTS = 6


def drawn(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def nets(outer: float = 1.0):
    """Networks with random weights; `outer` scales the last layers."""
    genome = 0.5 * drawn(AGENTS, FORAGERS.layout.genes, seed=1)
    for layers in FORAGERS.layout.layers.values():
        genome[:, layers[-1].start : layers[-1].stop] *= outer
    return FORAGERS.layout.nets(genome)


def senses() -> Senses:
    taste = torch.softmax(drawn(AGENTS, 2, seed=2), dim=1)
    return Senses(drawn(AGENTS, 2, seed=3).abs(), torch.full((AGENTS, 2), 0.5), taste, torch.zeros(AGENTS, 3),
                  drawn(AGENTS, 3, seed=4))  # fmt: skip


def test_the_brain_has_the_five_networks_of_the_source():
    assert tuple(FORAGERS.layout.layers) == NETWORKS
    assert NETWORKS == ("broadcast", "social_filter", "production", "trading", "consumption")


def test_senses_are_as_many_as_declared_and_see_goods_as_logs():
    tensor = senses()._replace(goods=torch.tensor([[0.0, np.e - 1.0]] * AGENTS)).tensor()
    assert tensor.shape == (AGENTS, BRAIN.senses)
    np.testing.assert_allclose(tensor[0, :2], [0.0, 1.0], atol=1e-6)
    np.testing.assert_allclose(tensor[:, 2:4], 0.0)  # even prices


def test_messages_stay_between_minus_one_and_one():
    said = FORAGERS.speak(nets(), 10.0 * senses().tensor())
    assert said.shape == (AGENTS, 4)
    assert (said.abs() <= 1.0).all()


def test_shares_of_attention_sum_to_one_and_follow_the_speakers():
    heard = drawn(AGENTS, 5, 4, seed=5)
    shares = FORAGERS.attend(nets(), senses().tensor(), drawn(AGENTS, 4, seed=6), heard)
    torch.testing.assert_close(shares.sum(dim=1), torch.ones(AGENTS))
    order = torch.tensor([3, 0, 4, 1, 2])
    turned = FORAGERS.attend(nets(), senses().tensor(), drawn(AGENTS, 4, seed=6), heard[:, order])
    torch.testing.assert_close(turned, shares[:, order])


def test_without_last_layers_foragers_are_sincere_even_handed_and_hungry():
    rest, signal, sensed = nets(outer=0.0), drawn(AGENTS, 4, seed=7), senses()
    logits, effort = FORAGERS.work(rest, sensed.tensor(), signal)
    shares = FORAGERS.attend(rest, sensed.tensor(), signal, drawn(AGENTS, 5, 4))
    said = FORAGERS.declare(rest, sensed.tensor(), signal, sensed.taste)
    torch.testing.assert_close(said, sensed.taste, rtol=1e-5, atol=2e-6)
    torch.testing.assert_close(logits, torch.zeros(AGENTS, 3))
    torch.testing.assert_close(effort, torch.full((AGENTS,), 1.0).sigmoid())
    torch.testing.assert_close(shares, torch.full((AGENTS, 5), 0.2))
    eaten = FORAGERS.eat(rest, sensed.tensor(), signal)
    torch.testing.assert_close(eaten, torch.full((AGENTS, 2), 2.0).sigmoid())


def test_reward_is_the_sources_utility():
    taste, consumed = torch.tensor([[0.25, 0.75]]), torch.tensor([[15.0, 0.0]])
    assert reward(consumed, taste, torch.tensor([1.0]), 0.05).item() == pytest.approx(16.0**0.25 - 1.0)
    assert reward(consumed, taste, torch.tensor([0.4]), 0.05).item() == pytest.approx(1.0 + 0.05 * 0.6)
