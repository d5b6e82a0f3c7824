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
        bool,
        typer.Option("--controls", help="Run the random-policy control now instead of reading its score."),
    ] = False,
    json: Json = False,
) -> None:
    """Score a run against the US facts, beside two real windows and a random policy."""
    from analysis import Run, scorecard
    from simengine.controls import random_policy_score

    run = Run(folder)
    score = scorecard(run).beside(random_policy_score(run.manifest, anew=controls))
    if json:
        as_json(score.payload())
    else:
        say(score.text())


def compare(
    a: Annotated[Path, typer.Argument(help="The baseline's folder, or one folder with two arms.")],
    b: Annotated[Path | None, typer.Argument(help="The shocked run's folder.")] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Where the figure goes.")] = None,
    json: Json = False,
) -> None:
    """Print and plot the impulse response of run B against run A, replica by replica."""


def report(folder: Folder) -> None:
    """Draw the figures of a run again and write its report.html."""
