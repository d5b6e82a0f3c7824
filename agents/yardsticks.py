"""Running yardsticks of a learner: of what its agents observe, and of the returns they earn.

When one moves, the layer beside it is rescaled (`rescale_inputs`, `rescale_output`), so that the network's
function stays what it was (van Hasselt, Guez, Hessel, Mnih and Silver 2016, Pop-Art).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from agents.observation import RowLayout

Floats = NDArray[np.float64]
LEAST_SD = 1e-2


class Yardstick:
    """Mean and standard deviation of numbers seen so far, (width,), 0 and 1 before the first.

    All rows count alike up to `memory` rows; from then on earlier ones are forgotten at that rate.
    """

    def __init__(self, width: int, memory: float) -> None:
        self.mean, self.square = np.zeros(width), np.ones(width)
        self.rows = np.zeros(1)
        self.memory = memory

    @property
    def sd(self) -> Floats:
        """The standard deviation, at least a hundredth, (width,)."""
        return np.maximum(np.sqrt(np.maximum(self.square - self.mean**2, 0.0)), LEAST_SD)

    def see(self, numbers: NDArray[np.floating]) -> None:
        """Take numbers (rows, width), at least one row, into account."""
        rows = len(numbers)
        share = rows / (rows + min(float(self.rows[0]), self.memory))
        self.mean += share * (numbers.mean(axis=0, dtype=np.float64) - self.mean)
        self.square += share * ((numbers.astype(np.float64) ** 2).mean(axis=0) - self.square)
        self.rows[0] = min(self.rows[0] + rows, 2.0**53)

    def take_over(self, other: Yardstick) -> None:
        """Know what another yardstick of this width has seen, and forget all else."""
        for name, array in self.arrays().items():
            array[...] = other.arrays()[name]

    def arrays(self) -> dict[str, Floats]:
        """The live arrays by name."""
        return {"mean": self.mean, "square": self.square, "rows": self.rows}


def measures(
    layout: RowLayout, seen: Yardstick, items: Mapping[str, Yardstick]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Means and sds (width,) of a layout's rows: 0 and 1 where nothing is measured."""
    mean, sd = np.zeros(layout.width, np.float32), np.ones(layout.width, np.float32)
    layout.flat(mean)[...], layout.flat(sd)[...] = seen.mean, seen.sd
    for name, yardstick in items.items():
        layout.described(mean, name)[0][...] = yardstick.mean
        layout.described(sd, name)[0][...] = yardstick.sd
    return mean, sd


def rescale_inputs(layer: nn.Linear, before: tuple[Floats, Floats], after: tuple[Floats, Floats]) -> None:
    """Keep `layer` of observations the same function when their (mean, sd) go from `before` to `after`."""
    (old_mean, old_sd), (mean, sd) = before, after
    with torch.no_grad():
        weight = layer.weight.double().cpu().numpy()
        own = weight[:, : len(mean)]
        bias = layer.bias.double().cpu().numpy() + (own * ((mean - old_mean) / old_sd)).sum(axis=1)
        weight[:, : len(mean)] = own * (sd / old_sd)
        layer.weight.copy_(torch.from_numpy(weight))
        layer.bias.copy_(torch.from_numpy(bias))


def rescale_output(layer: nn.Linear, before: tuple[Floats, Floats], after: tuple[Floats, Floats]) -> None:
    """Keep `layer` of values the same function when their (mean, sd) go from `before` to `after`."""
    (old_mean, old_sd), (mean, sd) = before, after
    with torch.no_grad():
        layer.weight.mul_(float(old_sd[0] / sd[0]))
        layer.bias.copy_((layer.bias * float(old_sd[0]) + float(old_mean[0] - mean[0])) / float(sd[0]))
