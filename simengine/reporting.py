"""Reports: every world writes its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from simengine import folder as disk
from simengine.claims import Claim
from simengine.registry import world_of

if TYPE_CHECKING:
    from analysis import Run

SCORECARD = "scorecard.json"


def write_report(run: Run) -> list[str]:
    """Write the report of a run as its world does, into its folder; the names of the files.

    A report that scores the run leaves a `scorecard.json`; its score goes into the manifest. NoReport when
    the run is too short for it or recorded too little, UserError where the folder cannot be written to.
    """
    with Claim(run.path):
        made = world_of(run.manifest).report(run)
        if SCORECARD in made:
            card = json.loads((run.path / SCORECARD).read_text(encoding="utf-8"))
            disk.write_manifest(run.path, disk.read_manifest(run.path) | {"score": card["score"]})
    return made
