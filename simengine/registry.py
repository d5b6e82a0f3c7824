"""Names on the command line and in scenarios: worlds, policies, observers, and anything as `module:name`."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast, get_type_hints

from simengine.errors import UserError, one_line, unknown
from simengine.guarded import guarded, looked_up, vet
from simengine.shadows import look_here

if TYPE_CHECKING:
    from pydantic import BaseModel

    from analysis import Facts, Run
    from simengine.worlds.contract import Study, World

DEFAULT_WORLD = "macro"
"""What runs when nobody names a world."""

WORLD_GROUP = "simengine.worlds"
WORLDS = {
    "inventory": "simengine.worlds.inventory.world:Inventory",
    "barter": "simengine.worlds.barter.world:Barter",
    "macro": "simengine.worlds.macro.world:Macro",
}
"""Worlds shipped here; others use the entry-point group `simengine.worlds` or are named `module:Class`."""

STUDIES = {
    "macro": "simengine.studies.macro:STUDIES",
    "barter": "simengine.studies.barter:STUDIES",
    "exchange": "simengine.studies.exchange:STUDIES",
}
"""Studies of worlds shipped here; a world may not import them, since they stand above it."""

REPORTS = {
    "macro": "analysis.macro.report:write_report",
    "barter": "analysis.barter.report:write_report",
    "exchange": "analysis.exchange.report:write_report",
}
"""What writes the reports of worlds shipped here, as their classes say: found without importing those."""


def imported(path: str, kind: str) -> Any:
    """The object `module:name` points at; a missing module or name is a `UserError`."""
    module_name, _, attribute = path.partition(":")
    if not module_name or not all(part.isidentifier() for part in [*module_name.split("."), attribute]):
        raise UserError(f"{kind} {path[:80]!r}: write module:name, such as my_package.my_module:MyClass")
    look_here()
    if path not in worlds().values():
        vet(path, kind)
    try:
        module = importlib.import_module(module_name)
    except ImportError as error:
        raise UserError(f"{kind} {path!r}: cannot import {module_name}: {one_line(error)}") from error
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        from streams.guard import said

        raise UserError(f"{kind} {path!r}: cannot import {module_name}: {one_line(said(error))}") from error
    if not hasattr(module, attribute):
        public = [name for name in vars(module) if not name.startswith("_")]
        raise UserError(f"{kind} {path!r}: {unknown(f'name in {module_name}', attribute, public)}")
    return getattr(module, attribute)


def sources(specs: Iterable[str]) -> dict[str, str]:
    """The files of the modules that have been imported for specs `module:name`, by module."""
    names = [spec.partition(":")[0] for spec in specs if ":" in spec]
    files = {name: getattr(sys.modules.get(name), "__file__", None) for name in names}
    return {name: str(file) for name, file in files.items() if file}


def within_reach(files: Mapping[str, str]) -> None:
    """Let modules be imported from where they lay when a folder was written, if they are found nowhere else.

    UserError for one that is in neither place. Of a folder that is not trusted, the present folder and what
    lies below it are such places, no others.
    """
    for module, file in files.items():
        path = Path(file)
        if looked_up() is not None and not path.resolve().is_relative_to(Path.cwd()):
            if not _found(module):
                raise UserError(
                    f"{module}: recorded from {file}: valid is to look at it from there, or --trust"
                )
            continue
        root = path.parents[module.count(".") + (path.stem == "__init__")]
        if path.is_file() and str(root) not in sys.path:
            sys.path.append(str(root))
        if not path.is_file() and not _found(module):
            raise UserError(f"{module}: recorded from {file}, which is not there, and found nowhere else")


def _found(module: str) -> bool:
    look_here()
    try:
        return importlib.util.find_spec(module) is not None
    except ImportError:
        return False


def worlds() -> dict[str, str]:
    """Every world known by name here, with where its class lives."""
    return _installed() | WORLDS


@cache
def _installed() -> dict[str, str]:
    return {point.name: point.value for point in entry_points(group=WORLD_GROUP)}


def world_class(name: str) -> type[World]:
    """A world's class by its registered name or as `module:Class`; UserError for what is no world."""
    from simengine.worlds.contract import World

    known = worlds()
    if name not in known and ":" not in name:
        raise UserError(unknown("world", name, known))
    found = imported(known.get(name, name), "world")
    if not (isinstance(found, type) and issubclass(found, World)):
        raise UserError(f"world {name!r}: this is no world: valid is a class derived from simengine.World")
    return found


def world_of(run: Run) -> type[World]:
    """The class of a recorded run's world, from wherever the run is looked at."""
    with guarded(run.path):
        within_reach(run.manifest.get("sources", {}))
        return world_class(run.world)


def reporter_of(run: Run) -> Callable[[Run], list[str]]:
    """What writes the report of a recorded run: the name of a shipped world is enough to know it."""
    if run.world in REPORTS:
        return cast("Callable[[Run], list[str]]", imported(REPORTS[run.world], "report"))
    return world_of(run).report


def studies(world: str) -> Mapping[str, Study]:
    """Studies of a world by name: those that its class offers, and those shipped for it."""
    own = world_class(world).studies()
    return {**own, **imported(STUDIES[world], "studies")} if world in STUDIES else own


def facts_of(world: str | type[World]) -> Facts:
    """What a world is held against, by its name or class; UserError when it declares no facts."""
    cls = world_class(world) if isinstance(world, str) else world
    found: Facts | None = cls.facts()
    if found is None:
        raise UserError(f"world {cls.name!r}: no facts to be held against: facts() of its class is None")
    return found


def config_model(cls: type[World]) -> type[BaseModel]:
    """The pydantic model of a world's settings: its `Config`, or what its constructor says of `config`.

    Of a world that derives from another, the nearest says it.
    """
    from simengine.config import models_in

    for owner in cls.__mro__:
        if "Config" in vars(owner):
            break
        if "__init__" in vars(owner):
            for model in models_in(get_type_hints(vars(owner)["__init__"]).get("config")):
                return model
    return cls.Config


def observer(spec: str) -> Callable[[Any], Any]:
    """The function `module:function`; it gets the simulation before the start, to subscribe."""
    found = imported(spec, "observer")
    if not callable(found):
        raise UserError(f"observer {spec!r}: this is no function; it is called with the simulation")
    return found
