"""Scenarios from TOML files; every refusal names file, line, and what would be valid."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from simengine.config import ConfigError, merged, validated
from simengine.errors import UserError, one_line
from simengine.scenarios.lines import line_of
from simengine.scenarios.scenario import Scenario

LARGEST_BYTES = 1_000_000


def read(path: str | Path, over: Mapping[str, Any] | None = None) -> Scenario:
    """The scenario in `path`, with the keys in `over` (from the command line) written on top."""
    text = _text(Path(path))
    try:
        values = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        said = one_line(error) or "nested too deeply"
        place = re.search(r"at line (\d+)", said)
        line = int(place[1]) if place else text.count("\n") + 1
        raise UserError(f"{path}:{line}: no valid TOML: {said[:1].lower()}{said[1:]}") from None
    over = over or {}
    if {"years", "ticks"} & over.keys():
        values = {key: value for key, value in values.items() if key not in ("years", "ticks")}
    try:
        return validated(Scenario, merged(values, over), "scenario").checked()
    except ConfigError as error:
        if error.path and error.path[0] in over:
            raise
        raise UserError(f"{path}:{line_of(text, error.path)}: {error}") from None


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
