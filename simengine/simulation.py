"""The simulation a user makes: worlds, policies and shocks by name, on top of the kernel's."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from copy import deepcopy
from typing import Any

from agents.directed import Desk, Directed, nobody
from simengine import kernel
from simengine.casting import directed
from simengine.errors import UserError, unknown
from simengine.foreign import refuse_foreign
from simengine.histories import History, history
from simengine.kernel.checkpoint import image
from simengine.kernel.goals import goal_of
from simengine.kernel.heads import Head, heads_of
from simengine.notebooks import table_of
from simengine.policies import EVERYONE, OWN, Policies, Seated, cast_in, decider, fits, seated, who_decides
from simengine.progress import Progress
from simengine.registry import DEFAULT_WORLD
from simengine.scenarios.scenario import Scenario, make_world, replica_numbers
from simengine.shocks import Shock, Strike, strike_of
from simengine.threads import exactly
from simengine.worlds.contract import World
from streams import metrics


class Simulation(kernel.Simulation):
    """One world, one clock, R replicas, its streams: `Simulation("macro", seed=3, replicas=16)`.

    `world` is a name, `module:Class` or a world; `config` its settings by name. `policies` maps a population,
    `all`, or one head, `"foragers.effort"`, to `"rule"`, `"random"`, `"fixed:2,2,0"`, `module:Class` or a
    policy; one word stands for all, `policies="rule"` for rules. Where it says nothing the world's `cast`
    decides, else what the world seats. `shocks` holds `Strike`s or their short form, `"rate:+0.01@5y..6y"`.
    The attribute `desk` answers for agents that someone plays: it is given questions, and returns an action
    for each, None for the rule.
    """

    world: World

    def __init__(
        self,
        world: World | str = DEFAULT_WORLD,
        seed: int = 0,
        replicas: int | str | Sequence[int] = 1,
        policies: Policies | None = None,
        config: Mapping[str, Any] | None = None,
        shocks: Iterable[Strike | str] = (),
        bus: Any = None,
        rerun: str | Callable[[int], str] | None = None,
        device: str = "cpu",
    ) -> None:
        self._measured = False
        self.desk: Desk = nobody
        if isinstance(world, str):
            world = make_world(world, config or {})
        elif config:
            raise UserError(
                "config: this world is made already: give its config to the world, or name the world"
            )
        if not isinstance(world, World):
            raise UserError(f"world {world!r:.60}: valid is a name, or a world derived from simengine.World")
        self.deciders: dict[str, str] = {}
        """Place -> the policy that decides there, by name."""
        self.own: dict[str, Any] = {}
        """Population -> the policy that the world brings for it."""
        self._given = cast_in(world, policies)
        given, self._by_head = _parted(self._given)
        self._everyone = given.pop(EVERYONE, None)
        self.device = device
        try:
            numbers = replica_numbers(list(replicas) if not isinstance(replicas, (int, str)) else replicas)
        except ValueError as error:
            raise UserError(f"replicas = {replicas!r}: {error}") from None
        with exactly():
            super().__init__(world, seed=seed, replicas=numbers, policies=given, bus=bus, rerun=rerun)
        for population in self._by_head:
            if population not in self.seats:
                raise UserError(f"policies: {unknown('population', population, self.seats)}")
        for shock in shocks:
            self.strike(strike_of(shock, world) if isinstance(shock, str) else shock)

    @classmethod
    def of(cls, scenario: Scenario) -> Simulation:
        """The run that a scenario says, not begun."""
        world = scenario.make_world()
        said, strikes = scenario, scenario.strikes(world)
        return cls(world, said.seed, said.replicas, said.policies, shocks=strikes)

    def seat(
        self,
        population: str,
        columns: Any,
        heads: Mapping[str, int | Head] | None = None,
        observe: Any = None,
        policy: Any = None,
        neutral: tuple[int, ...] | None = None,
    ) -> None:
        """Seat a population, with the world's `heads` where none are given.

        The policy given for `all` takes the place of the world's own, which `own` by name puts back.
        """
        declared = self.world.heads.get(population, {}) if heads is None else heads
        specs = heads_of(population, declared, neutral)
        place = Seated(self.world, population, specs, self.device, columns.alive.shape, seed=self.seed)
        self.own[population] = policy
        chosen = self.named(self._policies.get(population, self._everyone or policy), population)
        heads = {h: self.named(p, population) for h, p in self._by_head.get(population, {}).items()}
        self._policies[population] = seated(place, chosen, heads)
        fits(self.world, population, specs, self._policies[population])
        self.deciders |= {population: decider(chosen)}
        self.deciders |= {f"{population}.{head}": decider(part) for head, part in heads.items()}
        super().seat(population, columns, specs, observe, policy)

    def named(self, policy: Any, population: str) -> Any:
        """A policy, or its name; the world's own where that is meant by `own`."""
        return self.own[population] if isinstance(policy, str) and policy == OWN else policy

    def strike(self, strike: Strike) -> None:
        """Have a shock strike when and whom it is to; UserError where the world cannot take it."""
        self.fits(strike)
        super().strike(strike)

    def fits(self, strike: Strike) -> None:
        """Refuse, in one line, a strike that the world cannot take on top of those declared."""
        strike.indices(self.R)
        if isinstance(strike.shock, Shock):
            strike.shock.fits(self.world, (*self.strikes, strike), self.tick)

    def fork(self, prepare: Callable[[Simulation], Any] | None = None) -> Simulation:
        """A simulation of its own in the same state, to the bit, on the same noise; nobody observes it yet.

        `prepare(sim)` declares again what was declared between construction and the first run.
        """
        world = type(self.world)(self.world.config)
        policies = deepcopy(self._given)
        twin = type(self)(
            world, self.seed, list(self.numbers), policies, rerun=self.rerun, device=self.device
        )
        if prepare is not None:
            prepare(twin)
        for strike in self.strikes:
            kernel.Simulation.strike(twin, strike)
        for name, seat in self.seats.items():
            if isinstance(seat.policy, Directed):
                directed(twin, name).answers |= seat.policy.answers
        if self._measured:
            twin.measure()
        twin.restore(image(self))
        return twin

    def events(self, event: type, whole: bool = False) -> Any:
        """The stream of an event type; UserError for one that only another world publishes."""
        refuse_foreign(self.world, event)
        return super().events(event, whole)

    def measure(self) -> None:
        """Install the world's metrics, if they are not installed yet."""
        if not self._measured:
            self._measured = True
            metrics.install(self.bus, self.world.metrics, *self.world.periods())

    def history(
        self,
        years: float | None = None,
        *,
        ticks: int | None = None,
        until: int | None = None,
        progress: bool = False,
    ) -> History:
        """Run, as `run` does, and return what was seen: series, metrics and rewards as arrays.

        A simulation that has run before goes on. `progress` shows a bar, in a notebook too.
        """
        goal = self._goal(until, ticks, years)
        self.measure()
        return history(self, lambda: self._with_bar(goal) if progress else self.run(until=goal))

    def run(self, until: int | None = None, *, ticks: int | None = None, years: float | None = None) -> None:
        """Execute every instant t < until; or so many more ticks; or years, from tick 0 if in warm-up.

        UserError for more years than the world's numbers fit in, `World.years_most`.
        """
        super().run(until=self._goal(until, ticks, years))

    def _goal(self, until: int | None, ticks: int | None, years: float | None) -> int:
        goal = goal_of(self, until, ticks, years)
        if problem := self.world.too_long(goal):
            raise UserError(problem)
        return goal

    def _drive(self, goal: int, outside: Collection[str]) -> None:
        with exactly():
            super()._drive(goal, outside)

    def _with_bar(self, goal: int) -> None:
        period, _ = self.world.periods()
        with Progress(self, goal) as bar:
            while self.tick < goal and not self.stopped:
                self.run(until=min(goal, self.tick + period - self.tick % period))
                bar.watch(self)

    @property
    def who(self) -> str:
        """Who decides, in words."""
        return who_decides(self.deciders)

    def __repr__(self) -> str:
        seats = ", ".join(f"{seat.columns.capacity} {name}" for name, seat in self.seats.items())
        when = f"tick {self.tick} ({self.world.calendar.text(self.tick)})"
        made = f"Simulation({self.world.name!r}, seed={self.seed}, replicas={self.R})"
        return f"{made} at {when}: {seats}; who decides: {self.who}"

    def _repr_html_(self) -> str:
        return table_of(self)


def _parted(policies: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Policies of populations, and by population those of single heads."""
    whole: dict[str, Any] = {}
    by_head: dict[str, dict[str, Any]] = {}
    for place, policy in policies.items():
        population, dot, head = place.partition(".")
        if dot:
            by_head.setdefault(population, {})[head] = policy
        else:
            whole[population] = policy
    return whole, by_head
