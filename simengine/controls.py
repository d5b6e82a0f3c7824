"""The random-policy control: what the same economy scores when everyone decides by chance."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simengine.config import validated
from simengine.errors import UserError
from simengine.policies import EVERYONE
from simengine.registry import facts_of, world_class, worlds
from simengine.scenarios import Scenario

if TYPE_CHECKING:
    from analysis import Facts, Run, Scorecard

SIZE: dict[str, Any] = {"seed": 0, "replicas": "0-31", "years": 25}
"""What `make controls` runs of each world in its default configuration."""


def random_policy_score(run: Run, facts: Facts, anew: bool = False) -> float | None:
    """The score, %, of random policies in the world of a run, or None when nobody has measured it.

    The world's facts keep it for the default configuration. With `anew` the run's own configuration, seed,
    replicas and length are run again with random policies.
    """
    from analysis.scorecard import control

    if not anew:
        return control(run.manifest, facts)
    if "scenario" not in run.manifest:
        raise UserError("--controls: this manifest has no scenario, so it cannot be run again")
    return scored(validated(Scenario, run.manifest["scenario"], "scenario")).score


def scored(scenario: Scenario) -> Scorecard:
    """The scorecard of a scenario under random policies and without its shocks and commands."""
    from analysis import Run, score
    from simengine.recording import Recording

    undisturbed: dict[str, Any] = {"shock": [], "command": [], "observe": []}
    control = scenario.model_copy(update={"policies": {EVERYONE: "random"}, **undisturbed})
    with tempfile.TemporaryDirectory() as place:
        recording = Recording.begin(control, Path(place) / "control", checkpoint_every=0)
        recording.run()
        return score(Run(recording.folder), facts_of(scenario.world))


def write_controls() -> None:
    """Measure the control of every world that keeps one again and write its file."""
    for world in worlds():
        facts = world_class(world).facts()
        if facts is not None and facts.control is not None:
            card = scored(Scenario.model_validate({"world": world, **SIZE}))
            found = {"score": card.score, "se": card.se, **SIZE}
            facts.control.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_controls()
