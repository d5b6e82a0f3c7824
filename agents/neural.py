"""The neural policy: observations through one forward pass, actions by the keyed inverse CDF."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.forward import Forward
from agents.policy import Actions
from agents.rollout import Rollout
from agents.sampling import choose


class NotFinite(ValueError):
    """A number that is not finite reached a learner or its policy: what, where, which value."""


class NeuralPolicy:
    """Acts for a whole population with one network; `rollout` keeps what it did, for a learner.

    `greedy` takes the likeliest action of each head; otherwise actions are drawn with the ask's keyed
    uniforms. `weights` are the `Weights` that `forward` was loaded with, where they are from a file.
    """

    needs_observation = True

    def __init__(
        self, forward: Forward, greedy: bool = False, rollout: Rollout | None = None, weights: Any = None
    ) -> None:
        self.forward, self.greedy, self.rollout, self.weights = forward, greedy, rollout, weights
        self._sizes: NDArray[np.int64] | None = None

    def act(self, ask: Any) -> Actions:
        """Indices (rows, heads); raises NotFinite where a logit is not a finite number."""
        if self._sizes is None:
            self._sizes = np.array([head.size for head in ask.heads.values()], np.int64)
        observation = ask.observation
        logits = self.forward(observation)
        actions = np.empty((len(ask), self._sizes.size), np.int64)
        said = np.empty(len(ask), np.float32)
        asked = ask.mask
        row = choose(logits, self._sizes, ask.uniform, asked, self.greedy, actions, said)
        if row >= 0:
            k = int(np.flatnonzero(~np.isfinite(logits[row]))[0])
            raise NotFinite(
                f"{ask.population}: logit {k} of agent {ask.agent[row]} in replica {ask.replica[row]} "
                f"is {logits[row, k]}: valid is a finite number"
            )
        if self.rollout is not None:
            self.rollout.decided(ask.tick, ask.replica, ask.agent, observation, actions, asked, said)
        return actions

    def memory(self) -> dict[str, NDArray[Any]]:
        """What a checkpoint keeps: how often the network ran, and for how many rows."""
        passed = self.forward.passed
        return {"passed": np.array([passed.forwards, passed.rows], np.int64)}

    def restore(self, arrays: dict[str, NDArray[Any]]) -> None:
        """Go on from a checkpoint."""
        passed = self.forward.passed
        passed.forwards, passed.rows = (int(count) for count in arrays["passed"])
