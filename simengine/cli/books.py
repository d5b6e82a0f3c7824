"""`books`: the books of a run, built again from its postings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from simengine.cli.say import say, warn


def books(
    folder: Annotated[Path, typer.Argument(help="The folder of a run recorded with --record postings.")],
    at: Annotated[
        str | None, typer.Option(help="As they stood before this tick, or 5y; else at the end.")
    ] = None,
    replica: Annotated[int, typer.Option(help="Which of the recorded replicas, by position.", min=0)] = 0,
) -> None:
    """Book the recorded postings again, without simulating, and print the balance sheet."""
    from analysis import Run
    from simengine.errors import UserError
    from simengine.postings import rebuilt
    from simengine.registry import world_of
    from simengine.shocks.schedule import ticks

    run = Run(folder)
    tick = None if at is None else ticks(at, world_of(run)(), "at")
    found = rebuilt(run, tick)
    if replica >= found.replicas:
        raise UserError(f"--replica {replica}: valid are 0 to {found.replicas - 1}, which are recorded")
    for problem in found.verify():
        warn(f"warning: {problem}")
    say(found.matrix(replica).table())
    say(f"fingerprint {int(found.fingerprint[replica])}")
