"""`calibrate`: search the parameters with which a world meets the facts."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated

import typer

from simengine.cli.say import INTERRUPTED, say, typed, warn
from simengine.errors import UserError
from simengine.registry import DEFAULT_WORLD

if TYPE_CHECKING:
    from analysis.calibration import Search
    from simengine.studies import Pool
    from simengine.studies.calibration import Calibration, Floats

DEFAULT_MINUTES = 30.0
VALUES = "calibrated.toml"


def calibrate(
    world: Annotated[str, typer.Argument(help="A world.")] = DEFAULT_WORLD,
    space: Annotated[
        Path | None, typer.Option(help="TOML of the free parameters (the one that comes with the world).")
    ] = None,
    minutes: Annotated[float | None, typer.Option(min=0, help="How long to search (30).")] = None,
    generations: Annotated[int | None, typer.Option(min=0, help="How many generations to search.")] = None,
    replicas: Annotated[int, typer.Option("--replicas", "-r", min=1, help="Histories per economy.")] = 10,
    years: Annotated[float, typer.Option(min=3, help="Years per history.")] = 25.0,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes (one per processor).")] = None,
    population: Annotated[int, typer.Option(min=4, help="Economies per generation.")] = 16,
    screen: Annotated[int, typer.Option(min=0, help="Screening points, 0 or a power of two.")] = 64,
    step: Annotated[
        float, typer.Option(help="First step, a share of the ranges; less from a good start.")
    ] = 0.15,
    seed: Annotated[int, typer.Option("--seed", "-s", min=0, help="Seed of the search's own draws.")] = 1,
    start: Annotated[
        Path | None, typer.Option(help="TOML of values to begin from, such as an earlier calibrated.toml.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Folder to search in (runs/calibration-WORLD-NNN).")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the search in --out; give the same options again.")
    ] = False,
    identify: Annotated[
        bool, typer.Option("--identify", help="Then report which facts tell which parameter.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar.")] = False,
) -> None:
    """Search the parameters with which a world meets the facts; Ctrl-C saves and still writes the values."""
    from analysis.calibration import SearchSettings
    from simengine.claims import Claim, Numbered
    from simengine.config import settings_in
    from simengine.scenarios.scenario import make_world
    from simengine.studies import Pool
    from simengine.studies.calibration import Calibration, default_space, opened, read_space, starting_from

    if resume and out is None:
        raise UserError("--resume: name the folder to go on with: --out FOLDER")
    chosen = read_space(space) if space else default_space(world)
    if start:
        make_world(world, settings_in(start))  # a key that the world does not know is a slip
        chosen = starting_from(chosen, start)
    calibration = Calibration(chosen, world, replicas, years)
    settings = SearchSettings(population, screen=screen, step=step, seed=seed)
    with Claim(out or Numbered(f"calibration-{world.rpartition(':')[2]}")) as claim, Pool(workers) as pool:
        folder = claim.folder
        search = opened(folder, calibration, settings, resume)
        stopped = carried_out(calibration, search, pool, folder, minutes, generations, quiet)
        point = concluded(calibration, search, pool, folder)
    if identify and not stopped:
        report_identification(calibration, point, folder, workers, quiet)
    if stopped:
        warn(f"stopped: go on with the same command and --out {folder} --resume")
        raise typer.Exit(INTERRUPTED)


def carried_out(
    calibration: Calibration,
    search: Search,
    pool: Pool,
    folder: Path,
    minutes: float | None,
    generations: int | None,
    quiet: bool,
) -> bool:
    """Search with a progress bar until time, generations or Ctrl-C end it; whether it was Ctrl-C."""
    from tqdm import tqdm

    from simengine.cli.progress import Interruption
    from simengine.progress import UNKNOWN_SIZE
    from simengine.studies.calibration import searched

    size = get_terminal_size(UNKNOWN_SIZE)
    bar = tqdm(
        total=generations,
        disable=quiet or None,
        ncols=size.columns,
        nrows=size.lines,
        bar_format="{desc} {elapsed}{postfix}"
        if generations is None
        else "{desc}|{bar:12}| {elapsed}<{remaining}{postfix}",
    )
    with Interruption() as interruption, bar:
        enough = budget(search, minutes, generations)
        searched(calibration, search, pool, folder, lambda found: interruption() or enough(found), bar)
        return interruption()


def budget(search: Search, minutes: float | None, generations: int | None) -> Callable[[Search], bool]:
    """What ends a search: minutes of wall time or generations from now, whichever comes first."""
    if minutes is None and generations is None:
        minutes = DEFAULT_MINUTES
    began, first = time.monotonic(), search.generation

    def enough(found: Search) -> bool:
        late = minutes is not None and time.monotonic() - began >= 60 * minutes
        return late or (generations is not None and found.generation - first >= generations)

    return enough


def concluded(calibration: Calibration, search: Search, pool: Pool, folder: Path) -> Floats:
    """Choose the answer (n,), judge it on old and on fresh noise, write its values and the history."""
    from simengine.studies.calibration import RECENT
    from simengine.studies.calibration_result import result, write_history

    answer = calibration.answer(pool, search.candidates)
    point = search.candidates[answer]
    noises = range(max(0, search.noise - RECENT + 1), search.noise + 1)
    own, report = calibration.validated(pool, point, noises)
    text = result(
        calibration, search, own, noises, report, time.strftime("%Y-%m-%d"), asked_for(), answer, point
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / VALUES).write_text(text, encoding="utf-8")
    write_history(search, folder / "history.csv")
    say(text.partition("\n\n")[0])
    say(f"wrote {folder / VALUES}")
    return point


def asked_for() -> str:
    """The command line as it was typed."""
    return typed()


def report_identification(
    calibration: Calibration, point: Floats, folder: Path, workers: int | None, quiet: bool
) -> None:
    """Write which facts move with which parameter around a point (n,): tables and a heatmap."""
    from analysis.figures import save
    from analysis.figures.identification import identification_figure
    from simengine.studies.identification import identified

    label = "" if quiet or not sys.stderr.isatty() else "identification"
    found = identified(calibration, point, folder / "arms", workers, label=label)
    files = [
        *found.write(folder, asked_for()),
        save(identification_figure(found), folder / "identification.png"),
    ]
    say(found.text())
    for file in files:
        say(f"wrote {file}")
