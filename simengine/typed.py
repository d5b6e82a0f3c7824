"""Numbers as people type them: ASCII digits, finite, short enough to mean something."""

from __future__ import annotations

import re
from math import isfinite

WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
"""A whole number that every counter here can hold."""


def whole(text: str) -> int | None:
    """The whole number that `text` is, if it is one."""
    return int(text) if WHOLE.fullmatch(text.strip()) else None


def wholes(text: str) -> list[int] | None:
    """The whole numbers between commas, if all of them are."""
    found = [whole(part) for part in text.split(",")]
    return [each for each in found if each is not None] if None not in found else None


def number(text: str) -> float | None:
    """The finite number that `text` is, if it is one."""
    try:
        found = float(text)
    except ValueError:
        return None
    return found if text.isascii() and "_" not in text and isfinite(found) else None
