"""A scenario: everything a run depends on, in a form that is strict, and that TOML and JSON can hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field

from simengine.config import Config, ConfigError, nested, validated
from simengine.errors import UserError, unknown
from simengine.kernel import KernelError, Strike
from simengine.kernel.noise import SEEDS
from simengine.policies import anchored, by_place
from simengine.policies import checked as policy_checked
from simengine.registry import DEFAULT_WORLD, config_model, observer, world_class, worlds
from simengine.shocks.schedule import MOST_REPLICAS, Moment, ShockBlock, ticks
from simengine.worlds.contract import World
from streams.event import EVENTS, declared

DEFAULT_YEARS = 25.0
_SPAN = re.compile(r"\s*([0-9]{1,9})\s*(?:-\s*([0-9]{1,9})\s*)?")


def replica_numbers(given: Any) -> list[int]:
    """Replica numbers from `16`, `[17]`, `[0, 1, 0, 1]`, `"16"`, `"3,5"` or `"0-7,0-7"`."""
    valid = 'valid is a count from 1, or numbers from 0 such as [0, 1, 0, 1] or "0-7,0-7"'
    if isinstance(given, str):
        spans = [_SPAN.fullmatch(part) for part in given.split(",")]
        bounds = [(int(span[1]), int(span[2] or span[1])) for span in spans if span]
        if len(bounds) != len(spans) or sum(last - first for first, last in bounds) > MOST_REPLICAS:
            raise ValueError(valid)
        if len(bounds) == 1 and "-" not in given:
            return replica_numbers(bounds[0][0])
        given = [number for first, last in bounds for number in range(first, last + 1)]
    if isinstance(given, int) and not isinstance(given, bool) and 1 <= given <= MOST_REPLICAS:
        return list(range(given))
    whole = isinstance(given, (list, tuple)) and all(type(number) is int for number in given)
    if whole and 0 < len(given) <= MOST_REPLICAS and all(0 <= number < 2**31 for number in given):
        return list(given)
    raise ValueError(valid)


POSTINGS = ("Stock", "Posting")
"""The event types of which books are built again."""


def placed(policies: Any) -> Any:
    """Policies by place: one word is that of all."""
    return by_place(policies) if isinstance(policies, str) else policies


class Record(Config):
    """What is kept: event types, of which replicas (default: the first), and one instant in `every` span.

    With `postings`, all that the books are told as well, so that they can be built again.
    """

    events: Literal["default", "all", "none"] | list[str] = "default"
    every: Moment = 1
    replicas: Literal["first", "all"] | list[int] = "first"
    postings: bool = False

    @property
    def types(self) -> str | list[str]:
        """`events`, with those of the postings where they are a list."""
        if not self.postings or self.events in ("default", "all"):
            return self.events
        return [*(self.events if isinstance(self.events, list) else ()), *POSTINGS]


class Scenario(Config):
    """One run: world, seed, replicas, length, policies, configuration, shocks, recording."""

    world: str = DEFAULT_WORLD
    seed: Annotated[int, Field(ge=0, lt=SEEDS)] = 0
    replicas: Annotated[list[int], BeforeValidator(replica_numbers)] = [0]
    years: Annotated[float, Field(gt=0, le=100_000)] | None = None
    ticks: Annotated[int, Field(ge=1, le=10**9)] | None = None
    policies: Annotated[dict[str, str], BeforeValidator(placed)] = {}
    config: dict[str, Any] = {}
    record: Record = Record()
    observe: list[str] = []
    shock: list[ShockBlock] = []
    command: list[str] = []

    def checked(self) -> Self:
        """Itself, once world, configuration, length, policies and shocks have all been found valid."""
        world = self.make_world()
        if problem := world.too_long(self.until(world.ticks_per_year)):
            raise ConfigError(problem, ("years",))
        for seat, spec in self.policies.items():
            _at(("policies", seat), policy_checked, spec, seat, world)
        self.strikes(world)
        for position, spec in enumerate(self.observe):
            _at(("observe", position), observer, spec)
        self._check_record(world)
        return self

    def _check_record(self, world: World) -> None:
        record, last = self.record, len(self.replicas) - 1
        if not isinstance(record.replicas, str) and not all(0 <= index <= last for index in record.replicas):
            raise ConfigError(
                f"record.replicas = {record.replicas}: valid are positions from 0 to {last}",
                ("record", "replicas"),
            )
        if _at(("record", "every"), ticks, record.every, world, "record.every") < 1:
            raise ConfigError(f"record.every = {record.every}: valid is 1 or more ticks", ("record", "every"))
        if record.postings and record.every != 1:
            raise ConfigError(f"record.every = {record.every}: valid is 1 with postings", ("record", "every"))
        known = {*EVENTS, *(declared(event).name for event in EVENTS.values())}
        for name in record.events if isinstance(record.events, list) else ():
            if name not in known:
                raise ConfigError(unknown("event", name, known), ("record", "events"))

    def make_world(self) -> World:
        """The world with its validated configuration."""
        return make_world(self.world, self.config)

    def anchored(self) -> Self:
        """Itself, with paths of weights and recordings that mean the same in every folder."""
        return self.model_copy(
            update={"policies": {who: anchored(spec) for who, spec in self.policies.items()}}
        )

    @property
    def specs(self) -> tuple[str, ...]:
        """Everything it names that may be somebody's own, as `module:name`."""
        kinds = (block.type for block in self.shock)
        return (self.world, *self.policies.values(), *self.observe, *kinds)

    def until(self, ticks_per_year: int) -> int:
        """The tick the run ends before: its length, since recorded time starts at tick 0."""
        if self.years is not None and self.ticks is not None:
            raise ConfigError("years and ticks: give one of the two", ("ticks",))
        if self.ticks is not None:
            return self.ticks
        length = Fraction(str(self.years or DEFAULT_YEARS)) * ticks_per_year
        if length.denominator != 1:
            raise ConfigError(
                f"years = {self.years}: no whole number of ticks (a year has {ticks_per_year})", ("years",)
            )
        return int(length)

    def strikes(self, world: World) -> tuple[Strike, ...]:
        """Its shocks at whole ticks, checked against the number of replicas and the length of the run."""
        found, until = [], self.until(world.ticks_per_year)
        for position, block in enumerate(self.shock):
            strike: Strike = _at(("shock", position), block.strike, world)
            _at(("shock", position, "replicas"), strike.indices, len(self.replicas))
            if strike.tick >= until:
                late = f"that is tick {strike.tick}, and the run ends at {until}"
                said = f"shock {block.type}: start = {block.start}: never strikes: {late}"
                raise ConfigError(said, ("shock", position, "start"))
            found.append(strike)
        return tuple(found)


def make_world(name: str, config: Mapping[str, Any]) -> World:
    """A world by name with `config` validated by its own model; error paths start with `config`."""
    cls = _at(("world",), world_class, name)
    model = _at(("world",), config_model, cls)
    try:
        return cls(validated(model, nested(config)))
    except UserError as error:
        raise ConfigError(str(error), ("config", *getattr(error, "path", ()))) from None


def shipped() -> dict[str, Path]:
    """The example scenarios that come with worlds, by name; `world/name` where two worlds have the name."""
    folders = {name: world_class(name).scenarios for name in sorted(worlds())}
    files = [(name, path) for name, at in folders.items() if at for path in sorted(at.glob("*.toml"))]
    count = Counter(path.stem for _, path in files)
    return {path.stem if count[path.stem] == 1 else f"{name}/{path.stem}": path for name, path in files}


def file_of(target: str) -> Path | None:
    """The file of a scenario that a command names, by path or by name; None where it names a world."""
    if target.endswith(".toml"):
        return Path(target)
    named_world = target in worlds() or ":" in target  # other worlds need not be imported to know
    return None if named_world else shipped().get(target)


def _at(path: tuple[str | int, ...], call: Any, *arguments: Any) -> Any:
    try:
        return call(*arguments)
    except ConfigError:
        raise
    except (UserError, KernelError) as error:
        raise ConfigError(str(error), path) from None
