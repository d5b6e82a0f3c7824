"""What commands do at their tick: move a lever to a value, change who decides, direct an agent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simengine.casting import directed, recast
from simengine.errors import UserError
from simengine.kernel.shocks import Act
from simengine.simulation import Simulation
from simengine.worlds.contract import World
from simengine.worlds.shock import DECIMALS, lever
from streams import events


@dataclass(frozen=True)
class LeverSet:
    """Puts a lever at `value` in some replicas; what still pulls it keeps on pulling from there."""

    lever: str
    value: float
    place: int | None = None

    @property
    def name(self) -> str:
        """How the stream of shocks calls it."""
        return f"set {self.lever}"

    @property
    def says(self) -> str:
        """What it does, as it is written."""
        return f"set {self.lever}{'' if self.place is None else f'/{self.place}'}={self.value:g}"

    def fits(self, world: World) -> None:
        """UserError where the world lacks the lever, or its shocks say that it may not stand there."""
        column = lever(world, self.lever, self.name)
        if self.place is not None and not (column.ndim > 1 and 0 <= self.place < column.shape[1]):
            wide = f"a place below {column.shape[1]}" if column.ndim > 1 else "the whole lever"
            raise UserError(f"{self.name}/{self.place}: valid is {wide}")
        ranges = [kind.lever_range for kind in world.shocks if kind.lever == self.lever]
        low, high = (
            max((low for low, _ in ranges), default=-np.inf),
            min((h for _, h in ranges), default=np.inf),
        )
        if not low <= self.value <= high:
            raise UserError(f"{self.name} = {self.value:g}: valid is a number from {low:g} to {high:g}")

    def start(self, world: World, sim: Simulation, mask: NDArray[np.bool_]) -> None:
        """Move the lever, and say so on the stream of shocks."""
        column = lever(world, self.lever, self.name)
        column[mask if self.place is None else (mask, self.place)] = np.round(self.value, DECIMALS)
        hit = np.flatnonzero(mask).astype(np.int32)
        sim.publish(events.Shock, replica=hit, name=self.name, size=float(self.value), phase="start")

    def stop(self, world: World, sim: Simulation, mask: NDArray[np.bool_]) -> None:
        """Nothing: a lever stays where it was put."""


@dataclass(frozen=True)
class Recast(Act):
    """Seats another policy at a place, a population or one head of it; `source` is where it is found."""

    place: str
    policy: str
    weights: str = ""
    source: str = field(default="", repr=False)

    @property
    def says(self) -> str:
        """What it does, as it is written."""
        return f"seat {self.place}={self.policy}"

    def start(self, world: World, sim: Simulation, mask: NDArray[np.bool_]) -> None:
        """Let the policy decide from now on, in all replicas."""
        recast(sim, self.place, self.source or self.policy, self.weights)


@dataclass(frozen=True)
class Direction(Act):
    """Has one agent of a population follow the rule, or what someone outside says, while it lasts."""

    population: str
    agent: int
    outside: bool

    @property
    def says(self) -> str:
        """What it does, as it is written."""
        return f"{'play' if self.outside else 'drop'} {self.population}/{self.agent}"

    def start(self, world: World, sim: Simulation, mask: NDArray[np.bool_]) -> None:
        """Begin in the replicas of the mask."""
        self._count(sim, mask, 1)

    def stop(self, world: World, sim: Simulation, mask: NDArray[np.bool_]) -> None:
        """Cease there."""
        self._count(sim, mask, -1)

    def _count(self, sim: Simulation, mask: NDArray[np.bool_], by: int) -> None:
        policy: Any = directed(sim, self.population)
        where = policy.played if self.outside else policy.kept
        for replica in np.flatnonzero(mask).tolist():
            where[replica, self.agent] += by
