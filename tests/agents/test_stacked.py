"""Networks of many agents as one: each agent's are exactly those it would have alone."""

import numpy as np
import pytest
import torch

from agents.stacked import Layout, adam, lengths, linear, perceptron

LAYOUT = Layout.of({"a": [(3, 4), (4, 2)], "b": [(2, 1)]})


def genomes(agents: int, seed: int = 0) -> torch.Tensor:
    normal = np.random.default_rng(seed).normal(size=(agents, LAYOUT.genes))
    return torch.from_numpy(normal.astype(np.float32))


def test_layers_lie_one_after_the_other_and_fill_the_genome():
    assert LAYOUT.genes == (3 + 1) * 4 + (4 + 1) * 2 + (2 + 1) * 1
    assert LAYOUT.span("a") == slice(0, 26)
    assert LAYOUT.span("b") == slice(26, 29)
    assert LAYOUT.alone("b").genes == 3


def test_a_layer_is_each_agents_own_linear_map():
    genome, x = genomes(5), torch.randn(5, 7, 3, generator=torch.Generator().manual_seed(1))
    layer = LAYOUT.nets(genome)["a"][0]
    found = linear(layer, x)
    for i in range(5):
        weights, bias = genome[i, :12].view(3, 4), genome[i, 12:16]
        torch.testing.assert_close(found[i], x[i] @ weights + bias)


def test_a_network_alone_gives_the_bits_it_gives_in_company():
    genome, x = genomes(40), torch.randn(40, 3, generator=torch.Generator().manual_seed(2))
    together = perceptron(LAYOUT.nets(genome)["a"], x)
    for i in range(40):
        alone = perceptron(LAYOUT.nets(genome[i : i + 1])["a"], x[i : i + 1])
        assert torch.equal(alone, together[i : i + 1])


def test_views_see_weights_that_change_in_place():
    genome = genomes(2)
    nets, x = LAYOUT.nets(genome), torch.ones(2, 3)
    before = perceptron(nets["a"], x)
    genome.mul_(0.0)
    assert torch.equal(perceptron(nets["a"], x), torch.zeros(2, 2))
    assert not torch.equal(before, torch.zeros(2, 2))


def test_fresh_weights_have_the_promised_spread_and_no_bias():
    wide = Layout.of({"n": [(100, 50), (50, 20)]})
    genome = wide.fresh(np.random.default_rng(3).normal(size=(20, wide.genes)))
    first, last = wide.layers["n"]
    inner, outer = genome[:, : 100 * 50], genome[:, last.start : last.start + 50 * 20]
    assert inner.std() == pytest.approx(0.1, rel=0.02)
    assert outer.std() == pytest.approx(0.1 / np.sqrt(50), rel=0.02)
    assert not genome[:, first.stop - 50 : first.stop].any()


def test_adam_takes_the_steps_of_the_reference():
    agents, rate = 4, 0.01
    genome = genomes(agents).numpy().copy()
    reference = torch.from_numpy(genome.copy()).requires_grad_()
    optimiser = torch.optim.Adam([reference], lr=rate)
    mean, square = np.zeros_like(genome), np.zeros_like(genome)
    steps, everyone = np.zeros(agents, np.int64), np.ones(agents, np.bool_)
    for k in range(5):
        gradient = genomes(agents, seed=10 + k).numpy()
        reference.grad = torch.from_numpy(gradient.copy())
        optimiser.step()
        adam(genome, mean, square, steps, gradient, everyone, rate, np.inf)
    np.testing.assert_allclose(genome, reference.detach().numpy(), rtol=2e-5, atol=2e-6)
    assert steps.tolist() == [5] * agents


def test_only_those_who_learn_change():
    genome = genomes(3).numpy().copy()
    before = genome.copy()
    moments, steps = (np.zeros_like(genome), np.zeros_like(genome)), np.zeros(3, np.int64)
    adam(genome, *moments, steps, np.ones_like(genome), np.array([True, False, True]), 0.1, 1.0)
    assert np.array_equal(genome[1], before[1])
    assert not np.array_equal(genome[0], before[0])
    assert steps.tolist() == [1, 0, 1]


def test_a_long_gradient_is_shortened_to_the_limit():
    gradient = np.full((1, 4), 3.0, np.float32)  # of length 6
    mean, square = np.zeros((1, 4), np.float32), np.zeros((1, 4), np.float32)
    genome, steps, learns = np.zeros((1, 4), np.float32), np.zeros(1, np.int64), np.ones(1, np.bool_)
    adam(genome, mean, square, steps, gradient, learns, 0.1, 2.0)
    np.testing.assert_allclose(mean / 0.1, np.full((1, 4), 1.0), rtol=1e-6)
    np.testing.assert_allclose(square / 0.001, np.full((1, 4), 1.0), rtol=1e-4)


def test_lengths_are_euclidean():
    gradient = np.array([[3.0, 4.0, 12.0], [0.0, 0.0, 5.0]], np.float32)
    assert lengths(gradient, 0, 2).tolist() == [5.0, 0.0]
    assert lengths(gradient, 0, 3).tolist() == [13.0, 5.0]
