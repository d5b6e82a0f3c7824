"""The manifest of a training's folder, `training.json`: what was asked for, how it stands, on what it ran."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from simengine import folder as disk
from simengine.errors import UserError
from simengine.learning.devices import device_name
from simengine.learning.plan import Plan

TRAINING = "training.json"
RUNNING, INTERRUPTED, FAILED = "running", "interrupted", "failed"
TRAINED, FINISHED = "trained", "finished"  # all iterations are over; judged and drawn as well


def opening(plan: Plan, command: str) -> dict[str, Any]:
    """What is known before the first iteration."""
    return {
        "format": disk.FORMAT,
        "command": command,
        "plan": asdict(plan),
        "device": plan.device,
        "device_name": device_name(plan.device),
        "versions": disk.versions(),
        "machine": disk.machine(),
    }


def planned(manifest: Mapping[str, Any]) -> Plan:
    """The plan of a manifest; a UserError where it is another version's."""
    stated = dict(manifest["plan"])
    known = {field.name for field in fields(Plan)}
    if set(stated) != known:
        odd = ", ".join(sorted(set(stated) ^ known))
        raise UserError(f"{TRAINING}: a plan of another version: it differs in {odd}")
    return Plan(**{**stated, "populations": tuple(stated["populations"])})
