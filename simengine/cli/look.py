"""`list` and `check`: what there is, and whether a world or a scenario keeps its promises."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from simengine.cli.say import as_json, doubts, say, table
from simengine.errors import UserError
from simengine.registry import DEFAULT_WORLD


def show_list(
    world: Annotated[
        str | None, typer.Argument(help="A world; without it, what there is.", autocompletion=known_worlds)
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List all worlds, or what one has: settings, policies, events, metrics, shocks, scenarios."""
    from simengine.catalogue import HEADS, catalogue

    if world is None:
        list_everything(json)
        return
    found = catalogue(world)
    if json:
        as_json({part: [dict(zip(HEADS[part], row)) for row in rows] for part, rows in found.items()})
        return
    for part, rows in found.items():
        if rows:
            say(part)
            table((("  " + row[0], *row[1:]) for row in rows), ("  " + HEADS[part][0], *HEADS[part][1:]))
            say()


def list_everything(json: bool) -> None:
    """Worlds, scenarios, shocks and policies by name."""
    from simengine.catalogue import first_line, headline
    from simengine.policies import WORDS
    from simengine.registry import world_class, worlds
    from simengine.scenarios import shipped

    known = {name: world_class(name) for name in sorted(worlds())}
    found = {
        "worlds": {name: first_line(cls) for name, cls in known.items()},
        "scenarios": {name: headline(path) for name, path in shipped().items()},
        "shocks": {
            f"{kind.name} ({name})": f"{first_line(kind)} [{kind.unit}]"
            for name, cls in known.items()
            for kind in cls.shocks
        },
        "policies": {
            **WORDS,
            **{
                f"{rule} ({name})": f"a rule for {population}, in its rule's place"
                for name, cls in known.items()
                for population, rules in cls.rules.items()
                for rule in rules
            },
        },
    }
    if json:
        as_json(found)
        return
    for kind, entries in found.items():
        say(kind)
        table(("  " + name, said) for name, said in entries.items())
        say()
    say("simengine list WORLD tells what a world has")


def check(
    target: Annotated[
        str,
        typer.Argument(
            help="A world (name or module:Class) or a scenario.toml.", autocompletion=known_worlds
        ),
    ] = DEFAULT_WORLD,
    setting: Annotated[
        list[str] | None, typer.Option("--set", help="key=value of the world's config.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Validate a scenario, or put a world through the conformance test."""
    from simengine.config import overrides
    from simengine.live.steering import check as fitting
    from simengine.recording import Recording
    from simengine.scenarios import file_of, read
    from simengine.scenarios.scenario import make_world

    path = file_of(target)
    if path is not None:
        if setting:
            raise UserError(f"--set with {target}: a scenario's settings stand in its [config]")
        scenario = read(path)
        sim = Recording(scenario).sim  # policies, shocks and commands meet the populated world
        doubts(sim.strikes)
        fitting(sim, scenario.command)
        shocks = f"{len(scenario.shock)} shock{'' if len(scenario.shock) == 1 else 's'}"
        payload: Any = {"valid": True, "scenario": scenario.model_dump(exclude_none=True)}
        as_json(payload) if json else say(f"{path}: valid, {shocks} on {scenario.world}")
        return
    from simengine.conformance import check as checked
    from simengine.conformance import missing

    config = overrides(setting or [])
    make_world(target, config)
    found = checked(target, config)
    if json:
        as_json([asdict(finding) for finding in found])
    else:
        table(("FAIL" if each.problem else "ok", str(each) if each.problem else each.name) for each in found)
        lacks = (f"{name} ({use})" for name, use in missing(make_world(target, config)).items())
        say(f"it does not offer: {', '.join(lacks)}")
    if any(finding.problem for finding in found):
        raise typer.Exit(1)


def known_worlds(typed: str) -> list[str]:
    """Worlds that begin as typed, for a shell's completion."""
    from simengine.registry import worlds

    return [name for name in sorted(worlds()) if name.startswith(typed)]
