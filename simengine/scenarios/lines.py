"""Where a key stands in a TOML file: tomllib forgets lines, and errors without one send people searching."""

from __future__ import annotations

import re
from collections import Counter

_KEY = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
_DOTTED = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_DOTTED})\s*\]\]?\s*(?:#.*)?$")
_ENTRY = re.compile(rf"\s*({_DOTTED})\s*=")

Path = tuple[str | int, ...]


def positions(text: str) -> dict[Path, int]:
    """The line, from 1, of every key and table header, by its path: `("shock", 0, "size") -> 7`."""
    found: dict[Path, int] = {}
    blocks: Counter[Path] = Counter()
    table: Path = ()
    for number, line in enumerate(text.splitlines(), start=1):
        header, entry = _HEADER.match(line), _ENTRY.match(line)
        if header:
            table = _names(header[2])
            if header[1] == "[[":
                found.setdefault(table, number)
                blocks[table] += 1
                table = (*table, blocks[table] - 1)
            found.setdefault(table, number)
        elif entry:
            found.setdefault((*table, *_names(entry[1])), number)
    return found


def line_of(text: str, path: Path) -> int:
    """The line of `path`, or of the nearest thing around it; 1 when nothing of it is written down."""
    where = positions(text)
    for length in range(len(path), 0, -1):
        for known, number in where.items():
            if known[:length] == path[:length]:
                return number
    return 1


def _names(dotted: str) -> Path:
    return tuple(part.strip("\"'") for part in re.findall(_KEY, dotted))
