"""`study`: a question put to many economies at once, answered with tables and figures."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from simengine.cli.say import INTERRUPTED, show, warn
from simengine.errors import UserError, unknown


class Study(NamedTuple):
    """A module with `carry_out(request) -> findings`, and its size when nothing is said."""

    module: str
    replicas: int
    years: float


STUDIES = {
    "transmission": Study("simengine.studies.macro.transmission", 48, 10.25),
    "experiments": Study("simengine.studies.macro.experiments", 48, 25.0),
    "scale": Study("simengine.studies.macro.scale", 64, 25.0),
    "forecast": Study("simengine.studies.macro.forecast", 64, 25.0),
}


def study(
    name: Annotated[str, typer.Argument(help="One of: " + ", ".join(STUDIES) + ".")],
    parts: Annotated[
        list[str] | None, typer.Argument(help="Parts of the study by name; all of them when none is given.")
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
    """Carry out a study of the macro world: arms on the same noise, tables, figures."""
    from simengine.config import overrides
    from simengine.studies.request import Request

    if name not in STUDIES:
        raise UserError(unknown("study", name, STUDIES))
    chosen = STUDIES[name]
    request = Request(
        out=out or Path("runs") / name,
        replicas=replicas or chosen.replicas,
        years=years or chosen.years,
        seed=seed,
        workers=workers,
        names=tuple(parts or ()),
        config=overrides(setting or []),
    )
    try:
        show(import_module(chosen.module).carry_out(request))
    except KeyboardInterrupt:
        warn("stopped: the same command goes on where it was")
        raise typer.Exit(INTERRUPTED) from None
