"""Policies: what a whole population is asked becomes one action index per head and row.

Index meanings belong to the agent's action table; here they are numbers below `ask.heads[head]`.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Actions = NDArray[np.int64]


class Policy(Protocol):
    """Observations in, actions out, for all rows of an `ask` at once.

    `ask` has `population`, `tick`, `replica`, `agent` (rows,) indices, `heads` {name: size}, `neutral`
    (heads,), `mask` (rows, heads) of heads asked, the same as `asked` {head: (rows,)}, `alive` (R, N),
    `uniform` (rows, heads) keyed noise in (0, 1), and `observation` (rows, features) if `needs_observation`;
    ``len(ask)`` is the number of rows. A policy with state of its own has `memory() -> {name: array}` and
    `restore({name: array})` for checkpoints.
    """

    needs_observation: bool

    def act(self, ask: Any) -> Actions:
        """Indices, int64 (rows, heads) or (heads,) for all alike; heads not asked are ignored."""


class RulePolicy:
    """The rule itself: an action is a residual on the rule, and this one is always neutral."""

    needs_observation = False

    def act(self, ask: Any) -> Actions:
        """The neutral index of each head (heads,)."""
        neutral: Actions = ask.neutral
        return neutral


class NamedRule(RulePolicy):
    """A rule of another name: actions are neutral, the world puts the rule of that name in place of its own.

    Which names a population knows stands in the world's `rules`.
    """

    def __init__(self, rule: str) -> None:
        self.rule = rule


class RandomPolicy:
    """Every choice equally likely, by the inverse CDF of the keyed uniform."""

    needs_observation = False

    def act(self, ask: Any) -> Actions:
        """Indices (rows, heads)."""
        sizes = np.array(list(ask.heads.values()), np.int64)
        return np.minimum((ask.uniform * sizes).astype(np.int64), sizes - 1)


class FixedPolicy:
    """The same indices for everyone at all times; one index alone serves every head."""

    needs_observation = False

    def __init__(self, indices: int | tuple[int, ...]) -> None:
        self.indices = np.atleast_1d(np.asarray(indices, np.int64))

    def act(self, ask: Any) -> Actions:
        """The fixed indices (heads,)."""
        return self.indices if self.indices.size > 1 else np.repeat(self.indices, len(ask.heads))


class RecordedPolicy:
    """Replays decisions: each head of an agent stands where it was last recorded to be put.

    `tick`, `replica` (index), `agent`, `head` (position), `action` (rows,) in the order of time; before the
    first of an agent's head it stays neutral.
    """

    needs_observation = False

    def __init__(
        self,
        tick: NDArray[np.int64],
        replica: NDArray[np.int64],
        agent: NDArray[np.int64],
        head: NDArray[np.int64],
        action: NDArray[np.int64],
    ) -> None:
        self._rows = replica, agent, head, action
        self._tick = tick
        self._next = 0
        self._standing: NDArray[np.int64] | None = None

    def act(self, ask: Any) -> Actions:
        """Indices (rows, heads) as recorded up to this tick."""
        replica, agent, head, action = self._rows
        if self._standing is None:
            self._standing = np.empty((*ask.alive.shape, len(ask.heads)), np.int64)
            self._standing[...] = ask.neutral
        upto = int(np.searchsorted(self._tick, ask.tick, side="right"))
        new = slice(self._next, upto)
        if upto > self._next:
            self._standing[replica[new], agent[new], head[new]] = action[new]
            self._next = upto
        return self._standing[ask.replica, ask.agent]
