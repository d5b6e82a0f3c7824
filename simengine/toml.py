"""TOML as every command reads it, so that a file means the same wherever it is given.

A byte order mark and Windows' line ends are no part of the text; whatever cannot be read is a `UserError`
that names file and line.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from simengine.errors import UserError, one_line

LARGEST_BYTES = 1_000_000


def read_toml(path: str | Path, kind: str) -> tuple[str, dict[str, Any]]:
    """Text and tables of a file, which is a `kind` of thing: a scenario, settings."""
    text = _text(Path(path), kind)
    try:
        return text, parsed(text)
    except ValueError as error:
        place = re.search(r"at line (\d+)", str(error))
        line = int(place[1]) if place else text.count("\n") + 1
        raise UserError(f"{path}:{line}: no valid TOML: {error}") from None


def parsed(text: str) -> dict[str, Any]:
    """The tables of a text; ValueError of one line for what is no TOML, or too much for its reader."""
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except ValueError as error:  # TOMLDecodeError, or a number of more digits than Python reads
        said = one_line(error)
        raise ValueError(said[:1].lower() + said[1:]) from None


def value_of(text: str) -> Any:
    """What `text` is as a value of TOML; ValueError where it is none."""
    match parsed(f"value = {text}"):
        case {"value": value, **more} if not more:
            return value
    raise ValueError("more than one value")


def _text(path: Path, kind: str) -> str:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise UserError(
                f"{path}: {path.stat().st_size} bytes: valid are at most {LARGEST_BYTES} of a {kind}"
            )
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: byte {error.start} is not UTF-8 text: a {kind} is a TOML file") from None
    except UserError:
        raise
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) else one_line(error)
        raise UserError(f"{path}: cannot read this {kind}: {said}") from None
