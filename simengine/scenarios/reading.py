"""Scenarios from TOML files; every refusal names file, line, and what would be valid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from simengine.config import ConfigError, merged, validated
from simengine.errors import UserError
from simengine.scenarios.lines import line_of
from simengine.scenarios.scenario import Scenario
from simengine.toml import read_toml

S = TypeVar("S", bound=Scenario)


def read(path: str | Path, over: Mapping[str, Any] | None = None) -> Scenario:
    """The scenario in `path`, with what the command line says (`over`) on top, its shocks last."""
    return read_as(Scenario, path, over)


def read_as(kind: type[S], path: str | Path, over: Mapping[str, Any] | None = None) -> S:
    """What `read` reads, as a kind of scenario that has more to it."""
    text, values = read_toml(path, "scenario")
    over = dict(over or {})
    if {"years", "ticks"} & over.keys():
        values = {key: value for key, value in values.items() if key not in ("years", "ticks")}
    blocks, more = values.get("shock", []), over.pop("shock", [])
    written = len(blocks) if isinstance(blocks, list) else 0
    if more:
        values = {**values, "shock": (blocks if written else []) + more}
    try:
        return validated(kind, merged(values, over), "scenario").checked()
    except ConfigError as error:
        said_last = error.path[:1] == ("shock",) and len(error.path) > 1 and int(error.path[1]) >= written
        if said_last or _holds(over, error.path):
            raise
        raise UserError(f"{path}:{line_of(text, error.path)}: {error}") from None


def _holds(tree: Any, path: Sequence[str | int]) -> bool:
    for step in path:
        if not isinstance(tree, Mapping):
            return True
        if step not in tree:
            return False
        tree = tree[step]
    return bool(path)
