"""`sweep`: one world at many points of its settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated, Any

import typer

from simengine.cli.options import Policies, Quiet, Replicas, Seed, SettingsFile, Shocks, Ticks, Years
from simengine.cli.run import stated, stating
from simengine.cli.say import INTERRUPTED, say, typed, warn
from simengine.errors import UserError
from simengine.outlets import doing

if TYPE_CHECKING:
    from simengine.sweeps.carry_out import Sweeping
    from simengine.workers import Workers

FAILED = 1
"""The exit code of a sweep some of whose points failed."""


Setting = Annotated[
    list[str] | None,
    typer.Option("--set", help="key=lo:hi:n[:log], key=a,b,c, or key=lo:hi to draw from; repeatable."),
]
Design = Annotated[str | None, typer.Option(help="grid (default), random or sobol.")]
Points = Annotated[int | None, typer.Option(help="How many points are drawn; sobol: a power of 2.")]
Noise = Annotated[str | None, typer.Option(help="common: the same at every point (default), or independent.")]
Outcomes = Annotated[
    list[str] | None, typer.Option(help="Metrics and series to keep: gdp,unemployment_rate (all).")
]
Ray = Annotated[
    int | None,
    typer.Option(min=0, help="Ray tasks at a time, here or where RAY_ADDRESS says; 0: all it has."),
]


def sweep(
    target: Annotated[
        str | None, typer.Argument(help="A world, or a TOML of a scenario with a [sweep] table.")
    ] = None,
    setting: Setting = None,
    design: Design = None,
    points: Points = None,
    noise: Noise = None,
    since: Annotated[str | None, typer.Option("--from", help="Measure from here on: 5y, 3 months.")] = None,
    outcome: Outcomes = None,
    years: Years = None,
    ticks: Ticks = None,
    replicas: Replicas = None,
    seed: Seed = None,
    policy: Policies = None,
    config: SettingsFile = None,
    shock: Shocks = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Folder (runs/sweep-NAME-NNN).")] = None,
    resume: Annotated[Path | None, typer.Option(help="Go on with the sweep in this folder.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes (one per processor).")] = None,
    ray: Ray = None,
    quiet: Quiet = False,
) -> None:
    """Run a world at many points of its settings and keep the mean of every outcome.

    Ends with a long table (Parquet and CSV), figures and a page; exit code 1 if points failed. Ctrl-C pauses.
    """
    options = {
        "years": years, "ticks": ticks, "replicas": replicas, "seed": seed, "policy": policy or [],
        "settings": config, "shock": shock or [], "setting": setting or [],
    }  # fmt: skip
    outcomes = [name.strip() for words in outcome or [] for name in words.split(",")]
    table = {"design": design, "points": points, "noise": noise, "from": since, "outcomes": outcomes}
    opened = opener(target, options, table, out, resume)
    at_work = hired(workers, ray)
    try:
        sweeping = opened()
        done = carried_out(sweeping, at_work, quiet)
    finally:
        at_work.close()
    if not done:
        give_up(sweeping)
    conclude(sweeping, quiet)


def opener(
    target: str | None, options: dict[str, Any], table: dict[str, Any], out: Path | None, resume: Path | None
) -> Callable[[], Sweeping]:
    """What opens the folder of the sweep that a command asks for, once that has been found valid."""
    from simengine.claims import Numbered
    from simengine.sweeps.carry_out import Sweeping
    from simengine.sweeps.design import Sweep

    if resume is not None:
        if any(value not in (None, []) for value in (target, out, *options.values(), *table.values())):
            raise UserError(
                f"--resume {resume}: the folder says what is swept: valid are --workers, --ray, --quiet"
            )
        return partial(Sweeping.reopen, resume)
    if target is None:
        raise UserError("sweep: name a world or a TOML, or go on with --resume FOLDER")
    fixed, varying = parted(options["setting"])
    swept = {name: value for name, value in {**table, "set": varying}.items() if value}
    asked = stated(Sweep, target, {**stating({**options, "setting": fixed}), "sweep": swept})
    folder = out or Numbered(f"sweep-{Path(target).stem.rpartition(':')[2]}")
    return partial(Sweeping.begin, asked, folder, typed())


def parted(assignments: Sequence[str]) -> tuple[list[str], dict[str, Any]]:
    """`key=value` words that fix a setting, and by name what is written of those that are varied."""
    from simengine.sweeps.axes import varied

    fixed, varying = [], {}
    for text in assignments:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not equals or not varied(value):
            fixed.append(text)
        elif name in varying:
            raise UserError(f"--set {text!r}: {name} is varied already: valid is each setting once")
        else:
            varying[name] = value
    return fixed, varying


def hired(workers: int | None, ray: int | None) -> Workers:
    """The workers that are asked for: processes of this machine, or tasks of a Ray cluster."""
    if ray is None:
        from simengine.workers import Processes

        return Processes(workers)
    if workers is not None:
        raise UserError("--workers and --ray: give one of the two")
    from simengine.workers.cluster import Cluster

    return Cluster(ray)


def carried_out(sweeping: Sweeping, workers: Workers, quiet: bool) -> bool:
    """Run with a progress bar until the end or Ctrl-C; whether it is the end."""
    from tqdm import tqdm

    from simengine.cli.progress import Interruption
    from simengine.progress import UNKNOWN_SIZE

    if sweeping.kept.damaged:
        warn(f"{sweeping.folder}: {sweeping.kept.damaged} damaged results are computed again")
    size = get_terminal_size(UNKNOWN_SIZE)
    bar = tqdm(
        total=len(sweeping.points), initial=len(sweeping.results), disable=quiet or None, smoothing=0.0,
        ncols=size.columns, nrows=size.lines, desc=f"sweep {sweeping.sweep.world}",
        bar_format="{desc}|{bar:16}| {n_fmt}/{total_fmt} points {elapsed}<{remaining}{postfix}",
    )  # fmt: skip
    with Interruption() as interruption, bar:
        return sweeping.run(workers, bar.update, interruption)


def give_up(sweeping: Sweeping) -> None:
    """Say what is left of a sweep that was stopped, and how to go on."""
    for point, why in sweeping.lost.items():
        warn(f"point {point}: {why}")
    left = len(sweeping.points) - len(sweeping.results)
    warn(f"stopped with {left} points left: go on with: simengine sweep --resume {sweeping.folder}")
    raise typer.Exit(FAILED if sweeping.lost else INTERRUPTED)


def conclude(sweeping: Sweeping, quiet: bool) -> None:
    """Write table, figures and page, and say what failed."""
    doing("drawing the report", quiet)
    made, failed = sweeping.conclude(), sweeping.failed
    if not quiet:
        say(f"{sweeping.sweep.world}: {sweeping.headline()}")
        for name in made:
            say(f"wrote {sweeping.folder / name}")
    if failed:
        point, why = next(iter(failed.items()))
        warn(f"{len(failed)} of {len(sweeping.points)} points failed; the first, point {point}: {why}")
        raise typer.Exit(FAILED)
