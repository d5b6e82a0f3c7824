"""What a command prints through: terminals of any encoding, and warnings only where nothing went wrong."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import get_terminal_size
from typing import Any

from simengine.errors import one_line


def forgiving(*streams: Any) -> None:
    """Have text streams write `?` for what their encoding lacks, as in latin-1, cp932 or ASCII."""
    for stream in streams:
        if getattr(stream, "errors", "") == "strict" and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def doing(text: str = "", quiet: bool = False) -> None:
    """Say on a terminal what is being done, in a line that the next thing said replaces; nothing wipes it."""
    if not quiet and sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{text[: get_terminal_size().columns - 1]}")
        sys.stderr.flush()


@contextmanager
def held_warnings(show: bool) -> Iterator[None]:
    """Keep Python's warnings until the end, one line each; after an error none, unless they are to `show`.

    What warned of an error before it came is said by the error itself.
    """
    held: dict[str, None] = {}

    def hold(message: Any, category: type, file: str, line: int, *more: Any) -> None:
        held[f"warning: {category.__name__}: {one_line(message)} ({Path(file).name}:{line})"] = None

    with warnings.catch_warnings():
        warnings.showwarning = hold  # type: ignore[assignment]
        try:
            yield
        except Exception:
            held = held if show else {}
            raise
        finally:
            doing()
            for said in held:
                sys.stderr.write(said + "\n")
