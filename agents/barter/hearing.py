"""Who hears whose words: from what is said to what each hears, and back."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from streams.jit import jit


class Hearing(NamedTuple):
    """Who hears whom: `place` (R, N, speakers) of whose words reach it, flat over replicas and agents.

    In `silent` times nothing does.
    """

    place: NDArray[np.int64]
    silent: bool = False

    def heard(self, message: Tensor) -> Tensor:
        """Messages (R·N, speakers, message) that reach each agent, of those said (R·N, message)."""
        said = torch.index_select(message, 0, torch.from_numpy(self.place.reshape(-1)))
        said = said.view(-1, self.place.shape[-1], message.shape[-1])
        return said * 0.0 if self.silent else said

    def heard_back(self, upstream: Tensor) -> Tensor:
        """The gradient of what is said, of that of what is heard: a speaker has all its listeners'."""
        if self.silent:
            upstream = upstream * 0.0
        said = np.zeros((upstream.shape[0], upstream.shape[2]), np.float32)
        _gather(said, self.place.reshape(-1), upstream.numpy().reshape(-1, upstream.shape[2]))
        return torch.from_numpy(said)

    def signal(self, shares: Tensor, heard: Tensor) -> Tensor:
        """What is heard, weighted by attention, (R·N, message)."""
        return torch.bmm(shares.unsqueeze(1), heard).squeeze(1)


@jit
def _gather(said, place, upstream):
    for n in range(place.size):
        for m in range(said.shape[1]):
            said[place[n], m] += upstream[n, m]
