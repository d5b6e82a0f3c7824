"""The random-policy control: what the same economy scores when everyone decides by chance."""

from __future__ import annotations

import json
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Any

from simengine.config import validated
from simengine.errors import UserError
from simengine.simulation import EVERYONE

TABLE = "data/controls.json"


def random_policy_score(manifest: dict[str, Any], anew: bool = False) -> float | None:
    """The score, %, of random policies in the world of a run, or None when nobody has measured it.

    The committed table holds it for shipped worlds in their default configuration. With `anew` the run's own
    configuration, seed, replicas and length are run again with random policies.
    """
    if anew:
        return measured(manifest)
    entry = table().get(str(manifest.get("world")))
    if entry is None or manifest.get("scenario", {}).get("config"):
        return None
    return float(entry["score"])


def table() -> dict[str, Any]:
    """The committed scores by world, each with how it was measured."""
    path = files("analysis").joinpath(TABLE)
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def measured(manifest: dict[str, Any]) -> float:
    """Run a manifest's scenario, without its shocks, under random policies, and score it."""
    from analysis import Run, score
    from simengine.recording import Recording
    from simengine.scenarios import Scenario

    try:
        scenario = validated(Scenario, manifest["scenario"], "scenario")
    except KeyError:
        raise UserError("--controls: this manifest has no scenario, so it cannot be run again") from None
    control = scenario.model_copy(update={"policies": {EVERYONE: "random"}, "shock": [], "observe": []})
    with tempfile.TemporaryDirectory() as place:
        recording = Recording.begin(control, Path(place) / "control", checkpoint_years=0)
        recording.run()
        return score(Run(recording.folder)).score
