"""`attribute`: what learning changed, or what a world's parts are worth, on common noise."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from simengine.cli.say import INTERRUPTED, show, warn
from simengine.registry import DEFAULT_WORLD


def attribute(
    world: Annotated[str, typer.Argument(help="A world with learned networks.")] = DEFAULT_WORLD,
    replicas: Annotated[
        int, typer.Option("--replicas", "-r", min=2, help="Histories per row of the table.")
    ] = 64,
    years: Annotated[float, typer.Option(min=1.0, help="Recorded years per history.")] = 25.0,
    seed: Annotated[
        int, typer.Option("--seed", "-s", min=0, help="Seed; the default is used by no training.")
    ] = 700_003,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes (as many as processors).")] = None,
    setting: Annotated[
        list[str] | None, typer.Option("--set", help="key=value of the world's configuration; repeatable.")
    ] = None,
    models: Annotated[
        Path | None,
        typer.Option(help="Folder with together/ and alone/, each of weights files (the shipped ones)."),
    ] = None,
    best_response: Annotated[
        str,
        typer.Option(
            help="Sector that trains on while the others stay as they have learned: its name, all or none."
        ),
    ] = "none",
    iterations: Annotated[int, typer.Option(min=1, help="Iterations that it trains on.")] = 20,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", help="Folder for tables and figures (runs/attribution); it resumes there."
        ),
    ] = None,
) -> None:
    """Compare learned networks with rules and controls; or, as the world has it, what its parts are worth."""
    from simengine.config import overrides
    from simengine.registry import studies
    from simengine.studies.attribution import Asked, carry_out
    from simengine.studies.request import Request

    own = studies(world).get("attribution")
    request = Request(
        world,
        out or Path("runs") / "attribution",
        replicas=replicas,
        years=years,
        seed=seed,
        workers=workers,
        config=overrides(setting or []),
    )
    try:
        show((own.carry_out if own else carry_out)(request, Asked(models, best_response, iterations)))
    except KeyboardInterrupt:
        warn("stopped: the same command goes on where it was")
        raise typer.Exit(INTERRUPTED) from None
