"""What a world has, as data: settings, who decides what, what is seen, what disturbs it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from agents.observation import Items
from simengine.config import models_in, setting_of
from simengine.errors import one_line
from simengine.kernel.conformance import Watching
from simengine.policies import WORDS, learned_in
from simengine.registry import config_model, studies, world_class
from simengine.scenarios.scenario import make_world
from simengine.simulation import Simulation
from simengine.worlds.contract import World
from streams.event import EVENTS, declared
from streams.events import Metric

Rows = list[tuple[str, ...]]

HEADS = {
    "settings": ("setting", "default", "unit", "source", "what it is"),
    "populations": ("population", "agents", "head", "decides unless told otherwise", "answers"),
    "features": ("population", "sees", "unit"),
    "policies": ("population", "policy", "what it does"),
    "metrics": ("metric", "unit", "what it is"),
    "events": ("event", "column", "unit", "what it is"),
    "shocks": ("shock", "size", "unit", "what it is"),
    "scenarios": ("scenario", "what it is"),
    "mechanisms": ("mechanism", "what it is"),
    "studies": ("study", "what it asks"),
}
"""The parts of a catalogue and the heads of their tables."""


def catalogue(name: str) -> dict[str, Rows]:
    """The parts of a world by the names of `HEADS`; what it does not have is empty.

    It is opened and run for its first period, to see who sits in it and what it tells.
    """
    cls, bus = world_class(name), Watching(1)
    sim = Simulation(make_world(name, {}), bus=bus)
    sim.measure()
    sim.run(ticks=sim.world.periods()[0])
    return {
        "settings": list(settings(config_model(cls))),
        "populations": list(_populations(sim)),
        "features": list(_features(sim.world)),
        "policies": list(_policies(sim)),
        "metrics": [(m.name, m.unit, one_line(m.says)) for m in cls.metrics],
        "events": list(_events(bus)),
        "shocks": list(_shocks(cls)),
        "scenarios": list(scenarios(cls)),
        "mechanisms": [(name, each.says) for name, each in cls.mechanisms.items()],
        "studies": [(name, each.says) for name, each in studies(name).items()],
    }


def settings(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, ...]]:
    """Name, default, unit, source and meaning of every setting, those of its sections among them."""
    for name, field in model.model_fields.items():
        inner = models_in(field.annotation)
        if inner and isinstance(field.default, BaseModel):
            yield from settings(inner[0], f"{prefix}{name}.")
        else:
            yield (f"{prefix}{name}", repr(field.default), *setting_of(field))


def _populations(sim: Simulation) -> Iterator[tuple[str, ...]]:
    for name, seat in sim.seats.items():
        tables, agents = sim.world.actions.get(name, {}), str(seat.columns.capacity)
        for head, spec in seat.heads.items():
            unit = f": {tables[head].unit}" if head in tables else ""
            yield name, agents, head, sim.deciders[name], f"{spec.valid}{unit}"


def _features(world: World) -> Iterator[tuple[str, ...]]:
    for who, seen in world.features.items():
        arrays = {"": seen} if isinstance(seen, tuple) else seen
        for name, part in arrays.items():
            for each in part.features if isinstance(part, Items) else part:
                yield who, f"{name}: {each.name}" if name else each.name, each.unit


def _policies(sim: Simulation) -> Iterator[tuple[str, ...]]:
    for word, says in WORDS.items():
        if not word.startswith("learned"):
            yield "any", word, says
    for name in learned_in(type(sim.world)):
        yield name, "learned", WORDS["learned"]
    for name, rules in sim.world.rules.items():
        for rule in rules:
            yield name, rule, "a rule of this world, in its rule's place"


def _shocks(cls: type[World]) -> Iterator[tuple[str, ...]]:
    for kind in cls.shocks:
        low, high = kind.valid
        yield kind.name, f"{low:g} to {high:g}", kind.unit, first_line(kind)


def _events(bus: Watching) -> Iterator[tuple[str, ...]]:
    homes = {event.__module__ for event in bus.asked}
    told = [event for event in EVENTS.values() if event.__module__ in homes]
    for event in sorted(told, key=lambda event: event.__module__ == Metric.__module__):
        kind = declared(event)
        yield kind.name, "", "", first_line(event)
        for column in kind.columns.values():
            yield "", column.name, column.unit, column.doc


def scenarios(cls: type[World]) -> Iterator[tuple[str, str]]:
    """Name and first line of every scenario that comes with a world."""
    for path in sorted(cls.scenarios.glob("*.toml")) if cls.scenarios else ():
        yield path.stem, headline(path)


def headline(path: Path) -> str:
    """What the first line of a scenario file says."""
    return path.read_text(encoding="utf-8").partition("\n")[0].lstrip("# ")


def first_line(thing: Any) -> str:
    """The first line of a docstring."""
    return (thing.__doc__ or "").strip().partition("\n")[0]
