"""Shares drawn at random, for the control arms in which nobody chooses: of attention, and of preferences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from agents.policy import FixedPolicy
from simengine.kernel import Noise, uniform_at
from streams.jit import jit

if TYPE_CHECKING:
    from simengine.kernel import Ask


class RandomShares:
    """A policy that draws the shares of one head evenly from all that sum to 1, by a stream of its own.

    Source, for declared preferences: Gode and Sunder (1993), JPE 101, whose traders bid at random within
    their budgets.
    """

    needs_observation = False

    def __init__(self, head: str, noise: Noise) -> None:
        self.head, self.noise = head, noise

    def act(self, ask: Ask) -> dict[str, NDArray[np.float32]]:
        """Shares (rows, width) of the head."""
        keys = self.noise.key(f"arm.{'declarations' if self.head == 'declared' else self.head}")
        drawn = random_shares(keys, ask.alive.shape[1], ask.heads[self.head].width)
        return {self.head: drawn[ask.replica, ask.agent]}


def control(config: Any, noise: Noise) -> dict[str, Any]:
    """By head the policies of the arms in which foragers do not choose; none where they do."""
    arms, found = config.arms, dict[str, Any]()
    if arms.attention == "uniform":
        found["attention"] = FixedPolicy(1.0 / config.attended, "attention")
    if arms.attention == "random":
        found["attention"] = RandomShares("attention", noise)
    if arms.declarations == "random":
        found["declared"] = RandomShares("declared", noise)
    return found


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
