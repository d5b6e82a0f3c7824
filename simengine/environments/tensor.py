"""A world as tensors, for people who bring their own learner: barriers in, arrays out, all replicas at once.

env = TensorEnv("macro", ("firms", "households"), replicas=64, years=5)
seen = env.reset(seed=1)
while not env.over:
    seen = env.step({name: my_policy(name, rows) for name, rows in seen.items() if len(rows)})
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simengine.environments.earnings import Earnings
from simengine.errors import UserError, unknown
from simengine.simulation import Simulation
from streams.events import Reward


@dataclass(frozen=True)
class Decisions:
    """What agents of one population decide on now, and what came of their last decision.

    The arrays are copies. Rows asked come first, then rows of which nothing is asked: lives that have ended
    and, at the horizon, everyone's; each part is sorted by (replica, agent). What came of a decision is told
    once, in its agent's next row; a first row has reward and elapsed 0.
    """

    tick: int
    replica: NDArray[np.int32]
    """(rows,) index of the replica, 0 to R-1"""
    agent: NDArray[np.int32]
    """(rows,) slot in the population"""
    observation: NDArray[np.float32]
    """(rows, features); zeros for the dead"""
    asked: NDArray[np.bool_]
    """(rows, heads) which heads are asked; the action of another is ignored"""
    reward: NDArray[np.float64]
    """(rows,) earned since the last decision, discounted to it"""
    elapsed: NDArray[np.int64]
    """(rows,) ticks since the last decision, up to the life's end where it ended"""
    ended: NDArray[np.bool_]
    """(rows,) the life that made the last decision is over; what is observed and asked belongs to an heir"""
    truncated: NDArray[np.bool_]
    """(rows,) the horizon came before the end of this life"""

    def __len__(self) -> int:
        return self.replica.size


class TensorEnv:
    """Every agent of some populations in R replicas, asked from barrier to barrier over `years`.

    `world` is a name, `module:Class` or a function that makes a world; it warms up to tick 0 under its own
    policies or those of `policies`, which run the other populations to the end. `discount` is per tick.
    `config` are the world's settings, `shocks` strike as in a scenario (`rate:+0.01@1y..2y`). `heads`
    (name -> number of actions), `neutral`, `features` and `slots` say by population what is asked, the
    rule's answer, how many numbers are seen, and how many agents there may be. UserError for what does not
    exist or fit.
    """

    def __init__(
        self,
        world: str | Callable[[], Any] = "macro",
        populations: Sequence[str] = ("households",),
        replicas: int = 1,
        years: float = 1.0,
        policies: Mapping[str, Any] | None = None,
        config: Mapping[str, Any] | None = None,
        shocks: Iterable[Any] = (),
        discount: float = 1.0,
    ) -> None:
        self.world, self.populations, self.replicas = world, tuple(populations), replicas
        self.policies, self.config, self.shocks = policies, config, tuple(shocks)
        if not 0.0 < discount <= 1.0:
            raise UserError(f"discount = {discount}: valid is above 0, at most 1, per tick")
        self.discount = discount
        self.seed, self.episode = 0, -1
        self.sim = self._simulation(range(replicas))
        span = years * self.sim.world.ticks_per_year
        if not 1 <= span < 2**53 or span != round(span):
            raise UserError(f"years = {years} is {span} ticks: valid is a whole number of ticks from 1")
        if not self.populations:
            raise UserError(f"populations is empty: valid are some of {', '.join(self.sim.seats)}")
        self.horizon = round(span)
        self.heads: dict[str, dict[str, int]] = {}
        self.neutral: dict[str, NDArray[np.int64]] = {}
        self.features: dict[str, int] = {}
        self.slots: dict[str, int] = {}
        for name in self.populations:
            self._survey(name)
        self._asks: dict[str, Any] = {}
        self._earned: dict[str, Earnings] = {}
        self._told: dict[str, int] = {}

    def _simulation(self, numbers: Sequence[int]) -> Simulation:
        world = self.world() if callable(self.world) else self.world
        return Simulation(
            world,
            seed=self.seed,
            replicas=list(numbers),
            policies=self.policies,
            config=self.config,
            shocks=self.shocks,
        )

    def _survey(self, name: str) -> None:
        if name not in self.sim.seats:
            raise UserError(unknown("population", name, self.sim.seats))
        seen = self.sim.look(name)
        if seen.observation is None:
            raise UserError(
                f"population {name!r} of world {self.sim.world.name}: nothing is shown to it; "
                "valid is a seat with observe="
            )
        self.heads[name], self.neutral[name] = seen.heads, seen.neutral
        self.features[name], self.slots[name] = seen.observation.shape[1], seen.alive.shape[1]

    @property
    def over(self) -> bool:
        """Whether nobody is asked any more: the horizon has come, or `reset` has not."""
        return not self._asks

    def reset(self, seed: int | None = None) -> dict[str, Decisions]:
        """Begin an episode at tick 0: the first one of a seed, or without a seed the next one of the last.

        Later episodes of a seed run on replica numbers of their own: no other seed ever draws their noise.
        """
        self.episode = 0 if seed is not None else self.episode + 1
        self.seed = self.seed if seed is None else seed
        first = self.episode * self.replicas
        self.sim = self._simulation(range(first, first + self.replicas))
        self.sim.run(until=0)
        self._asks = {}
        self._earned = {
            name: Earnings(name, self.sim.look(name).alive, self.discount) for name in self.populations
        }
        self.sim.bus.listen(Reward, self._earn)
        return self._next()

    def step(self, actions: Mapping[str, Any]) -> dict[str, Decisions]:
        """Answer the last step, integers (rows, heads) by population, and go to the next barrier.

        Populations of which nothing is asked may be left out. Every population is in what is returned, some
        perhaps without rows.
        """
        if self.over:
            raise UserError(f"step at tick {self.sim.tick}: the episode is over; valid is reset()")
        for name, ask in tuple(self._asks.items()):
            self.sim.answer(name, self._given(name, len(ask), actions))
            self._earned[name].begin(ask.replica, ask.agent, self.sim.tick)
            del self._asks[name]
        return self._next()

    def rest(self, population: str) -> NDArray[np.int64]:
        """What the population's own policy would answer to the last step (rows, heads)."""
        answer = np.tile(self.neutral[population], (self._told[population], 1))
        if population in self._asks:
            ask = self._asks[population]
            answer[: len(ask)] = self.sim.seats[population].policy.act(ask)
        return answer

    def alive(self, population: str) -> NDArray[np.bool_]:
        """Who is alive now (replica, agent)."""
        return self.sim.look(population).alive.copy()

    def look(self, population: str) -> NDArray[np.float32]:
        """What everyone sees now (replica, agent, features); zeros for slots without a live agent."""
        seen = self.sim.look(population)
        dense = np.zeros((*seen.alive.shape, self.features[population]), np.float32)
        dense[seen.replica, seen.agent] = seen.observation
        return dense

    def _given(self, name: str, rows: int, actions: Mapping[str, Any]) -> NDArray[np.int64]:
        if name not in actions:
            raise UserError(f"step at tick {self.sim.tick}: {name} are asked: valid is actions[{name!r}]")
        given, valid = np.asarray(actions[name]), (self._told[name], len(self.heads[name]))
        if given.dtype.kind not in "iu" or given.shape != valid:
            raise UserError(f"actions[{name!r}] is {given.shape} {given.dtype}: valid are integers {valid}")
        return np.ascontiguousarray(given[:rows], dtype=np.int64)

    def _earn(self, batch: Any) -> None:
        name = batch.label("population")
        if name in self._earned:
            self._earned[name].add(batch)

    def _next(self) -> dict[str, Decisions]:
        while not self._asks and self.sim.tick < self.horizon:
            self._asks = self.sim.advance(self.horizon, self.populations)
        told = {name: self._decisions(name) for name in self.populations}
        self._told = {name: len(rows) for name, rows in told.items()}
        return told

    def _decisions(self, name: str) -> Decisions:
        earned, tick, heads = self._earned[name], self.sim.tick, len(self.heads[name])
        earned.bury(tick)
        closing = earned.open.copy() if self.over else earned.ended.copy()
        replica, agent, asked = np.empty(0, np.int32), np.empty(0, np.int32), np.empty((0, heads), np.bool_)
        seen = np.empty((0, self.features[name]), np.float32)
        if name in self._asks:
            ask = self._asks[name]
            replica, agent, seen = ask.replica, ask.agent, ask.observation
            asked = np.stack(list(ask.asked.values()), axis=1)
            closing[replica, agent] = False
        if closing.any():
            last = [index.astype(np.int32) for index in np.nonzero(closing)]
            replica, agent = (np.concatenate(pair) for pair in zip((replica, agent), last))
            asked = np.concatenate([asked, np.zeros((last[0].size, heads), np.bool_)])
            seen = np.concatenate([seen, self.look(name)[*last]])
        outcome = earned.settle(replica, agent, tick)
        truncated = ~outcome.ended & self.over
        return Decisions(tick, replica.copy(), agent.copy(), seen.copy(), asked, *outcome, truncated)
