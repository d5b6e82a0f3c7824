"""One forward pass of a policy for any number of rows: the executor at the barrier.

A matrix product's last bits depend on the shape it ran in, so rows go through products of the same few shapes
whatever else is asked: padded to a multiple of 32 and cut into chunks of 1,024 on a processor, padded to
chunks of 8,192 on a GPU. Then a row gets the same logits alone and in any company. The observation's
yardstick is folded into the first layer, buffers are allocated once.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from agents.networks import ActorCritic
from agents.yardsticks import Yardstick

Logits = NDArray[np.float32]
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
        self._chunk, self._padding = (GPU_CHUNK, GPU_CHUNK) if on_gpu else (CHUNK, PADDING)
        widths = (network.features, *(layer.out_features for layer in network.acting()))
        kind: Any = {"dtype": PRECISIONS[precision], "device": self.device}
        self._layers = [
            (torch.empty(fan_in, fan_out, **kind), torch.empty(fan_out, **kind))
            for fan_in, fan_out in pairwise(widths)
        ]
        self._buffers = [torch.zeros(self._chunk, width, **kind) for width in widths]
        self._host = torch.zeros(self._chunk, widths[0], pin_memory=on_gpu)
        self._answer = torch.zeros(self._chunk, widths[-1], pin_memory=on_gpu)
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
        with torch.inference_mode():
            for start in range(0, rows, self._chunk):
                stop = min(start + self._chunk, rows)
                taken[start:stop] = self._run(given[start:stop])
        self.passed.forwards += 1
        self.passed.rows += rows
        return logits

    def _run(self, given: torch.Tensor) -> torch.Tensor:
        rows = len(given)
        padded = -(-rows // self._padding) * self._padding
        views = self._views.get(padded)
        if views is None:
            views = self._views[padded] = [buffer[:padded] for buffer in self._buffers]
        if self.device.type == "cuda":
            self._host[:rows] = given
            views[0].copy_(self._host[:padded], non_blocking=True)
        else:
            views[0][:rows] = given
        last = len(self._layers) - 1
        for k, (weight, bias) in enumerate(self._layers):
            torch.addmm(bias, views[k], weight, out=views[k + 1])
            if k < last:
                views[k + 1].relu_()
        if self.device.type == "cuda":
            self._answer.copy_(views[-1])
            return self._answer[:rows]
        return views[-1][:rows]
