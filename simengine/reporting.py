"""Reports: every world writes its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from simengine import folder as disk
from simengine.claims import Claim
from simengine.registry import reporter_of

if TYPE_CHECKING:
    from analysis import Run

SCORECARD = "scorecard.json"


def write_report(run: Run) -> list[str]:
    """Write the report of a run as its world does, into its folder; the names of the files.

    A report that scores the run leaves a `scorecard.json`; its score, or why it has none, goes into the
    manifest. Whatever is drawn has one look. NoReport when the run recorded too little, UserError where the
    folder cannot be written to.
    """
    from analysis.figures.style import look

    with Claim(run.path), look():
        made = reporter_of(run)(run)
        if SCORECARD in made:
            card = json.loads((run.path / SCORECARD).read_text(encoding="utf-8"))
            scored = {"score": card["score"], "score_note": card.get("note")}
            disk.write_manifest(run.path, disk.read_manifest(run.path) | scored)
    return made
