"""`audit`: which mechanism produces which fact, by taking them away one at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from simengine.cli.say import INTERRUPTED, show, warn
from simengine.registry import DEFAULT_WORLD


def audit(
    world: Annotated[str, typer.Argument(help="A world that lists its mechanisms.")] = DEFAULT_WORLD,
    names: Annotated[
        list[str] | None,
        typer.Argument(help="Mechanisms and shocks to take away; all of them when none is named."),
    ] = None,
    replicas: Annotated[int, typer.Option("--replicas", "-r", min=2, help="Histories per arm.")] = 48,
    years: Annotated[float, typer.Option(help="Recorded years per history.")] = 25.0,
    seed: Annotated[int, typer.Option("--seed", "-s", min=0, help="Seed of all noise.")] = 2,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes (as many as processors).")] = None,
    setting: Annotated[
        list[str] | None, typer.Option("--set", help="key=value of the world's configuration; repeatable.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Folder for tables and figure (runs/audit); it resumes there."),
    ] = None,
) -> None:
    """Take every mechanism and shock away in turn and label each fact: assumed, mechanical, emergent."""
    from simengine.config import overrides
    from simengine.registry import studies
    from simengine.studies.audit import carry_out
    from simengine.studies.request import Request

    own = studies(world).get("audit")
    request = Request(
        world,
        out or Path("runs") / "audit",
        replicas=replicas,
        years=years,
        seed=seed,
        workers=workers,
        names=tuple(names or ()),
        config=overrides(setting or []),
    )
    try:
        show((own.carry_out if own else carry_out)(request))
    except KeyboardInterrupt:
        warn("stopped: the same command goes on where it was")
        raise typer.Exit(INTERRUPTED) from None
