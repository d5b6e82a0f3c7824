"""One forward pass of a policy for any number of rows: the executor at the barrier.

A matrix product's last bits depend on the shape it ran in, and on which shapes is the processor's affair. So
rows go through products of few shapes whatever else is asked: on a processor multiples of 32 up to 1,024, of
which only those are used that have been tried and give each row what 32 give it; on a GPU chunks of 8,192.
Then a row gets the same logits alone and in any company. The observation's yardstick is folded into the
first layer, buffers are allocated once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from agents.networks import ActorCritic
from agents.yardsticks import Yardstick

Logits = NDArray[np.float32]
Layers = list[tuple[torch.Tensor, torch.Tensor]]
PADDING, CHUNK, GPU_CHUNK = 32, 1024, 8192
PRECISIONS = {"float32": torch.float32, "bfloat16": torch.bfloat16}


@dataclass
class Passed:
    """How often an executor was called, and for how many rows in all, padding apart."""

    forwards: int = 0
    rows: int = 0


class Forward:
    """The acting half of a network, from raw observations to logits, on one device.

    Only the network's widths are taken here; its weights come with `load`, which is to be called again
    whenever they change. `precision` is that of weights and products, a key of `PRECISIONS`; ValueError for
    another.
    """

    def __init__(self, network: ActorCritic, device: str = "cpu", precision: str = "float32") -> None:
        self.device, self.precision = torch.device(device), precision
        if precision not in PRECISIONS:
            raise ValueError(f"precision {precision!r}: valid are {', '.join(PRECISIONS)}")
        self.passed = Passed()
        self.features, self.outputs = network.features, sum(network.sizes)
        on_gpu = self.device.type == "cuda"
        widths = (network.features, *(layer.out_features for layer in network.acting()))
        self._layers, self._buffers = _allocated(widths, precision, self.device)
        self._padding = GPU_CHUNK if on_gpu else PADDING
        self._shape = {GPU_CHUNK: GPU_CHUNK} if on_gpu else safe_shapes(widths, precision)
        self._host = torch.zeros(len(self._buffers[0]), widths[0], pin_memory=on_gpu)
        self._answer = torch.zeros(len(self._buffers[0]), widths[-1], pin_memory=on_gpu)
        self._views: dict[int, list[torch.Tensor]] = {}

    def load(self, network: ActorCritic, seen: Yardstick) -> None:
        """Copy a network's weights, with the yardstick `seen` of its observations folded in."""
        layers = network.acting()
        with torch.inference_mode():
            for (weight, bias), layer in zip(self._layers[1:], layers[1:]):
                weight.copy_(layer.weight.t())
                bias.copy_(layer.bias)
            first = layers[0].weight.double().cpu()[:, : network.features]
            mean, sd = torch.from_numpy(seen.mean), torch.from_numpy(seen.sd)
            weight, bias = self._layers[0]
            weight.copy_((first / sd).t())
            bias.copy_(layers[0].bias.double().cpu() - first @ (mean / sd))

    def __call__(self, observation: NDArray[np.float32]) -> Logits:
        """Logits (rows, outputs) float32 of raw observations (rows, features) float32; a fresh array."""
        rows = len(observation)
        logits = np.empty((rows, self.outputs), np.float32)
        given, taken = torch.from_numpy(observation), torch.from_numpy(logits)
        start, most = 0, max(self._shape)
        with torch.inference_mode():
            while start < rows:
                padded = min(-(-(rows - start) // self._padding) * self._padding, most)
                shape = self._shape[padded]
                stop = min(start + shape, rows)
                taken[start:stop] = self._run(given[start:stop], shape)
                start = stop
        self.passed.forwards += 1
        self.passed.rows += rows
        return logits

    def _run(self, given: torch.Tensor, shape: int) -> torch.Tensor:
        rows = len(given)
        views = self._views.get(shape)
        if views is None:
            views = self._views[shape] = [buffer[:shape] for buffer in self._buffers]
        if self.device.type == "cuda":
            self._host[:rows] = given
            views[0].copy_(self._host[:shape], non_blocking=True)
        else:
            views[0][:rows] = given
        _multiply(self._layers, views)
        if self.device.type == "cuda":
            self._answer.copy_(views[-1])
            return self._answer[:rows]
        return views[-1][:rows]


@cache
def safe_shapes(widths: tuple[int, ...], precision: str) -> dict[int, int]:
    """The shape to run for so many padded rows: the largest that fits and gives rows the bits of 32.

    `widths` are those of a network's layers, from observation to logits. Each multiple of 32 rows up to 1,024
    is tried once on this processor, with random weights and rows, as is a network's first pass.
    """
    layers, buffers = _allocated(widths, precision, torch.device("cpu"))
    generator = torch.Generator().manual_seed(0)
    with torch.inference_mode():
        for tensor in (buffers[0], *(tensor for layer in layers for tensor in layer)):
            tensor.normal_(generator=generator)
        given, views = buffers[0].clone(), [buffer[:PADDING] for buffer in buffers]
        single = []
        for part in given.split(PADDING):
            views[0].copy_(part)
            single.append(_multiply(layers, views).clone())
        known, largest, found = torch.cat(single), PADDING, {}
        for rows in range(PADDING, CHUNK + 1, PADDING):
            buffers[0].copy_(given)
            if torch.equal(_multiply(layers, [buffer[:rows] for buffer in buffers]), known[:rows]):
                largest = rows
            found[rows] = largest
    return found


def _allocated(
    widths: tuple[int, ...], precision: str, device: torch.device
) -> tuple[Layers, list[torch.Tensor]]:
    """Layers to be filled, and buffers between them as long as the largest shape."""
    kind: Any = {"dtype": PRECISIONS[precision], "device": device}
    layers = [
        (torch.empty(fan_in, fan_out, **kind), torch.empty(fan_out, **kind))
        for fan_in, fan_out in pairwise(widths)
    ]
    rows = GPU_CHUNK if device.type == "cuda" else CHUNK
    return layers, [torch.zeros(rows, width, **kind) for width in widths]


def _multiply(layers: Layers, views: list[torch.Tensor]) -> torch.Tensor:
    """Run the rows in the first view through all layers; the last view."""
    last = len(layers) - 1
    for k, (weight, bias) in enumerate(layers):
        torch.addmm(bias, views[k], weight, out=views[k + 1])
        if k < last:
            views[k + 1].relu_()
    return views[-1]
