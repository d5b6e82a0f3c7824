"""Forks and time travel: a run that branches off from another at a tick, and a run as it stood at one.

A fork is a folder that looks like a run interrupted at its parent's nearest checkpoint: the parent's
scenario, its commands, what it had recorded. What it is told takes effect at the tick of the fork.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from agents.directed import nobody
from simengine import folder as disk
from simengine.claims import Numbered, claimed
from simengine.config import validated
from simengine.errors import UserError
from simengine.guarded import guarded
from simengine.kernel import checkpoint as saved
from simengine.live.journal import JOURNAL, Journal, read
from simengine.live.steering import AT_ONCE, POLICIES, Live, Steering, identity_of
from simengine.recording import CHECKPOINTS, INTERRUPTED, Recording, plain
from simengine.registry import within_reach
from simengine.scenarios.scenario import Scenario
from simengine.shocks.schedule import ticks
from simengine.simulation import Simulation
from simengine.worlds.contract import World
from streams.segments import verify

OWN = (
    *("tables", "fingerprints", "balance_sheet", "flows"),
    *("score", "failure", "observer_failures", "pace", "networks"),
)
"""What a manifest says of its own run alone."""


def fork(
    parent: str | Path,
    at: int | str,
    folder: str | Path | Numbered,
    told: Sequence[str] = (),
    *,
    until: int | str | None = None,
    later: bool = True,
    command: str = "",
    live: Live = AT_ONCE,
) -> Recording:
    """A run in a new folder, equal to its parent until tick `at`, where it is `told` commands of its own.

    What the parent was told from then on is told to it as well, unless `later` is false; it ends where its
    parent does, or at `until`. UserError for a tick that the parent did not reach, or a command that does not
    fit: then the folder is not there.
    """
    parent = Path(parent)
    manifest = disk.read_manifest(parent)
    scenario = _scenario(manifest, parent)
    world = scenario.make_world()
    tick, end = _reached(manifest, at, parent, world), manifest["until"]
    if until is not None:
        end = ticks(until, world, "until")
        if end <= tick:
            raise UserError(f"until = {until}: valid is after tick {tick}, where the fork begins")
        scenario = scenario.model_copy(update={"years": None, "ticks": end})
    found = _nearest(parent, tick)
    claim = claimed(Path(folder) if isinstance(folder, str) else folder)
    folder = claim.folder
    try:
        _copy(parent, folder, found)
        told_before = [entry for entry in read(parent / JOURNAL) if later or entry.tick < tick]
        Journal(folder / JOURNAL, identity_of(plain(scenario))).extend(told_before)
        own = {
            "status": INTERRUPTED, "command": command, "seconds": 0.0, "cpu_seconds": 0.0,
            "parent": {"folder": str(parent.resolve()), "digest": manifest["digest"], "tick": tick},
            "scenario": plain(scenario), "until": end, "years": end / world.ticks_per_year,
            "segments": (found.sealed if found else None) or [],
        }  # fmt: skip
        inherited = {key: value for key, value in manifest.items() if key not in OWN}
        disk.write_manifest(folder, inherited | own)
        claim.release()
        run = Recording.reopen(folder, live)
        for line in told:
            run.steering.tell(line, now=tick)
    except BaseException:
        shutil.rmtree(folder)
        raise
    return run


def _copy(parent: Path, folder: Path, found: saved.Checkpoint | None) -> None:
    """What a fork takes along: the checkpoint, what was recorded until then, networks that were seated."""
    if found is not None:
        shutil.copytree(found.path, folder / CHECKPOINTS / found.path.name)
        for segment in found.sealed or []:
            (folder / segment["file"]).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(parent / segment["file"], folder / segment["file"])
    if (parent / POLICIES).is_dir():
        shutil.copytree(parent / POLICIES, folder / POLICIES)


def travel(folder: str | Path, at: int | str) -> Simulation:
    """A recorded run as it stood before it executed tick `at`: a simulation that can be looked at, or go on.

    It starts from the nearest checkpoint, or from the beginning where none is left before `at`.
    """
    folder = Path(folder)
    manifest = disk.read_manifest(folder)
    scenario = _scenario(manifest, folder)
    tick = _reached(manifest, at, folder, scenario.make_world())
    sim = Recording(scenario).sim
    Steering(sim, folder, identity_of(plain(scenario)))
    sim.desk = nobody
    sim.measure()
    found = _nearest(folder, tick)
    if found is not None:
        sim.restore(found)
    sim.run(until=tick)
    return sim


def _scenario(manifest: dict[str, Any], folder: Path) -> Scenario:
    with guarded(folder):
        within_reach(manifest.get("sources", {}))
        return validated(Scenario, manifest["scenario"], f"{folder}/manifest.json").checked()


def _nearest(folder: Path, tick: int) -> saved.Checkpoint | None:
    return saved.nearest(folder / CHECKPOINTS, tick, lambda each: verify(folder, each.sealed or []))


def _reached(manifest: dict[str, Any], at: int | str, folder: Path, world: World) -> int:
    """The tick that is meant, one that the run has reached."""
    tick, last = ticks(at, world, "at"), manifest["tick"]
    if not 0 <= tick <= last:
        raise UserError(f"{folder}: at tick {tick}: valid is a tick from 0 to {last}, which it has reached")
    return tick
