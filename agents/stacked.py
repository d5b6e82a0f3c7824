"""Networks of many agents as one: every agent has weights of its own, in one genome of numbers.

A genome (replica, agent, genes) float32 is a column of state, so that checkpoints, digests and inheritance
see the networks; a layer is a view of it, and one batched matrix product serves all agents. An agent's result
does not depend on who else is computed, to the bit: each has a product of its own inside the batch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from streams.jit import jit

ADAM = (0.9, 0.999, 1e-8)
"""Decays of the moments, and what keeps their quotient finite (Kingma and Ba 2015)."""


class Layer(NamedTuple):
    """Where a linear layer lies in a genome: weights (inputs, outputs), then outputs biases."""

    start: int
    inputs: int
    outputs: int

    @property
    def stop(self) -> int:
        """One past its last gene."""
        return self.start + (self.inputs + 1) * self.outputs


Weights = tuple[Tensor, Tensor]
"""Of a layer of every agent: weights (agents, inputs, outputs) and biases (agents, 1, outputs)."""

Nets = dict[str, tuple[Weights, ...]]
"""The layers of each network, by its name."""


class Genes(NamedTuple):
    """Numbers laid out as genomes are, (agents, genes) float32: weights, or a gradient of theirs."""

    array: NDArray[np.float32]
    nets: Nets  # views of it


Tape = list[Tensor]
"""What a pass forward leaves for the pass back, which takes from its end what it needs."""


@dataclass(frozen=True)
class Layout:
    """The layers of several networks, one after the other in a genome of `genes` numbers."""

    layers: Mapping[str, tuple[Layer, ...]]

    @classmethod
    def of(cls, networks: Mapping[str, Sequence[tuple[int, int]]]) -> Layout:
        """Lay out networks given as (inputs, outputs) of each layer, in order."""
        layers: dict[str, tuple[Layer, ...]] = {}
        start = 0
        for name, sizes in networks.items():
            placed = []
            for inputs, outputs in sizes:
                placed.append(Layer(start, inputs, outputs))
                start = placed[-1].stop
            layers[name] = tuple(placed)
        return cls(layers)

    @property
    def genes(self) -> int:
        """Length of a genome."""
        return max(layers[-1].stop for layers in self.layers.values())

    def span(self, network: str) -> slice:
        """The genes of one network."""
        layers = self.layers[network]
        return slice(layers[0].start, layers[-1].stop)

    def alone(self, network: str) -> Layout:
        """The layout of the genes of one network."""
        return Layout.of({network: [(layer.inputs, layer.outputs) for layer in self.layers[network]]})

    def fresh(self, normal: NDArray[np.float64]) -> NDArray[np.float32]:
        """Untrained genomes from normal draws (..., genes): sd 1/√inputs, last layers a tenth, biases 0."""
        genome = np.zeros(normal.shape, np.float32)
        for layers in self.layers.values():
            for layer in layers:
                weights = slice(layer.start, layer.start + layer.inputs * layer.outputs)
                scale = (0.1 if layer is layers[-1] else 1.0) / np.sqrt(layer.inputs)
                genome[..., weights] = scale * normal[..., weights]
        return genome

    def cut(self, array: NDArray[np.float32]) -> Genes:
        """Numbers (agents, genes) with their nets."""
        return Genes(array, self.nets(torch.from_numpy(array)))

    def nets(self, genome: Tensor) -> Nets:
        """Views of genomes (agents, genes), cut in one step: its gradient is put together in one as well."""
        placed = [(name, layer) for name, layers in self.layers.items() for layer in layers]
        sizes = [n for _, at in placed for n in (at.inputs * at.outputs, at.outputs)]
        parts = iter(torch.split(genome, sizes, dim=1))
        found: dict[str, list[tuple[Tensor, Tensor]]] = {name: [] for name in self.layers}
        for (name, at), weights in zip(placed, parts):
            found[name].append((weights.unflatten(1, (at.inputs, at.outputs)), next(parts).unsqueeze(1)))
        return {name: tuple(layers) for name, layers in found.items()}


def linear(layer: Weights, x: Tensor) -> Tensor:
    """One layer of every agent: x (agents, rows, inputs) -> (agents, rows, outputs)."""
    return torch.baddbmm(layer[1], x, layer[0])


def linear_back(layer: Weights, x: Tensor, upstream: Tensor, found: Weights) -> Tensor:
    """Write the gradient of a layer's genes into `found`, of `upstream` that of its outputs; that of x."""
    if x.shape[1] == 1:
        torch.mul(x.transpose(1, 2), upstream, out=found[0])
        found[1].copy_(upstream)
    else:
        found[0].copy_(torch.bmm(x.transpose(1, 2), upstream))
        torch.sum(upstream, 1, keepdim=True, out=found[1])
    return torch.bmm(upstream, layer[0].transpose(1, 2))


def perceptron(layers: Sequence[Weights], x: Tensor, tape: Tape | None = None) -> Tensor:
    """Layers with tanh between them, x (agents, inputs) -> (agents, outputs)."""
    x = x.unsqueeze(1)
    for layer in layers[:-1]:
        x = torch.tanh(linear(layer, kept(x, tape)))
    return linear(layers[-1], kept(x, tape)).squeeze(1)


def perceptron_back(
    layers: Sequence[Weights], upstream: Tensor, found: Sequence[Weights], tape: Tape
) -> Tensor:
    """Write the gradient of a perceptron's genes into `found`, of that of its outputs; that of its inputs."""
    grad, x = upstream.unsqueeze(1), tape.pop()
    for layer, into in zip(layers[:0:-1], found[:0:-1], strict=True):
        grad = tanh_back(linear_back(layer, x, grad, into), x)
        x = tape.pop()
    return linear_back(layers[0], x, grad, found[0]).squeeze(1)


def kept(x: Tensor, tape: Tape | None) -> Tensor:
    """What was given, put on a tape where there is one."""
    if tape is not None:
        tape.append(x)
    return x


def tanh_back(upstream: Tensor, y: Tensor) -> Tensor:
    """The gradient of x, of that of y = tanh(x)."""
    grad: Tensor = torch.ops.aten.tanh_backward.default(upstream, y)
    return grad


@jit
def adam(genome, mean, square, steps, gradient, learns, rate, longest):
    """One step of Adam down the gradient for the agents that learn, in place.

    genome, mean, square and gradient (agents, genes) float32; steps (agents,) counts each one's own; a
    gradient longer than `longest` is shortened to it.
    """
    first, second, tiny = ADAM
    for i in range(genome.shape[0]):
        if not learns[i]:
            continue
        length = 0.0
        for k in range(genome.shape[1]):
            length += np.float64(gradient[i, k]) ** 2
        scale = min(1.0, longest / max(np.sqrt(length), 1e-30))
        steps[i] += 1
        at_mean, at_square = 1.0 - first ** steps[i], 1.0 - second ** steps[i]
        for k in range(genome.shape[1]):
            g = scale * gradient[i, k]
            m = first * mean[i, k] + (1.0 - first) * g
            s = second * square[i, k] + (1.0 - second) * g * g
            mean[i, k], square[i, k] = m, s
            genome[i, k] -= rate * (m / at_mean) / (np.sqrt(s / at_square) + tiny)


@jit
def lengths(gradient, start, stop):
    """Euclidean norms (agents,) of a stretch of genes."""
    out = np.zeros(gradient.shape[0])
    for i in range(gradient.shape[0]):
        total = 0.0
        for k in range(start, stop):
            total += np.float64(gradient[i, k]) ** 2
        out[i] = np.sqrt(total)
    return out
