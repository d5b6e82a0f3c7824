"""Options of commands that run something, each declared once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Target = Annotated[str, typer.Argument(help="A world, a scenario's name, or a scenario.toml.")]
Years = Annotated[float | None, typer.Option(help="Length in years (25 when nothing is said).")]
Ticks = Annotated[int | None, typer.Option(help="Length in ticks; the macro world's tick is a week.")]
Replicas = Annotated[str | None, typer.Option("--replicas", "-r", help="How many, or numbers: 0-7,0-7.")]
Seed = Annotated[int | None, typer.Option("--seed", "-s", help="Seed of all noise.")]
Policies = Annotated[
    list[str] | None,
    typer.Option(
        help="population=POLICY, population.head=POLICY or all=POLICY: rule, learned, random, fixed:K, "
        "... (see list), central_bank=taylor1993; comma or repeat."
    ),
]
Settings = Annotated[
    list[str] | None, typer.Option("--set", help="key=value of the world's configuration; repeatable.")
]
SettingsFile = Annotated[
    Path | None, typer.Option(help="TOML of settings, such as a calibrated.toml; --set goes on top.")
]
Shocks = Annotated[
    list[str] | None, typer.Option(help="type:size@start..end#replicas, rate:+0.01@5y..6y#half; repeatable.")
]
Record = Annotated[
    list[str] | None,
    typer.Option(help="default|all|none, Trade,Loan, postings, every=1m, replicas=all|0,3; repeatable."),
]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="Folder to record into (runs/NAME-NNN).")]
Ahead = Annotated[
    list[str] | None,
    typer.Option(help="A command planned ahead: 'seat firms=random@10y' (see tell); repeatable."),
]
Again = Annotated[Path | None, typer.Option(help="The commands.jsonl of an earlier run, carried out again.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar, no summary.")]
Json = Annotated[bool, typer.Option("--json", help="Print the manifest as JSON when done.")]
Checkpoints = Annotated[
    str | None,
    typer.Option(help="Time between checkpoints: 1y (default; 5 s or more with --realtime), 10d, 0: none."),
]
Kept = Annotated[
    str, typer.Option("--keep-checkpoints", help="How many checkpoints stay, the newest: 3, or all.")
]
Observers = Annotated[list[str] | None, typer.Option(help="module:function called with the simulation.")]
Plain = Annotated[bool, typer.Option("--no-report", help="Record only: no figures, no report.")]
Realtime = Annotated[
    float | None, typer.Option(help="Ticks a second at speed 1; without it, as fast as can be.", min=0.0)
]
Speed = Annotated[float, typer.Option(help="How many times --realtime it goes; 0 for no limit.", min=0.0)]
Deadline = Annotated[
    float, typer.Option(help="Seconds in which someone who plays has to answer: else the rule.", min=0.0)
]
SealEvery = Annotated[
    float | None, typer.Option(help="Seconds after which what is recorded can be read by others.", min=0.0)
]
