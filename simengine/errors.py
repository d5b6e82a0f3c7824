"""What a user may get wrong, said in one line: what, where, which value, what would be valid."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

MOST_LISTED = 12


class UserError(ValueError):
    """A mistake in a command, a scenario or a configuration: printed in one line, exit code 2."""


class NoOpening(UserError):
    """Settings of which each is valid, and which together leave an economy without an opening."""


def one_line(text: object) -> str:
    """`text` with every line break and run of blanks turned into one blank."""
    return " ".join(str(text).split())


def unknown(kind: str, name: object, valid: Iterable[str]) -> str:
    """`unknown world 'makro': did you mean 'macro'?`, or the valid names when none is near."""
    names = sorted(valid)
    near = get_close_matches(str(name), names, n=1, cutoff=0.6)
    if near:
        return f"unknown {kind} {str(name)[:60]!r}: did you mean {near[0]!r}?"
    if not names:
        return f"unknown {kind} {str(name)[:60]!r}: there are none here"
    more = f" and {len(names) - MOST_LISTED} more" if len(names) > MOST_LISTED else ""
    return f"unknown {kind} {str(name)[:60]!r}: valid are {', '.join(names[:MOST_LISTED])}{more}"
