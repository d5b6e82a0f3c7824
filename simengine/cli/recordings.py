"""`validate`, `compare` and `report`: what recorded runs meant."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from simengine.cli.say import as_json, say

Folder = Annotated[Path, typer.Argument(help="A run folder.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def validate(
    folder: Folder,
    controls: Annotated[
        bool, typer.Option("--controls", help="Run the random-policy control now instead of looking it up.")
    ] = False,
    json: Json = False,
) -> None:
    """Score a run against the facts of its world, beside real windows and a random policy."""
    from analysis import Run, score
    from simengine.controls import random_policy_score
    from simengine.registry import facts_of, world_of

    run = Run(folder)
    facts = facts_of(world_of(run.manifest))
    card = score(run, facts).beside(random_policy_score(run, facts, anew=controls))
    if json:
        as_json(card.payload())
    else:
        say(card.text())


def compare(
    a: Annotated[Path, typer.Argument(help="The baseline's folder, or one folder with two arms.")],
    b: Annotated[
        Path | None, typer.Argument(help="The changed run's folder; without it, A's own arms.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Where the figure goes (in B or A).")
    ] = None,
    json: Json = False,
) -> None:
    """Print and plot the impulse response of run B against run A, replica by replica."""
    from analysis import Run, compare_arms
    from analysis import compare as paired
    from analysis.figures import impulse_response, save
    from simengine.registry import world_of

    run = Run(a)
    facts = world_of(run.manifest).facts()
    derived, shown = (facts.derived, facts.responses) if facts else ({}, {})
    found = compare_arms(run, derived=derived) if b is None else paired(run, Run(b), derived)
    file = save(impulse_response(found, shown), out or (b or a) / "figures" / "impulse_response.png")
    if json:
        as_json({**found.payload(), "figure": str(file)})
    else:
        say(found.text())
        say(f"wrote {file}")


def report(folder: Folder) -> None:
    """Draw the figures of a run again and write its report.html."""
    from analysis import Run
    from simengine.reporting import write_report

    for name in write_report(Run(folder)):
        say(f"wrote {folder / name}")
