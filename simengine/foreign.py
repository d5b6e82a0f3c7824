"""Events of another world: a subscription that would never hear of anything is refused."""

from __future__ import annotations

import sys

from simengine.errors import UserError
from simengine.registry import WORLDS
from simengine.worlds.contract import World
from streams.event import EVENTS, declared, path_of


def refuse_foreign(world: World, event: type) -> None:
    """UserError for an event type of another shipped world, or of the name of one that the world's file has.

    What no world is known to publish may be an observer's own, and passes.
    """
    name, mine = declared(event).name, {_wing(cls.__module__) for cls in type(world).__mro__} - {""}
    own = getattr(sys.modules.get(type(world).__module__), name, event)
    wing = _wing(event.__module__)
    if mine and wing and wing not in mine:
        named = [each for each in EVENTS.values() if declared(each).name == name]
        own = next((each for each in named if _wing(each.__module__) in mine), None)
    if own is event or not (own is None or "__event__" in vars(own)):
        return
    valid = f"what `simengine list {world.name}` names" if own is None else path_of(own)
    raise UserError(f"events({path_of(event)}): world {world.name} does not publish this: valid is {valid}")


def _wing(module: str) -> str:
    """The shipped world in whose wing a module lies, or none."""
    parts = module.split(".")
    within = parts[0] in ("streams", "simengine")
    return next((part for part in parts[1:] if part in WORLDS), "") if within else ""
