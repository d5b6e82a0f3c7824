"""`list` and `check`: what there is, and whether a world or a scenario keeps its promises."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from simengine.cli.say import as_json, say, table
from simengine.errors import UserError
from simengine.registry import DEFAULT_WORLD


def list_everything(json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List worlds, scenarios, shocks, policies and event types."""
    from simengine.policies import WORDS
    from simengine.registry import world_class, worlds

    found = {
        "worlds": _worlds(),
        "scenarios": _scenarios(),
        "shocks": {
            kind.name: f"{first_line(kind)} [{kind.unit}] ({name})"
            for name in sorted(worlds())
            for kind in world_class(name).shocks
        },
        "policies": WORDS,
        "events": _events(),
    }
    if json:
        as_json(found)
        return
    for kind, entries in found.items():
        say(kind)
        table(("  " + name, said) for name, said in entries.items())
        say()


def check(
    target: Annotated[
        str, typer.Argument(help="A world (name or module:Class) or a scenario.toml.")
    ] = DEFAULT_WORLD,
    setting: Annotated[
        list[str] | None, typer.Option("--set", help="key=value of the world's config.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Validate a scenario, or put a world through the conformance test."""
    from simengine.config import overrides
    from simengine.scenarios import read, shipped
    from simengine.scenarios.scenario import make_world

    path = Path(target) if target.endswith(".toml") else shipped().get(target)
    if path is not None:
        if setting:
            raise UserError(f"--set with {target}: a scenario's settings stand in its [config]")
        scenario = read(path)
        payload: Any = {"valid": True, "scenario": scenario.model_dump(exclude_none=True)}
        as_json(payload) if json else say(f"{path}: valid, {len(scenario.shock)} shocks on {scenario.world}")
        return
    from simengine.kernel import conformance

    config = overrides(setting or [])
    make_world(target, config)
    found = conformance.check(lambda: make_world(target, config))
    if json:
        as_json([asdict(finding) for finding in found])
    else:
        table(("FAIL" if finding.problem else "ok", finding.name, finding.problem) for finding in found)
    if any(finding.problem for finding in found):
        raise typer.Exit(1)


def first_line(thing: Any) -> str:
    """The first line of a docstring."""
    return (thing.__doc__ or "").strip().partition("\n")[0]


def _worlds() -> dict[str, str]:
    from simengine.registry import world_class, worlds

    found = {}
    for name in sorted(worlds()):
        try:
            found[name] = first_line(world_class(name))
        except UserError as error:
            found[name] = f"({error})"
    return found


def _scenarios() -> dict[str, str]:
    from simengine.scenarios import shipped

    return {
        name: path.read_text(encoding="utf-8").partition("\n")[0].lstrip("# ")
        for name, path in shipped().items()
    }


def _events() -> dict[str, str]:
    from streams import events

    declared = (thing for thing in vars(events).values() if isinstance(thing, type))
    return {kind.__name__: first_line(kind) for kind in declared if kind.__module__ == events.__name__}
