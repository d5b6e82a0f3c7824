"""Reports: every world writes its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simengine.registry import world_of

if TYPE_CHECKING:
    from analysis import Run


def write_report(run: Run) -> list[str]:
    """Write the report of a run as its world does, into its folder; the names of the files.

    NoReport when the run is too short for it or recorded too little.
    """
    return world_of(run.manifest).report(run)
