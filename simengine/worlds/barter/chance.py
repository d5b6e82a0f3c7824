"""Shares drawn at random, for the control arms in which nobody chooses: of attention, and of preferences."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simengine.kernel import uniform_at
from streams.jit import jit


def drawn_preferences(config: Any, sim: Any) -> NDArray[np.float64] | None:
    """Preferences (R, N, goods) that traders declare at random; None where they declare what they learned.

    Source: Gode and Sunder (1993), JPE 101, whose traders bid at random within their budgets.
    """
    if config.arms.declarations == "learned":
        return None
    keys = sim.noise.key("arm.declarations")
    found: NDArray[np.float32] = random_shares(keys, config.agents, len(config.goods))
    return found.astype(np.float64)


@jit
def random_shares(keys, agents, count):
    """Shares drawn evenly from all that sum to 1 (Dirichlet of ones), (R, N, count) float32."""
    out = np.empty((keys.size, agents, count), np.float32)
    for r in range(keys.size):
        for i in range(agents):
            total = 0.0
            for k in range(count):
                total += -np.log(uniform_at(keys[r], i * count + k))
            for k in range(count):
                out[r, i, k] = -np.log(uniform_at(keys[r], i * count + k)) / total
    return out
