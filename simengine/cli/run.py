"""`run` and `resume`: from a world or a scenario to a folder with figures and a report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from simengine.cli.opening import undisturbed
from simengine.cli.options import (
    Again,
    Ahead,
    Checkpoints,
    Deadline,
    Json,
    Kept,
    Observers,
    Out,
    Plain,
    Policies,
    Quiet,
    Realtime,
    Record,
    Replicas,
    SealEvery,
    Seed,
    Settings,
    SettingsFile,
    Shocks,
    Speed,
    Target,
    Ticks,
    Years,
)
from simengine.cli.say import INTERRUPTED, as_json, doubts, say, typed, warn
from simengine.errors import UserError
from simengine.outlets import doing
from simengine.registry import DEFAULT_WORLD
from simengine.typed import whole, wholes

if TYPE_CHECKING:
    from simengine.recording import Recording
    from simengine.scenarios import Scenario
    from simengine.worlds.contract import World

S = TypeVar("S", bound="Scenario")


def run(
    target: Target = DEFAULT_WORLD,
    years: Years = None,
    ticks: Ticks = None,
    replicas: Replicas = None,
    seed: Seed = None,
    policy: Policies = None,
    setting: Settings = None,
    config: SettingsFile = None,
    shock: Shocks = None,
    observe: Observers = None,
    record: Record = None,
    out: Out = None,
    checkpoint_every: Checkpoints = None,
    keep_checkpoints: Kept = "3",
    command: Ahead = None,
    commands: Again = None,
    realtime: Realtime = None,
    speed: Speed = 1.0,
    deadline: Deadline = 60.0,
    seal_every: SealEvery = None,
    no_report: Plain = False,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Run a world or a scenario and record it.

    Who decides is what the world declares (macro: its learned networks), with --policy all=rule its rules.
    """
    with undisturbed():
        scenario = gathered(
            target,
            years=years, ticks=ticks, replicas=replicas, seed=seed, policy=policy or [],
            setting=setting or [], settings=config, shock=shock or [], observe=observe or [],
            record=record or [], command=command or [],
        )  # fmt: skip
        from simengine.claims import Numbered
        from simengine.live.steering import Live
        from simengine.recording import Recording

        live = Live(realtime, speed, deadline, seal_every, journal=commands)
        folder = out or Numbered(Path(target).stem.rpartition(":")[2])
        words, keep = typed(), kept(keep_checkpoints)
        with building(scenario.world, quiet or json):
            recording = Recording.begin(scenario, folder, words, checkpoint_every, keep, live)
    carry_out(recording, not no_report, quiet, json)


def resume(
    folder: Annotated[Path, typer.Argument(help="A run folder that was interrupted or killed.")],
    realtime: Realtime = None,
    speed: Speed = 1.0,
    deadline: Deadline = 60.0,
    seal_every: SealEvery = None,
    no_report: Plain = False,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Go on with an interrupted or killed run, to the same bits."""
    with undisturbed():
        from simengine.live.steering import Live
        from simengine.recording import Recording

        live = Live(realtime, speed, deadline, seal_every)
        with building(str(folder), quiet or json):
            recording = Recording.reopen(folder, live)
    carry_out(recording, not no_report, quiet, json)


def kept(word: str) -> int | None:
    """How many checkpoints stay; None for all."""
    if word != "all" and not word.isdecimal():
        raise UserError(f"--keep-checkpoints {word!r}: valid is a number from 1, or all")
    return None if word == "all" else int(word)


@contextmanager
def building(world: str, quiet: bool) -> Iterator[None]:
    """Show that a world is being built, and how far that has come where it says so itself."""
    from streams.notices import building as told

    def show(what: str, share: float) -> None:
        doing(f"building {world}: {what}, {share:.0%}", quiet)

    doing(f"building {world}", quiet)
    told.listeners.append(show)
    try:
        yield
    finally:
        told.listeners.remove(show)


def mention_report(world: World) -> None:
    """Say of a world that measures nothing that a report needs something to draw."""
    from simengine.worlds.contract import World as Plain

    if not world.metrics and world.report.__func__ is Plain.report.__func__:  # type: ignore[attr-defined]
        warn(f"{world.name} declares no metrics: there will be a report only if it publishes a series")


def carry_out(recording: Recording, report: bool, quiet: bool, json: bool) -> None:
    """Simulate with a progress bar until the end or Ctrl-C, then report."""
    from simengine.cli.progress import Interruption
    from simengine.progress import Progress

    if not quiet:
        doubts(recording.sim.strikes)
    if report and not quiet:
        mention_report(recording.world)
    progress = Progress(recording.sim, recording.until, quiet or json, recording.steering.pace.text)
    with Interruption() as interruption:
        done = recording.run(progress.watch, interruption)
    progress.close()
    for failure in recording.manifest["observer_failures"]:
        warn(f"warning: {failure}")
    if not done:
        warn(f"stopped at tick {recording.sim.tick}: go on with: simengine resume {recording.folder}")
        raise typer.Exit(INTERRUPTED)
    if report:
        doing("drawing the report", quiet or json)
    made = recording.conclude() if report else []
    if json:
        as_json(recording.manifest)
    elif not quiet:
        summary(recording, made)


def summary(recording: Recording, made: list[str]) -> None:
    """What ran, how fast, its digest and score, and where to look."""
    from analysis.lengths import length

    manifest = recording.manifest
    size = f"{len(manifest['numbers'])} x {length(manifest['until'], manifest['calendar'])}"
    say(f"{manifest['world']}: {size} in {manifest['seconds']:.1f} s")
    say(f"who decides: {recording.sim.who}")
    say(f"digest {manifest['digest']}")
    if manifest.get("score") is not None:
        say(f"score {manifest['score']:.1f} % of the facts: simengine validate {recording.folder}")
    if note := manifest.get("score_note"):
        say(f"no score: {note}" if manifest["score"] is None else f"note: {note}")
    for name in made:
        say(f"wrote {recording.folder / name}")
    if not made:
        why = f": {recording.unreported}" if recording.unreported else ""
        say(f"recorded into {recording.folder}, without a report{why}")


def gathered(target: str, **options: Any) -> Scenario:
    """The scenario that the arguments of `run` describe."""
    from simengine.scenarios import Scenario

    return stated(Scenario, target, stating(options))


def stating(options: Mapping[str, Any]) -> dict[str, Any]:
    """What the options of a command that runs a scenario say of it."""
    from simengine.config import merged, overrides, settings_in
    from simengine.shocks.schedule import block

    over = {
        name: options[name] for name in ("years", "ticks", "replicas", "seed") if options[name] is not None
    }
    if options["settings"] or options["setting"]:
        below = settings_in(options["settings"]) if options["settings"] else {}
        over["config"] = merged(below, overrides(options["setting"]))
    if options["policy"]:
        over["policies"] = policies_in(options["policy"])
    if options.get("record"):
        over["record"] = recorded(options["record"])
    for name in ("observe", "command"):
        if options.get(name):
            over[name] = options[name]
    if options["shock"]:
        over["shock"] = [block(text) for text in options["shock"]]
    return over


def stated(kind: type[S], target: str, over: dict[str, Any]) -> S:
    """The scenario, or another kind of one, that a command names, with what its options say on top."""
    from simengine.config import validated
    from simengine.scenarios import file_of
    from simengine.scenarios.reading import read_as

    path = file_of(target)
    if path is not None:
        return read_as(kind, path, over)
    return validated(kind, {"world": target, **over}, "run").checked()


def policies_in(words: list[str]) -> dict[str, str]:
    """`["central_bank=taylor1993,firms=fixed:2,2,2"]` as a policy per population or head of one.

    One word alone, `rule`, is that of all.
    """
    from simengine.policies import EVERYONE

    pairs = (text for word in words for text in re.split(r",(?=\s*[\w.]+=)", word))
    named = (text if re.match(r"\s*[\w.]*\s*=", text) else f"{EVERYONE}={text}" for text in pairs)
    return dict(pair(text, "--policy", "households=random") for text in named)


def pair(text: str, option: str, example: str) -> tuple[str, str]:
    """`name=value` as its two parts."""
    name, equals, value = text.partition("=")
    if not equals or not name.strip() or not value.strip():
        raise UserError(f"{option} {text!r}: write {example}")
    return name.strip(), value.strip()


def recorded(words: list[str]) -> dict[str, Any]:
    """`["Trade,Loan", "every=4"]` as a scenario's record table."""
    found: dict[str, Any] = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals:
            found |= {"postings": True} if word == "postings" else {"events": _types(word)}
        elif key == "every" and value:
            found["every"] = value if (ticks := whole(value)) is None else ticks
        elif key == "replicas" and value in ("first", "all"):
            found["replicas"] = value
        elif key == "replicas" and (numbers := wholes(value)) is not None:
            found["replicas"] = numbers
        else:
            raise UserError(
                f"--record {word!r}: valid are default, all, none, Trade,Loan, postings, every=1m, "
                "replicas=all|0,3"
            )
    return found


def _types(word: str) -> str | list[str]:
    return word if word in ("default", "all", "none") else word.split(",")
