"""Reports: every world names the function that draws and writes its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from simengine.registry import imported, world_class

if TYPE_CHECKING:
    from analysis import Run


def write_report(run: Run) -> list[str]:
    """Write the report of a run as its world says: `reporter = "module:function"` on the world's class.

    The function takes the `Run`, writes into its folder and returns the names of the files. NoReport when the
    world names none, or when the run is too short for it or recorded too little.
    """
    from analysis.run import NoReport

    world = run.manifest.get("scenario", {}).get("world", run.manifest.get("world"))
    reporter = getattr(world_class(str(world)), "reporter", None)
    if reporter is None:
        raise NoReport(f"{run.path}: the world {world} has no report; its class names none as its reporter")
    return cast("list[str]", imported(reporter, "reporter")(run))
