"""What commands print: tables for people, JSON for programs."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import typer

from simengine.outlets import doing

INTERRUPTED = 130
"""The exit code of what Ctrl-C has stopped."""


def typed() -> str:
    """The command as it was typed, in words that a shell reads as the same."""
    return shlex.join(["python", "-m", "simengine", *sys.argv[1:]])


def say(text: str = "") -> None:
    """One line to standard output."""
    doing()
    typer.echo(text)


def warn(text: str) -> None:
    """One line to standard error."""
    doing()
    typer.echo(text, err=True)


def doubts(strikes: Iterable[Any]) -> None:
    """A warning for each shock of a size that is hardly meant."""
    for said in dict.fromkeys(getattr(strike.shock, "doubt", "") for strike in strikes):
        if said:
            warn(f"warning: {said}")


def as_json(payload: Any) -> None:
    """One JSON document to standard output; what is no JSON type becomes text."""
    typer.echo(json.dumps(payload, indent=2, default=str))


def show(findings: Any) -> None:
    """A study's findings: its text, then the files it wrote."""
    say(findings.text)
    for file in findings.files:
        say(f"wrote {file}")


def table(rows: Iterable[Sequence[Any]], head: Sequence[str] = ()) -> None:
    """Columns as wide as their widest cell, the last one as long as it is."""
    cells = [[str(cell) for cell in row] for row in ([head, *rows] if head else rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(cells[0]) - 1)] if cells else []
    for row in cells:
        say("  ".join([*(cell.ljust(width) for cell, width in zip(row, widths)), row[-1]]).rstrip())
