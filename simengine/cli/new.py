"""`new world NAME`: a world of one's own in one file that runs, records, trains and passes `check`."""

from __future__ import annotations

import inspect
import keyword
import re
from pathlib import Path
from typing import Annotated

import typer

from simengine.cli.say import say
from simengine.errors import UserError

new = typer.Typer()


@new.callback()
def kinds() -> None:
    """Write the file to start something of your own from."""


@new.command("world")
def world(
    name: Annotated[str, typer.Argument(help="What it is called: a word such as bakery.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder to write into.")] = Path("."),
) -> None:
    """Write NAME.py: a world with a seat, an event, a metric, a shock and its test, ready to be changed."""
    cls = "".join(part.capitalize() for part in name.split("_"))
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or keyword.iskeyword(name):
        raise UserError(f"world {name[:60]!r}: valid is a word in lower case, such as bakery or fish_market")
    file = out / f"{name}.py"
    if file.exists():
        raise UserError(f"{file}: is there already, and is not written over")
    try:
        out.mkdir(parents=True, exist_ok=True)
        file.write_text(written(name, cls), encoding="utf-8")
    except OSError as error:
        raise UserError(f"{file}: cannot be written: {error.strerror}") from None
    say(f"wrote {file}; next:")
    for step in ("check", "run", "list", "train"):
        say(f"  simengine {step} {name}:{cls}")
    say(f"  python -m pytest {file}")


def written(name: str, cls: str) -> str:
    """The source of a world called `name`, of class `cls`: the starter under other names."""
    from simengine import starter

    source = inspect.getsource(starter)
    return source.replace(starter.Starter.__name__, cls).replace(starter.Starter.name, name)
