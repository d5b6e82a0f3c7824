"""Where networks run: the device of a plan, its name, and what ran on it."""

from __future__ import annotations

from typing import Any

import torch

from agents.neural import NeuralPolicy
from simengine.errors import UserError, unknown
from simengine.folder import processor

DEVICES = ("auto", "cpu", "cuda")


def device(asked: str) -> str:
    """The device of a plan, `cpu` or `cuda`, of what was asked; `auto` is the GPU where torch sees one.

    UserError for another word, or for `cuda` where torch sees no GPU.
    """
    if asked not in DEVICES:
        raise UserError(unknown("device", asked, DEVICES))
    seen = torch.cuda.is_available()
    if asked == "cuda" and not seen:
        raise UserError("device cuda: torch sees no GPU here: valid are cpu and auto")
    return "cuda" if seen and asked != "cpu" else "cpu"


def device_name(used: str) -> str:
    """The model of the GPU or of the processor."""
    return torch.cuda.get_device_name(used) if used.startswith("cuda") else processor()


def ran_on(policy: NeuralPolicy) -> dict[str, Any]:
    """What a manifest says about a network: its weights, its device, its forward passes and their rows."""
    forward, weights = policy.forward, policy.weights
    known = {"weights": weights.file, "digest": weights.digest} if weights is not None else {}
    return {
        **known,
        "greedy": policy.greedy,
        "device": str(forward.device),
        "device_name": device_name(str(forward.device)),
        "precision": forward.precision,
        "forward_passes": forward.passed.forwards,
        "rows": forward.passed.rows,
    }
