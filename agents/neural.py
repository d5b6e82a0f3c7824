"""The neural policy: observations through one forward pass, answers by the keyed inverse CDF."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.forward import Forward
from agents.rollout import Rollout


class NotFinite(ValueError):
    """A number that is not finite reached a learner or its policy: what, where, which value."""


class NeuralPolicy:
    """Acts for a whole population with one network; `rollout` keeps what it did, for a learner.

    `greedy` takes the likeliest action of each head; otherwise answers are drawn with the ask's keyed
    uniforms. `weights` are the `Weights` that `forward` was loaded with, where they are from a file.
    `memory_width` numbers per agent are taken from the ask and left there renewed.
    """

    needs_observation = True

    def __init__(
        self, forward: Forward, greedy: bool = False, rollout: Rollout | None = None, weights: Any = None
    ) -> None:
        self.forward, self.greedy, self.rollout, self.weights = forward, greedy, rollout, weights
        self.memory_width = forward.layout.memory

    def act(self, ask: Any) -> Any:
        """Indices (rows, heads), or an answer by head; raises NotFinite where an output is not finite."""
        layout, joint, asked = self.forward.layout, self.forward.joint, ask.mask
        rows = layout.packed(ask.observation, ask.memory if layout.memory else None)
        outputs, memory = self.forward.remembering(rows)
        drawn, said, bad = joint.draw(outputs, ask.uniform, asked, self.greedy)
        if bad >= 0:
            k = int(np.flatnonzero(~np.isfinite(outputs[bad]))[0])
            raise NotFinite(
                f"{ask.population}: output {k} of agent {ask.agent[bad]} in replica {ask.replica[bad]} "
                f"is {outputs[bad, k]}: valid is a finite number"
            )
        if memory is not None:
            ask.remember(memory)
        if self.rollout is not None:
            self.rollout.decided(ask.tick, ask.replica, ask.agent, rows, drawn, asked, said, ask.ordinal)
        return joint.answer(drawn)

    def declared(self) -> str:
        """What its answers depend on: the numbers of its network, how it decides, on what."""
        if self.weights is None:  # it learns: a checkpoint holds its numbers
            return f"{type(self).__module__}:{type(self).__qualname__}"
        how = "greedy" if self.greedy else "drawing"
        return f"network {self.weights.digest} {how}, {self.forward.precision} on {self.forward.device}"

    def memory(self) -> dict[str, NDArray[Any]]:
        """What a checkpoint keeps: how often the network ran, and for how many rows."""
        passed = self.forward.passed
        return {"passed": np.array([passed.forwards, passed.rows], np.int64)}

    def restore(self, arrays: dict[str, NDArray[Any]]) -> None:
        """Go on from a checkpoint."""
        passed = self.forward.passed
        passed.forwards, passed.rows = (int(count) for count in arrays["passed"])
