"""The random-policy control: what the same economy scores when everyone decides by chance."""

from __future__ import annotations

import json
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simengine.config import validated
from simengine.errors import UserError
from simengine.scenarios import Scenario
from simengine.simulation import EVERYONE

if TYPE_CHECKING:
    from analysis import Scorecard

MEASURED: dict[str, dict[str, Any]] = {"macro": {"seed": 0, "replicas": "0-31", "years": 25}}
"""What `make controls` runs: default configuration, everyone random."""


def random_policy_score(manifest: dict[str, Any], anew: bool = False) -> float | None:
    """The score, %, of random policies in the world of a run, or None when nobody has measured it.

    The committed table holds it for shipped worlds in their default configuration. With `anew` the run's own
    configuration, seed, replicas and length are run again with random policies.
    """
    from analysis.scorecard import control

    return measured(manifest) if anew else control(manifest)


def measured(manifest: dict[str, Any]) -> float:
    """Run a manifest's scenario, without its shocks, under random policies, and score it."""
    if "scenario" not in manifest:
        raise UserError("--controls: this manifest has no scenario, so it cannot be run again")
    return scored(validated(Scenario, manifest["scenario"], "scenario")).score


def scored(scenario: Scenario) -> Scorecard:
    """The scorecard of a scenario under random policies and without its shocks."""
    from analysis import Run, score
    from simengine.recording import Recording

    control = scenario.model_copy(update={"policies": {EVERYONE: "random"}, "shock": [], "observe": []})
    with tempfile.TemporaryDirectory() as place:
        recording = Recording.begin(control, Path(place) / "control", checkpoint_every=0)
        recording.run()
        return score(Run(recording.folder))


def write_table() -> None:
    """Measure the control of every world in `MEASURED` again and write the committed table."""
    from analysis.scorecard import CONTROLS

    found = {}
    for world, lengths in MEASURED.items():
        card = scored(Scenario.model_validate({"world": world, **lengths}))
        found[world] = {"score": card.score, "se": card.se, **lengths}
    Path(str(files("analysis").joinpath(CONTROLS))).write_text(
        json.dumps(found, indent=1) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    write_table()
