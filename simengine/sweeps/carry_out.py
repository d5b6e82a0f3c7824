"""A sweep in its folder: begun or gone on with, carried out by workers, kept point by point, concluded."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import blake2b
from math import ceil
from pathlib import Path
from typing import Any

import polars as pl

from simengine import folder as disk
from simengine.claims import Claim, Numbered, claimed
from simengine.config import field_at, setting_of, validated
from simengine.errors import UserError
from simengine.guarded import guarded
from simengine.policies import cast_in, weights_behind
from simengine.registry import config_model, sources, within_reach, world_class
from simengine.studies.sources import source_digest
from simengine.sweeps.design import Sweep
from simengine.sweeps.outcomes import Measured, Work, measured_all, units_of
from simengine.sweeps.results import ResultsFile
from simengine.sweeps.table import column, table, write
from simengine.workers import WorkerDied, Workers, carried_out

MANIFEST, RESULTS = "sweep.json", "results.jsonl"
RUNNING, FINISHED, INTERRUPTED = "running", "finished", "interrupted"
ROUNDS, MOST_AT_ONCE = 8, 16
"""Into how many rounds of work the points are parted at least, and how many points a worker gets at most."""

Watch = Callable[[int], None]


class Sweeping:
    """One sweep in one folder; made by `begin` or, from a folder left behind, by `reopen`.

    `results` are the points that are done, `lost` those of which every worker died.
    """

    def __init__(self, sweep: Sweep, claim: Claim, manifest: dict[str, Any]) -> None:
        self.sweep, self.folder, self.manifest = sweep, claim.folder, manifest
        self._claim = claim
        self.points = sweep.points()
        self.kept = ResultsFile(self.folder / RESULTS, manifest["key"])
        found = (Measured(*row) for entry in self.kept.entries for row in entry)
        self.results = {each.point: each for each in found}
        self.lost: dict[int, str] = {}

    @classmethod
    def begin(cls, sweep: Sweep, folder: str | Path | Numbered, command: str = "") -> Sweeping:
        """A new sweep in an empty folder."""
        claim = claimed(Path(folder) if isinstance(folder, str) else folder)
        cast = cast_in(world_class(sweep.world), sweep.policies)
        sweep = sweep.model_copy(update={"policies": cast}).anchored()
        manifest = {
            "format": disk.FORMAT,
            "status": RUNNING,
            "command": command,
            "world": sweep.world,
            "sweep": sweep.model_dump(mode="json", exclude_none=True),
            "sources": sources(sweep.specs),
            "key": key_of(sweep),
            "versions": disk.versions(),
            "machine": disk.machine(),
        }
        disk.write_manifest(claim.folder, manifest, MANIFEST)
        return cls(sweep, claim, manifest)

    @classmethod
    def reopen(cls, folder: str | Path) -> Sweeping:
        """A sweep that was interrupted or killed, or one that is done, to be drawn again.

        UserError where anything is left to run and code or networks have changed since.
        """
        folder = Path(folder)
        disk.read_manifest(folder, MANIFEST, "sweep")  # before anything is written into what may be no sweep
        claim = Claim(folder)
        manifest = disk.read_manifest(folder, MANIFEST, "sweep")
        with guarded(folder):
            within_reach(manifest.get("sources", {}))
            sweep = validated(Sweep, manifest["sweep"], f"{folder}/{MANIFEST}").checked()
        found = cls(sweep, claim, manifest)
        if not found.done and manifest["key"] != key_of(sweep):
            raise UserError(
                f"{folder}: the code or a network has changed since this sweep began: "
                "valid is what it began with, or a sweep into a new folder"
            )
        return found

    def run(self, workers: Workers, watch: Watch, stop: Callable[[], bool]) -> bool:
        """Run what is not done until the end or `stop()`, true at the end; the caller's are the workers.

        `watch(count)` is told of points as they are done.
        """
        with self._claim:
            return self._run(workers, watch, stop)

    def _run(self, workers: Workers, watch: Watch, stop: Callable[[], bool]) -> bool:
        works = self._parted(workers.room)
        try:
            for position, answer in carried_out(workers, measured_all, works, stop):
                if isinstance(answer.error, WorkerDied):
                    self.lost |= dict.fromkeys(works[position].runs, str(answer.error))
                elif answer.error is not None:
                    raise answer.error
                else:
                    self._keep(answer.value)
                    watch(len(answer.value))
        finally:
            self._write(FINISHED if self.done else INTERRUPTED)
        return self.done

    @property
    def done(self) -> bool:
        """Whether every point has been run."""
        return len(self.results) == len(self.points)

    @property
    def failed(self) -> dict[int, str]:
        """The points that failed, each with its line."""
        return {point: found.failed for point, found in sorted(self.results.items()) if found.failed}

    def table(self) -> pl.DataFrame:
        """What was measured, in the long form of `simengine.sweeps.table`."""
        numbers = [run.replicas for run in self.sweep.scenarios(self.points)]
        return table(self.points, numbers, self.results, units_of(self.sweep.make_world()))

    def conclude(self) -> list[str]:
        """Write table, figures and report; the names of the files."""
        from analysis.sweep import Swept, report

        frame = self.table()
        found = Swept(frame, self._settings())
        with self._claim:
            made = write(frame, self.folder)
            return [*made, *report(found, self.headline(), self.manifest, self.folder)]

    def _settings(self) -> dict[str, str]:
        """The varied settings by column, each with its unit."""
        model = config_model(world_class(self.sweep.world))
        fields = {name: field_at(model, name.split(".")) for name in self.points[0]}
        return {column(name): setting_of(field)[0] if field else "" for name, field in fields.items()}

    def headline(self) -> str:
        """What was run, who decided, on which noise."""
        sweep, design = self.sweep, self.sweep.sweep
        world = sweep.make_world()
        length = world.calendar.text(sweep.until(world.ticks_per_year))
        who = next((found.who for found in self.results.values() if found.who), "nobody: every point failed")
        noise = {"common": "the same noise at every point", "independent": "noise of its own at every point"}
        parts = [
            f"{len(self.points)} points ({design.design}) of {len(sweep.replicas)} x {length}",
            f"measured from {design.since}" if design.since else "",
            f"who decides: {who}",
            noise[design.noise],
            f"seed {sweep.seed}",
            f"shocks: {', '.join(block.type for block in sweep.shock)}" if sweep.shock else "",
        ]
        return "; ".join(part for part in parts if part)

    def _parted(self, room: int) -> list[Work]:
        """What is not done, in parts of neighbouring points."""
        runs = dict(enumerate(self.sweep.scenarios(self.points)))
        left = [point for point in runs if point not in self.results]
        size = min(MOST_AT_ONCE, max(1, ceil(len(left) / (ROUNDS * room))))
        given = self.sweep.since(), tuple(self.sweep.sweep.outcomes), self.manifest["sources"]
        parts = (left[first : first + size] for first in range(0, len(left), size))
        return [Work({point: runs[point] for point in part}, *given) for part in parts]

    def _keep(self, found: list[Measured]) -> None:
        self.kept.append(found)
        self.results |= {each.point: each for each in found}

    def _write(self, status: str) -> None:
        self.manifest |= {"status": status, "done": len(self.results), "failed": self.failed}
        disk.write_manifest(self.folder, self.manifest, MANIFEST)


def key_of(sweep: Sweep) -> str:
    """What the results of a sweep depend on: what it says, the code behind it, the weights that decide."""
    digest, cls = blake2b(digest_size=16), world_class(sweep.world)
    stated = sweep.model_dump(mode="json", exclude_none=True)
    digest.update((json.dumps(stated, sort_keys=True) + source_digest(sweep.world)).encode())
    weights = [
        path for who, spec in sorted(sweep.policies.items()) for path in weights_behind(spec, who, cls)
    ]
    for path in (*weights, *(Path(file) for _, file in sorted(sources(sweep.specs).items()))):
        digest.update(path.read_bytes())
    return digest.hexdigest()
