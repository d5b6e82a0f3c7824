"""`study`: a question put to many economies at once, answered with tables and figures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simengine.cli.say import INTERRUPTED, show, warn
from simengine.errors import UserError, unknown

if TYPE_CHECKING:
    from simengine.worlds.contract import Study


def study(
    name: Annotated[str, typer.Argument(help="A study of a world; `list` names them.")],
    parts: Annotated[
        list[str] | None, typer.Argument(help="Parts of the study by name; all of them when none is given.")
    ] = None,
    world: Annotated[
        str | None, typer.Option(help="The world, where several have a study of that name.")
    ] = None,
    replicas: Annotated[
        int | None, typer.Option("--replicas", "-r", min=2, help="Histories per arm.")
    ] = None,
    years: Annotated[float | None, typer.Option(help="Recorded years per history.")] = None,
    seed: Annotated[int, typer.Option("--seed", "-s", min=0, help="Seed of all noise.")] = 1,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes (as many as processors).")] = None,
    setting: Annotated[
        list[str] | None, typer.Option("--set", help="key=value of the world's configuration; repeatable.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Folder for the files (runs/NAME).")] = None,
) -> None:
    """Carry out a study of a world: arms on the same noise, tables, figures."""
    from simengine.config import overrides
    from simengine.studies.request import Request

    world, chosen = found(name, world)
    request = Request(
        world,
        out or Path("runs") / name,
        replicas=replicas or chosen.replicas,
        years=years or chosen.years,
        seed=seed,
        workers=workers,
        names=tuple(parts or ()),
        config=overrides(setting or []),
    )
    try:
        show(chosen.carry_out(request))
    except KeyboardInterrupt:
        warn("stopped: the same command goes on where it was")
        raise typer.Exit(INTERRUPTED) from None


def found(name: str, world: str | None = None) -> tuple[str, Study]:
    """The world that has a study of that name, and the study; UserError where none has, or more than one."""
    from simengine.registry import studies, worlds

    known = {each: studies(each) for each in ([world] if world else worlds())}
    having = [each for each, own in known.items() if name in own]
    if not having:
        raise UserError(unknown("study", name, sorted({study for own in known.values() for study in own})))
    if len(having) > 1:
        raise UserError(f"study {name!r}: more than one world has it: valid is --world {' or '.join(having)}")
    return having[0], known[having[0]][name]
