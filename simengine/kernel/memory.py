"""Memory: what a policy keeps of each agent from one decision to its next, as a part of the state."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simengine.kernel.errors import KernelError
from simengine.kernel.state import Columns, State, b1, column, f4


class HiddenState(Columns):
    """Hidden state (replica, agent, width); `alive` are the agents that the policy has met.

    It is 0 for who was born since the population was last asked. Where a slot is taken over at once, from
    one ask to the next, only the world knows: it says so by `sim.forget`.
    """

    alive: b1
    hidden: f4 = column("number", "what the policy left at its last decision", width="width")

    def meet(self, alive: NDArray[np.bool_]) -> None:
        """Take note of who is alive now (R, N)."""
        self.hidden[alive & ~self.alive] = 0.0
        self.alive[...] = alive

    def keep(self, where: str, ask: Any, memory: NDArray[np.float32]) -> None:
        """Write the rows of an ask; KernelError unless they are finite numbers (rows, width)."""
        valid = len(ask), self.hidden.shape[2]
        if not isinstance(memory, np.ndarray) or memory.dtype != np.float32 or memory.shape != valid:
            given = f"{memory.shape} {memory.dtype}" if isinstance(memory, np.ndarray) else repr(memory)[:40]
            raise KernelError(f"{where}: remember({given}): valid is {valid} float32")
        bad = np.argwhere(~np.isfinite(memory))
        if bad.size:
            row, place = (int(i) for i in bad[0])
            raise KernelError(
                f"{where}: memory {place} of agent {ask.agent[row]} in replica {ask.replica[row]} "
                f"is {memory[row, place]}: valid is a finite number",
                int(ask.replica[row]),
            )
        self.hidden[ask.replica, ask.agent] = memory


def memory_of(policy: Any, population: str, columns: Columns, state: State) -> HiddenState | None:
    """Memory as a part of the state, for a policy that declares `memory_width`; else None."""
    width = getattr(policy, "memory_width", 0)
    if not width:
        return None
    memory = HiddenState(columns.replicas, columns.capacity, key=columns.key, width=width)
    return state.add(f"{population}_memory", memory)
