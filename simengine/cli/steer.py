"""`tell` and `fork`: commands to a run that goes on, and a run that branches off from another."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from simengine.cli.options import Json, Plain, Quiet
from simengine.cli.run import building, carry_out
from simengine.cli.say import as_json, say, typed

Folder = Annotated[Path, typer.Argument(help="A run folder.")]


def tell(
    folder: Folder,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            help="shock|set|seat|play|drop|answer|pause|go|step|speed|stop ...; none: what is asked."
        ),
    ] = None,
    seconds: Annotated[float, typer.Option(help="How long to wait for its answer.", min=0.0)] = 10.0,
    json: Json = False,
) -> None:
    """Tell a run, while it goes on, to pause, be shocked, seat a policy, or what an agent decides.

    It is written down before it is carried out, so that a resumed run does it again:

    simengine tell RUN shock rate:+0.01@now..+1y#half · set rate=0.02 · seat central_bank=taylor1993 ·
    play central_bank/0@now..+2y · answer central_bank/0 rate=3 · drop firms/3 · pause · go · step 4
    """
    from simengine.folder import read_manifest
    from simengine.live.inbox import questions
    from simengine.live.inbox import tell as told
    from simengine.live.questions import text

    read_manifest(folder)
    if words:
        say(told(folder, " ".join(words), seconds))
        return
    asked = questions(folder)
    if json:
        as_json(asked)
    else:
        say("\n".join(text(question, folder) for question in asked) or "nobody is asked anything now")


def fork(
    folder: Folder,
    at: Annotated[str, typer.Option(help="The tick, or 5y, 3m, from which it goes its own way.")],
    command: Annotated[
        list[str] | None,
        typer.Option(help="What it is told there, as tell says it: 'drop firms/3@now..+1y'; repeatable."),
    ] = None,
    until: Annotated[str | None, typer.Option(help="Where it ends, 10y; where its parent does.")] = None,
    later: Annotated[
        bool, typer.Option("--later/--forget-later", help="Whether what its parent was told later holds.")
    ] = True,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Folder to record into.")] = None,
    no_report: Plain = False,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Branch off from a recorded run: equal to it until a tick, from there on told something else."""
    from simengine.claims import Numbered
    from simengine.forks import fork as forked

    target = out or Numbered(f"{folder.resolve().name}-fork", folder.resolve().parent)
    words = typed()
    with building(str(folder), quiet or json):
        run = forked(folder, at, target, command or [], until=until, later=later, command=words)
    carry_out(run, not no_report, quiet, json)
