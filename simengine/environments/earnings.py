"""What each agent earned between its decisions: the reward, the time and the end that belong to an action."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.errors import UserError


class Earned(NamedTuple):
    """What came of the last decision of each row (rows,): reward, ticks elapsed, whether its life ended."""

    reward: NDArray[np.float64]
    elapsed: NDArray[np.int64]
    ended: NDArray[np.bool_]


class Earnings:
    """Rewards of one population since each agent's last decision, per (replica, agent); discount per tick.

    A reward published t ticks after the decision counts `discount ** t` times. What is earned after a life
    has ended, before the next decision in that slot, belongs to no decision.
    """

    def __init__(self, population: str, alive: NDArray[np.bool_], discount: float) -> None:
        self.population, self.alive, self.discount = population, alive, discount
        shape = alive.shape
        self.open, self.ended = np.zeros(shape, np.bool_), np.zeros(shape, np.bool_)
        self._reward = np.zeros(shape)
        self._since, self._elapsed = np.zeros(shape, np.int64), np.zeros(shape, np.int64)

    def add(self, batch: Any) -> None:
        """Take in a `Reward` batch of this population; a UserError unless it has a row for every slot."""
        if batch.shape != self.open.shape:
            raise UserError(
                f"Reward of {self.population} has shape {batch.shape}: valid is {self.open.shape}, every slot"
            )
        going = self.open & ~self.ended
        weight = self.discount ** (batch.tick - self._since[going])
        self._reward[going] += weight * batch.grid("amount")[going]
        self._end(going & batch.grid("ended"), batch.tick + 1)

    def bury(self, tick: int) -> None:
        """End, at `tick`, the lives of agents that are no longer alive and of whose end nobody told."""
        self._end(self.open & ~self.ended & ~self.alive, tick)

    def _end(self, who: NDArray[np.bool_], tick: int) -> None:
        self.ended |= who
        self._elapsed[who] = tick - self._since[who]

    def settle(self, replica: NDArray[np.int32], agent: NDArray[np.int32], tick: int) -> Earned:
        """What came of the last decision of these agents, each told once; zeros where there was none."""
        at = replica, agent
        elapsed = np.where(self.ended[at], self._elapsed[at], tick - self._since[at])
        outcome = Earned(self._reward[at], elapsed * self.open[at], self.ended[at])
        self.open[at] = self.ended[at] = False
        self._reward[at] = 0.0
        return outcome

    def begin(self, replica: NDArray[np.int32], agent: NDArray[np.int32], tick: int) -> None:
        """These agents have decided at `tick`."""
        self.open[replica, agent] = True
        self._since[replica, agent] = tick
