"""The manifest of a training's folder, `training.json`: what was asked for, how it stands, on what it ran."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from agents.weights import load
from simengine import folder as disk
from simengine.errors import UserError
from simengine.guarded import guarded
from simengine.learning.devices import device_name
from simengine.learning.plan import Plan
from simengine.policies import anchored, maker, weights_behind
from simengine.registry import sources, within_reach, world_class

TRAINING = "training.json"
RUNNING, INTERRUPTED, FAILED = "running", "interrupted", "failed"
TRAINED, FINISHED = "trained", "finished"  # all iterations are over; judged and drawn as well


def opening(plan: Plan, command: str) -> dict[str, Any]:
    """What is known before the first iteration."""
    return {
        "format": disk.FORMAT,
        "command": command,
        "plan": {**asdict(plan), "policies": _anchored(plan.policies), "start": _anchored(plan.start)},
        "sources": sources((plan.world, *plan.policies.values())),
        "networks_given": networks_given(plan),
        "device": plan.device,
        "device_name": device_name(plan.device),
        "versions": disk.versions(),
        "machine": disk.machine(),
    }


def networks_given(plan: Plan) -> dict[str, str]:
    """What a plan's policies and starts decide by: digests of the networks by path."""
    specs = [*plan.policies.items(), *plan.start.items()]
    cls = world_class(plan.world)
    paths = {path.absolute() for population, spec in specs for path in weights_behind(spec, population, cls)}
    return {str(path): load(path).digest for path in sorted(paths)}


def _anchored(specs: Mapping[str, str]) -> dict[str, str]:
    return {population: anchored(spec) for population, spec in specs.items()}


def check_networks(manifest: Mapping[str, Any]) -> None:
    """Raise UserError where a weights file is not what it was when the training began."""
    for path, digest in manifest.get("networks_given", {}).items():
        if not Path(path).is_file() or load(path).digest != digest:
            raise UserError(f"{path}: not the network that this training began with: valid is that file")


def planned(manifest: Mapping[str, Any], folder: Path) -> Plan:
    """The plan of a folder's manifest; a UserError where it is another version's."""
    with guarded(folder):
        within_reach(manifest.get("sources", {}))
        world_class(str(manifest["plan"]["world"]))
        for population, spec in manifest["plan"]["policies"].items():
            maker(spec, population)
    stated = dict(manifest["plan"])
    known = {field.name for field in fields(Plan)}
    if set(stated) != known:
        odd = ", ".join(sorted(set(stated) ^ known))
        raise UserError(f"{TRAINING}: a plan of another version: it differs in {odd}")
    return Plan(**{**stated, "populations": tuple(stated["populations"])})
