"""An ask: what a policy is given at a barrier, and through which it leaves what it wants to remember."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from copy import copy
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.kernel.errors import KernelError
from simengine.kernel.heads import Head
from simengine.kernel.noise import Noise, uniform_rows

if TYPE_CHECKING:
    from simengine.kernel.seat import Seat


def frozen(array: NDArray[Any]) -> NDArray[Any]:
    """A view of an array through which it cannot be written to."""
    view = array.view()
    view.flags.writeable = False
    return view


class Who(NamedTuple):
    """Who is asked what: replica, agent (rows,) int32 and asked (rows, heads) bool."""

    replica: NDArray[np.int32]
    agent: NDArray[np.int32]
    asked: NDArray[np.bool_]

    def kept(self) -> Who:
        """The same, read-only: who is asked is no policy's to change."""
        return Who(*map(frozen, self))


class Ask:
    """What a policy is given: rows sorted by (replica, agent); arrays are not to be written to.

    `mask` (rows, heads): the heads asked; `alive` (R, N): every slot of the population, whoever asks;
    `ordinal`: how many barriers of this instant come before, for this population; `neutral`: the neutral
    answer. `observation`: float32 (rows, features), or several arrays (rows, …) by name.
    """

    __slots__ = (
        "_noise",
        "_seat",
        "_uniform",
        "_waiting",
        "agent",
        "alive",
        "heads",
        "mask",
        "neutral",
        "observation",
        "ordinal",
        "population",
        "replica",
        "tick",
    )

    def __init__(
        self,
        seat: Seat,
        who: Who,
        noise: Noise,
        ordinal: int = 0,
        waiting: Sequence[Callable[[], None]] = (),
    ) -> None:
        self.population, self.ordinal = seat.name, ordinal
        self.heads: Mapping[str, Head] = seat.offered
        self.neutral: Any = seat.neutral
        self.replica, self.agent, self.mask = who
        self.alive: NDArray[np.bool_] = seat.living
        self.tick: int = noise.tick
        self.observation: Any = None
        self._seat, self._noise, self._waiting = seat, noise, waiting
        self._uniform: NDArray[np.float64] | None = None

    def __len__(self) -> int:
        return self.replica.size

    @property
    def asked(self) -> dict[str, NDArray[np.bool_]]:
        """For each head, which rows asked for it (rows,)."""
        return {head: self.mask[:, h] for h, head in enumerate(self.heads)}

    @property
    def uniform(self) -> NDArray[np.float64]:
        """Keyed uniforms in (0, 1), those of all heads in their order (rows, sum of uniforms).

        An agent's are the same whoever else is asked.
        """
        if self._uniform is None:
            self._uniform = self._drawn(self.heads)
        return self._uniform

    def uniforms(self, head: str) -> NDArray[np.float64]:
        """The uniforms of one head (rows, uniforms)."""
        if self._uniform is None:
            return self._drawn((head,))
        return self._uniform[:, self._seat.span(head)]

    def _drawn(self, heads: Collection[str]) -> NDArray[np.float64]:
        streams = self._seat.streams(tuple(heads), self.ordinal)
        if not streams:
            return np.empty((len(self), 0))
        keys = np.stack([self._noise.key(stream) for stream in streams])
        drawn: NDArray[np.float64] = uniform_rows(keys, self.replica, self.agent)
        return drawn

    @property
    def memory(self) -> NDArray[np.float32]:
        """What the policy left for these agents (rows, memory width); 0 for the newly born."""
        kept = self._seat.memory
        if kept is None:
            raise KernelError(f"{self.population}: no memory is kept: valid is a policy with memory_width")
        return kept.hidden[self.replica, self.agent]

    def remember(self, memory: NDArray[np.float32]) -> None:
        """Keep the policy's memory of these agents (rows, memory width) until they are asked again."""
        self._seat.remember(self, memory)

    def only(self, heads: Collection[str]) -> Ask:
        """The same ask as if no other heads had been asked."""
        part = copy(self)
        part.mask = self.mask & np.array([head in heads for head in self.heads])
        return part
