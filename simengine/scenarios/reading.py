"""Scenarios from TOML files; every refusal names file, line, and what would be valid."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from simengine.config import ConfigError, merged, validated
from simengine.errors import UserError, one_line
from simengine.scenarios.lines import line_of
from simengine.scenarios.scenario import Scenario

LARGEST_BYTES = 1_000_000


def read(path: str | Path, over: Mapping[str, Any] | None = None) -> Scenario:
    """The scenario in `path`, with what the command line says (`over`) on top, its shocks last."""
    text = _text(Path(path))
    values = _parsed(path, text)
    over = dict(over or {})
    if {"years", "ticks"} & over.keys():
        values = {key: value for key, value in values.items() if key not in ("years", "ticks")}
    blocks, more = values.get("shock", []), over.pop("shock", [])
    written = len(blocks) if isinstance(blocks, list) else 0
    if more:
        values = {**values, "shock": (blocks if written else []) + more}
    try:
        return validated(Scenario, merged(values, over), "scenario").checked()
    except ConfigError as error:
        said_last = error.path[:1] == ("shock",) and len(error.path) > 1 and int(error.path[1]) >= written
        if said_last or _holds(over, error.path):
            raise
        raise UserError(f"{path}:{line_of(text, error.path)}: {error}") from None


def _parsed(path: str | Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        said = one_line(error) or "nested too deeply"
        place = re.search(r"at line (\d+)", said)
        line = int(place[1]) if place else text.count("\n") + 1
        raise UserError(f"{path}:{line}: no valid TOML: {said[:1].lower()}{said[1:]}") from None


def _holds(tree: Any, path: Sequence[str | int]) -> bool:
    for step in path:
        if not isinstance(tree, Mapping):
            return True
        if step not in tree:
            return False
        tree = tree[step]
    return bool(path)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise UserError(f"{path}: {path.stat().st_size} bytes: a scenario has at most {LARGEST_BYTES}")
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: byte {error.start} is not UTF-8 text: a scenario is a TOML file") from None
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) else one_line(error)
        raise UserError(f"{path}: cannot read this scenario: {said}") from None
