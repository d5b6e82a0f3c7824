"""`validate`, `compare` and `report`: what recorded runs meant."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from simengine.cli.opening import undisturbed
from simengine.cli.say import as_json, say
from simengine.errors import UserError

T = TypeVar("T")

Folder = Annotated[Path, typer.Argument(help="A run folder.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def validate(
    folder: Annotated[Path, typer.Argument(help="A run folder; with --data also a world.", metavar="RUN")],
    controls: Annotated[
        bool, typer.Option("--controls", help="Run the random-policy control now instead of looking it up.")
    ] = False,
    data: Annotated[
        Path | None,
        typer.Option("--data", help="Your own series: judge a run by it or, with a world's name, it."),
    ] = None,
    json: Json = False,
) -> None:
    """Score a run against the facts of its world, beside real windows and a random policy.

    With --data FILE a run is held against that series, and `validate WORLD --data FILE` judges the series
    itself (exchange: daily bars, CSV or Parquet with date, close and, maybe, volume).
    """
    from analysis import Run, score
    from analysis.scorecard import score_panel
    from simengine.controls import random_policy_score
    from simengine.registry import facts_of, world_of, worlds

    if data is not None and str(folder) in worlds() and not folder.is_dir():
        facts = facts_of(str(folder))
        card = score_panel(_taken(facts.read, folder)(data), facts)
    else:
        run = Run(folder)
        facts = facts_of(world_of(run))
        if data is not None:
            facts = _taken(facts.against, folder)(data)
        card = score(run, facts).beside(random_policy_score(run, facts, anew=controls))
    if json:
        as_json(card.payload())
    else:
        say(card.text())


def _taken(way: Callable[[Path], T] | None, whose: Path) -> Callable[[Path], T]:
    """How facts take a user's data; UserError where they take none."""
    if way is None:
        raise UserError(f"--data: {whose}: the facts of this world take no series from a file")
    return way


def compare(
    a: Annotated[Path, typer.Argument(help="The baseline's folder, or one folder with two arms.")],
    b: Annotated[
        Path | None, typer.Argument(help="The changed run's folder; without it, A's own arms.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Where the figure goes (in B or A).")
    ] = None,
    mixture: Annotated[
        bool, typer.Option("--mixture", help="Draw the difference of runs that differ in several ways.")
    ] = False,
    json: Json = False,
) -> None:
    """Say in what two runs differ, and print and plot the effect where that is one thing, pair by pair.

    Runs that differ in several ways are drawn side by side: their difference is no effect of one thing.
    """
    from analysis import Run, compare_arms
    from analysis import compare as paired
    from analysis.differences import SEED, causes, differences
    from analysis.figures import impulse_response, save
    from analysis.levels import levels
    from simengine.registry import world_of

    run, other = Run(a), Run(b) if b else None
    facts = world_of(run).facts()
    derived, shown = (facts.derived, facts.responses) if facts else ({}, {})
    apart = differences(run, other) if other else []
    mixed = [each.what for each in causes(apart)]
    for each in apart if not json else ():
        say(f"differs in {each}")
    if other and not mixture and (len(mixed) > 1 or SEED in mixed):
        side = levels(run, other)
        file = save(side.figure(), out or other.path / "figures" / "levels.png")
        payload, text = side.payload(), side.text()
    else:
        found = paired(run, other, derived) if other else compare_arms(run, derived=derived)
        if mixed:
            found = found.caused_by(" and ".join(each.name for each in causes(apart)), len(mixed) > 1)
        file = save(impulse_response(found, shown), out or (b or a) / "figures" / "impulse_response.png")
        payload, text = found.payload(), found.text()
    if json:
        as_json({**payload, "differences": [each._asdict() for each in apart], "figure": str(file)})
    else:
        say(text)
        say(f"wrote {file}")


def report(folder: Folder) -> None:
    """Draw the figures of a run again and write its report.html."""
    with undisturbed():
        from analysis import Run
        from simengine.reporting import write_report

        made = write_report(Run(folder))
    for name in made:
        say(f"wrote {folder / name}")
