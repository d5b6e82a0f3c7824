"""One forward pass of a policy for any number of rows: the executor at the barrier.

A matrix product's last bits depend on the shape it ran in, and on which shapes is the processor's affair. So
rows go through products of few shapes whatever else is asked: on a processor multiples of 32 up to 1,024, of
which only those are used that have been tried and give each row what 32 give it; on a GPU chunks of 8,192.
Then a row gets the same logits alone and in any company. The observation's yardstick is folded into the
first layer, buffers are allocated once. Items of all rows go through their encoder as rows of their own, so
that a row depends neither on who is asked beside it nor on how much room there is for items.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from agents.exact import exact
from agents.networks import ActorCritic
from agents.yardsticks import Yardstick
from streams.jit import jit

Layers = list[tuple[torch.Tensor, torch.Tensor]]
PADDING, CHUNK, GPU_CHUNK = 32, 1024, 8192
NOTHING: Mapping[str, Yardstick] = MappingProxyType({})
PRECISIONS = {"float32": torch.float32, "bfloat16": torch.bfloat16}


@dataclass
class Passed:
    """How often an executor was called, and for how many rows in all, padding apart."""

    forwards: int = 0
    rows: int = 0


class Chain:
    """Linear layers with ReLUs between them, for rows of any number, on one device.

    `widths` are those of the layers, from what enters to what leaves; weights come with `load`.
    """

    def __init__(self, widths: tuple[int, ...], device: torch.device, precision: str) -> None:
        self.device, self.inputs, self.outputs = device, widths[0], widths[-1]
        on_gpu = device.type == "cuda"
        self._layers, self._buffers = _allocated(widths, precision, device)
        self._padding = GPU_CHUNK if on_gpu else PADDING
        self._shape = {GPU_CHUNK: GPU_CHUNK} if on_gpu else safe_shapes(widths, precision)
        self._host = torch.zeros(len(self._buffers[0]), widths[0], pin_memory=on_gpu)
        self._answer = torch.zeros(len(self._buffers[0]), widths[-1], pin_memory=on_gpu)
        self._views: dict[int, list[torch.Tensor]] = {}

    def load(self, layers: list[nn.Linear], seen: Yardstick | None) -> None:
        """Copy the weights of layers, with the yardstick `seen` of what enters first folded in."""
        with torch.inference_mode():
            for (weight, bias), layer in zip(self._layers[1:], layers[1:]):
                weight.copy_(layer.weight.t())
                bias.copy_(layer.bias)
            first = layers[0].weight.double().cpu()[:, : self.inputs]
            mean, sd = torch.zeros(self.inputs).double(), torch.ones(self.inputs).double()
            if seen is not None:
                mean[: len(seen.mean)] = torch.from_numpy(seen.mean)
                sd[: len(seen.mean)] = torch.from_numpy(seen.sd)
            weight, bias = self._layers[0]
            weight.copy_((first / sd).t())
            bias.copy_(layers[0].bias.double().cpu() - first @ (mean / sd))

    def __call__(self, entering: NDArray[np.float32]) -> NDArray[np.float32]:
        """What leaves, (rows, outputs), of what enters, (rows, inputs); a fresh array."""
        rows = len(entering)
        leaving = np.empty((rows, self.outputs), np.float32)
        given, taken = torch.from_numpy(entering), torch.from_numpy(leaving)
        start, most = 0, max(self._shape)
        with torch.inference_mode():
            while start < rows:
                padded = min(-(-(rows - start) // self._padding) * self._padding, most)
                shape = self._shape[padded]
                stop = min(start + shape, rows)
                taken[start:stop] = self._run(given[start:stop], shape)
                start = stop
        return leaving

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


class Forward:
    """The acting half of a network, from raw rows of its layout to parameters of answers, on one device.

    Only the network's widths are taken here; its weights come with `load`, which is to be called again
    whenever they change. `precision` is that of weights and products, a key of `PRECISIONS`; ValueError for
    another.
    """

    @exact()
    def __init__(self, network: ActorCritic, device: str = "cpu", precision: str = "float32") -> None:
        self.device, self.precision = torch.device(device), precision
        if precision not in PRECISIONS:
            raise ValueError(f"precision {precision!r}: valid are {', '.join(PRECISIONS)}")
        self.passed, self.layout, self.joint = Passed(), network.layout, network.joint

        def chain(inputs: int, layers: list[nn.Linear]) -> Chain:
            return Chain((inputs, *(layer.out_features for layer in layers)), self.device, precision)

        layout, self._cell = self.layout, []
        self._encoders = {
            name: chain(block.width, network.encoding(name)) for name, block in layout.items.items()
        }
        seen = layout.features + sum(2 * each.outputs + 1 for each in self._encoders.values())
        if network.cell is not None:
            self._cell = [chain(seen, [network.cell.given]), chain(layout.memory, [network.cell.kept])]
        self._acting = chain(seen + layout.memory, network.acting())

    @exact()
    def load(self, network: ActorCritic, seen: Yardstick, items: Mapping[str, Yardstick] = NOTHING) -> None:
        """Copy a network's weights, with the yardsticks `seen` of arrays and of `items` folded in."""
        self._acting.load(network.acting(), seen)
        for name, encoder in self._encoders.items():
            encoder.load(network.encoding(name), items[name])
        if network.cell is not None:
            self._cell[0].load([network.cell.given], seen)
            self._cell[1].load([network.cell.kept], None)

    def __call__(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Parameters (rows, outputs) float32 of raw rows (rows, width) float32; a fresh array."""
        return self.remembering(rows)[0]

    @exact()
    def remembering(
        self, rows: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
        """The same, and what is to be remembered (rows, memory); None where nothing is."""
        layout, memory = self.layout, None
        parts = [layout.flat(rows)]
        for name, encoder in self._encoders.items():
            items, there = layout.described(rows, name)
            parts.append(pool(encoder(items[there > 0.0]), there))
        if self._cell:
            taken = np.concatenate(parts, axis=1)
            before = layout.remembered(rows)
            memory = renew(self._cell[0](taken), self._cell[1](before), before)
            parts = [taken, memory]
        outputs = self._acting(parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1))
        self.passed.forwards += 1
        self.passed.rows += len(rows)
        return outputs, memory


@jit
def pool(codes, there):
    """Pooled codes (rows, 2 width + 1), as `networks.pooled` has them, of items `there` (rows, most).

    `codes` (items, width) are those of items that are there, row by row, before their ReLU. Sums are in
    float64 in the order of the items: places where nothing is do not enter.
    """
    rows, width = there.shape[0], codes.shape[1]
    out = np.zeros((rows, 2 * width + 1), np.float32)
    total, item = np.empty(width), 0
    for i in range(rows):
        total[:] = 0.0
        first = item
        for k in range(there.shape[1]):
            if there[i, k] > 0.0:
                for c in range(width):
                    code = max(codes[item, c], np.float32(0.0))
                    total[c] += code
                    out[i, width + c] = max(out[i, width + c], code)
                item += 1
        for c in range(width):
            out[i, c] = total[c] / max(item - first, 1)
        out[i, 2 * width] = np.log1p(item - first)
    return out


@jit
def renew(given, kept, memory):
    """The next memory (rows, width), as `networks.Cell` has it, of both its gates (rows, 3 width)."""
    rows, width = memory.shape
    out = np.empty((rows, width), np.float32)
    for i in range(rows):
        for c in range(width):
            reset, update = np.float64(given[i, c] + kept[i, c]), given[i, width + c] + kept[i, width + c]
            beyond = kept[i, 2 * width + c] / (1.0 + np.exp(-reset))
            fresh = np.tanh(given[i, 2 * width + c] + beyond)
            held = 1.0 / (1.0 + np.exp(-np.float64(update)))
            out[i, c] = fresh + held * (memory[i, c] - fresh)
    return out


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
