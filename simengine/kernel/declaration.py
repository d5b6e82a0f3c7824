"""What identifies a run: world, seed, replica numbers, settings, and who decides in every seat."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simengine.kernel.simulation import Simulation


def declared(sim: Simulation) -> dict[str, Any]:
    """What a manifest keeps of a simulation; bits of two that differ in it may differ."""
    config = sim.world.config
    plain = config.model_dump(mode="json") if hasattr(config, "model_dump") else repr(config)
    return {
        "world": sim.world.name,
        "seed": sim.seed,
        "numbers": list(sim.numbers),
        "config": plain,
        "policies": {name: seat.opening for name, seat in sim.seats.items()},
    }


def policy_declared(policy: Any) -> Any:
    """What a policy says of itself by `declared()`, else its class and, where it has one, its `digest`.

    One made of several says which, by name.
    """
    if hasattr(policy, "declared"):
        said = policy.declared()
        parts = said.items() if isinstance(said, dict) else ()
        return {name: policy_declared(part) for name, part in parts} or said
    kind = f"{type(policy).__module__}:{type(policy).__qualname__}"
    digest = getattr(policy, "digest", None)
    return kind if digest is None else f"{kind} {digest}"


def apart(there: Mapping[str, Any], here: Mapping[str, Any]) -> str:
    """The first thing here that is another there, in one line; empty when all is the same."""
    plain = json.loads(json.dumps(here, default=str))
    for name, value in plain.items():
        if name not in there or there[name] != value:
            return _apart(name, there.get(name), value)
    return ""


def short(value: Any) -> str:
    """A value as code, of sixty characters at most."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _apart(name: str, there: Any, here: Any) -> str:
    if isinstance(there, dict) and isinstance(here, dict):
        for key in dict.fromkeys((*here, *there)):
            if there.get(key) != here.get(key):
                return _apart(f"{name}.{key}", there.get(key), here.get(key))
    return f"{name} is {short(there)} there and {short(here)} here"
