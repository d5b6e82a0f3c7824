"""A world as tensors, for people who bring their own learner: barriers in, arrays out, all replicas at once.

env = TensorEnv("macro", ("firms", "households"), replicas=64, years=5)
seen = env.reset(seed=1)
while not env.over:
    seen = env.step({name: my_policy(name, rows) for name, rows in seen.items() if len(rows)})
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from os import urandom
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.policy import by_name, indices_alone
from simengine.environments.earnings import Earnings
from simengine.errors import UserError, unknown
from simengine.kernel import Head
from simengine.policies import Policies
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
    observation: Any
    """float32 (rows, features), or arrays (rows, …) by name; zeros for the dead"""
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

    `world` is a name, `module:Class` or a function that makes a world; it warms up to tick 0 under its cast
    or what `policies` say, which run the other populations to the end. `discount` is per tick.
    `config` are the world's settings, `shocks` strike as in a scenario (`rate:+0.01@1y..2y`). `heads`,
    `features` and `slots` say by population what is asked, how many numbers are seen (or, of several arrays,
    their shapes by name, without rows), and how many agents there may be. UserError for what does not exist
    or fit.
    """

    def __init__(
        self,
        world: str | Callable[[], Any],
        populations: Sequence[str],
        replicas: int = 1,
        years: float = 1.0,
        policies: Policies | None = None,
        config: Mapping[str, Any] | None = None,
        shocks: Iterable[Any] = (),
        discount: float = 1.0,
    ) -> None:
        self.world, self.populations, self.replicas = world, tuple(populations), replicas
        self.policies, self.config, self.shocks = policies, config, tuple(shocks)
        if not 0.0 < discount <= 1.0:
            raise UserError(f"discount = {discount}: valid is above 0, at most 1, per tick")
        self.discount = discount
        self.seed, self.episode, self._seeded = 0, -1, False
        self.sim = self._simulation(range(replicas))
        span = years * self.sim.world.ticks_per_year
        if not 1 <= span < 2**53 or span != round(span):
            raise UserError(f"years = {years} is {span} ticks: valid is a whole number of ticks from 1")
        if not self.populations:
            raise UserError(f"populations is empty: valid are some of {', '.join(self.sim.seats)}")
        self.horizon = round(span)
        self.heads: dict[str, dict[str, Head]] = {}
        self.features: dict[str, Any] = {}
        self.slots: dict[str, int] = {}
        self._nothing: dict[str, Any] = {}
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
        seen = self._first_seen(name)
        if seen.observation is None:
            raise UserError(
                f"population {name!r} of world {self.sim.world.name}: nothing is shown to it; "
                "valid is a seat with observe="
            )
        self.heads[name], self.slots[name] = seen.heads, seen.alive.shape[1]
        whole = isinstance(seen.observation, np.ndarray)
        self.features[name] = mapped(lambda a: a.shape[1] if whole else a.shape[1:], seen.observation)
        self._nothing[name] = mapped(lambda a: np.zeros((0, *a.shape[1:]), a.dtype), seen.observation)

    def _first_seen(self, name: str) -> Any:
        """What everyone sees at the start, or where their first rows endow them, when first asked."""
        try:
            return self.sim.look(name)
        except (ValueError, ArithmeticError, LookupError):
            if name not in (asks := self.sim.advance(self.horizon, (name,))):
                raise
            return asks[name]

    @property
    def over(self) -> bool:
        """Whether nobody is asked any more: the horizon has come, or `reset` has not."""
        return not self._asks

    def reset(self, seed: int | None = None) -> dict[str, Decisions]:
        """Begin an episode at tick 0: the first one of a seed, or without a seed the next one of the last.

        Where none was ever given one is drawn, so that workers differ; it is in `seed`.
        Later episodes of a seed run on replica numbers of their own: no other seed ever draws their noise.
        """
        if seed is None and not self._seeded:
            seed = int.from_bytes(urandom(7), "big")
        self.episode, self._seeded = 0 if seed is not None else self.episode + 1, True
        self.seed = self.seed if seed is None else seed
        first = self.episode * self.replicas
        self.sim = self._simulation(range(first, first + self.replicas))
        self.sim.run(until=0)
        self._asks = {}
        self._earned = {
            name: Earnings(name, self.sim.seats[name].alive, self.discount) for name in self.populations
        }
        self.sim.bus.listen(Reward, self._earn)
        return self._next()

    def step(self, actions: Mapping[str, Any]) -> dict[str, Decisions]:
        """Answer the last step by population, and go to the next barrier.

        An answer is integers (rows, heads) where all heads are categorical, or by name (rows, width) of each
        head asked. Populations of which nothing is asked may be left out. Every population is in what is
        returned, some perhaps without rows.
        """
        if self.over:
            raise UserError(f"step at tick {self.sim.tick}: the episode is over; valid is reset()")
        for name, ask in tuple(self._asks.items()):
            self.sim.answer(name, self._given(name, len(ask), actions))
            self._earned[name].begin(ask.replica, ask.agent, self.sim.tick)
            del self._asks[name]
        return self._next()

    def rest(self, population: str) -> Any:
        """What the population's own policy would answer to the last step, as `step` takes it."""
        heads, rows = self.heads[population], self._told[population]
        answer = {name: np.tile(head.rest, (rows, 1)) for name, head in heads.items()}
        if population in self._asks:
            ask = self._asks[population]
            for name, own in by_name(ask, self.sim.seats[population].policy.act(ask), heads).items():
                alike = own.shape == (heads[name].width,)
                answer[name][: len(ask)] = own if alike else own.reshape(len(ask), heads[name].width)
        return np.concatenate([*answer.values()], axis=1) if indices_alone(heads) else answer

    def alive(self, population: str) -> NDArray[np.bool_]:
        """Who is alive now (replica, agent)."""
        return self.sim.seats[population].alive.copy()

    def look(self, population: str) -> Any:
        """What everyone sees now (replica, agent, …); zeros for slots without a live agent."""
        seen = self.sim.look(population)

        def dense(array: NDArray[Any]) -> NDArray[Any]:
            found = np.zeros((*seen.alive.shape, *array.shape[1:]), array.dtype)
            found[seen.replica, seen.agent] = array
            return found

        return mapped(dense, seen.observation)

    def _given(self, name: str, rows: int, actions: Mapping[str, Any]) -> Any:
        if name not in actions:
            raise UserError(f"step at tick {self.sim.tick}: {name} are asked: valid is actions[{name!r}]")
        given, heads, told = actions[name], self.heads[name], self._told[name]
        if isinstance(given, Mapping):
            for head in given.keys() - heads.keys():
                raise UserError(f"actions[{name!r}]: {unknown('head', head, heads)}")
            where = {head: f"actions[{name!r}][{head!r}]" for head in heads if head in given}
            return {
                head: _fitted(given[head], place, heads[head].dtype, (told, heads[head].width))[:rows]
                for head, place in where.items()
            }
        if not indices_alone(heads):
            raise UserError(f"actions[{name!r}]: valid is a dict of arrays by head: {', '.join(heads)}")
        return _fitted(given, f"actions[{name!r}]", np.int64, (told, len(heads)))[:rows]

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
        seen = self._nothing[name]
        if name in self._asks:
            ask = self._asks[name]
            replica, agent, seen = ask.replica, ask.agent, ask.observation
            asked = ask.mask.copy()
            closing[replica, agent] = False
        if closing.any():
            last = [index.astype(np.int32) for index in np.nonzero(closing)]
            replica, agent = (np.concatenate(pair) for pair in zip((replica, agent), last))
            asked = np.concatenate([asked, np.zeros((last[0].size, heads), np.bool_)])
            seen = mapped(lambda now, dense: np.concatenate([now, dense[*last]]), seen, self.look(name))
        outcome = earned.settle(replica, agent, tick)
        truncated = ~outcome.ended & self.over
        seen = mapped(np.copy, seen)
        return Decisions(tick, replica.copy(), agent.copy(), seen, asked, *outcome, truncated)


def mapped(function: Callable[..., Any], seen: Any, *more: Any) -> Any:
    """A function of an observation's array, or of each of its arrays by name, beside those of others."""
    if isinstance(seen, dict):
        return {name: function(array, *(other[name] for other in more)) for name, array in seen.items()}
    return function(seen, *more)


def _fitted(given: Any, where: str, dtype: Any, shape: tuple[int, int]) -> NDArray[Any]:
    """An answer as a fresh array of a head's type; (rows,) stands for (rows, 1)."""
    array, exact = np.asarray(given), np.dtype(dtype).kind == "i"
    if shape[1] == 1 and array.shape == shape[:1]:
        array = array[:, None]
    if array.dtype.kind not in ("iu" if exact else "iuf") or array.shape != shape:
        valid = "integers" if exact else "numbers"
        raise UserError(f"{where} is {array.shape} {array.dtype}: valid are {valid} {shape}")
    return np.array(array, dtype, order="C")
