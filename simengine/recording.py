"""A run on disk: simulate, record, checkpoint, stop and go on, and leave a folder that analysis can open."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable
from math import ceil
from pathlib import Path
from typing import Any

from simengine import folder as disk
from simengine import postings
from simengine.claims import Claim, Numbered, claimed
from simengine.config import validated
from simengine.errors import UserError, one_line
from simengine.guarded import guarded
from simengine.kernel import SimulationFailed
from simengine.kernel import checkpoint as saved
from simengine.kernel.declaration import apart
from simengine.live.pace import Pace
from simengine.live.steering import AT_ONCE, Live, Steering, check, check_journal, identity_of
from simengine.notebooks import table_of
from simengine.policies import cast_in
from simengine.registry import observer, sources, within_reach
from simengine.reporting import write_report
from simengine.scenarios.scenario import Scenario
from simengine.shocks.schedule import ticks, told
from simengine.simulation import Simulation
from simengine.worlds.contract import World
from streams.guard import said
from streams.recorder import Recorder
from streams.segments import verify

CHECKPOINTS = "checkpoints"

LEAST_APART = 5.0
"""Seconds between checkpoints of a run that keeps a pace: to resume it, no more has to be done again."""

RUNNING, FINISHED, INTERRUPTED, FAILED = "running", "finished", "interrupted", "failed"

Watch = Callable[[Simulation], None]


def plain(scenario: Scenario) -> dict[str, Any]:
    """A scenario as a manifest holds it."""
    return scenario.model_dump(mode="json", exclude_none=True)


def usual(year: int, live: Live) -> int:
    """Ticks between checkpoints where nobody says: a year, or years that last `LEAST_APART` at its pace."""
    wanted = Pace(live.rate, live.speed).wanted
    return year * max(1, ceil(LEAST_APART * wanted / year)) if wanted else year


def _nobody(sim: Simulation) -> None:
    """The watch of a run that nobody watches."""


def _never() -> bool:
    return False


class Recording:
    """One scenario being run into one folder; made by `begin` or, from a folder left behind, by `reopen`."""

    folder: Path

    def __init__(self, scenario: Scenario, live: Live = AT_ONCE) -> None:
        self.live = live
        self.manifest: dict[str, Any] = {}
        self.unreported = ""
        self._sealed = 0.0
        self.sim = Simulation.of(scenario)
        self.world: World = self.sim.world
        named = {"policies": cast_in(self.world, scenario.policies)}
        self.scenario = scenario.model_copy(update=named).anchored()
        self.until = scenario.until(self.world.ticks_per_year)
        for name, seat in self.sim.seats.items():
            last = getattr(seat.policy, "until", None)
            if last is not None and last < self.until:
                said = f"policy {name}: recorded to tick {last}, this run ends at {self.until}"
                raise UserError(f"{said}: valid is a run that is no longer")
        if scenario.record.postings:
            postings.log(self.sim)

    @classmethod
    def begin(
        cls,
        scenario: Scenario,
        folder: str | Path | Numbered,
        command: str = "",
        checkpoint_every: int | str | None = None,
        keep: int | None = saved.KEPT,
        live: Live = AT_ONCE,
    ) -> Recording:
        """A new run in an empty folder; checkpoints come every span of time (0: none), and last.

        Where none is said they come as `usual`. The newest `keep` of them stay; with None all do.
        """
        if keep is not None and keep < 1:
            raise UserError(f"keep = {keep}: valid is 1 or more checkpoints, or None for all")
        run = cls(scenario, live)
        every = usual(run.world.ticks_per_year, live)
        if (
            checkpoint_every is not None
            and (every := ticks(checkpoint_every, run.world, "checkpoint every")) < 0
        ):
            raise UserError(f"checkpoint every = {checkpoint_every!r}: valid is a span of time, 0 for none")
        check(run.sim, scenario.command)
        if live.journal is not None:
            check_journal(live.journal, identity_of(plain(run.scenario)))
        run._observe()
        run._move_in(claimed(Path(folder) if isinstance(folder, str) else folder))
        if live.journal is not None:
            run.steering.follow(live.journal)
        else:
            for line in scenario.command:
                run.steering.tell(line)
        run.manifest = run._opening(command, every) | {"keep_checkpoints": keep}
        run._record(None)
        run._write(RUNNING)
        return run

    @classmethod
    def reopen(cls, folder: str | Path, live: Live = AT_ONCE) -> Recording:
        """A run that was interrupted or killed, at its newest valid checkpoint, else at its start."""
        folder = Path(folder)
        disk.read_manifest(folder)  # before anything is written into what may be no run's folder
        claim = Claim(folder)
        manifest = disk.read_manifest(folder)
        if manifest["status"] == FINISHED:
            raise UserError(f"{folder}: this run is finished: simengine report {folder} draws it again")
        with guarded(folder):
            within_reach(manifest.get("sources", {}))
            scenario = validated(Scenario, manifest["scenario"], f"{folder}/manifest.json").checked()
            run = cls(scenario, live)
            run._move_in(claim)
        if other := apart(manifest, run.sim.declaration()):
            raise UserError(f"{folder}: {other}: valid is the same run")
        run.manifest = manifest
        found = saved.nearest(folder / CHECKPOINTS, check=lambda each: verify(folder, each.sealed or []))
        if found is not None:
            run.sim.restore(found)
        run._observe()
        run._record(found.sealed or [] if found is not None else [])
        return run

    def _move_in(self, claim: Claim) -> None:
        """Have a folder to record into, which is this run's until it ends or is interrupted."""
        self._claim, self.folder = claim, claim.folder
        self.sim.rerun = f"simengine resume {self.folder}"
        self.steering = Steering(self.sim, self.folder, identity_of(plain(self.scenario)), self.live)

    def _repr_html_(self) -> str:
        return table_of(self.sim, {"folder": str(self.folder), "status": self.manifest.get("status", "")})

    def run(self, watch: Watch = _nobody, stop: Callable[[], bool] = _never) -> bool:
        """Simulate to the end or until `stop()`, true at the end; `watch(sim)` is called once a period."""
        with self._claim:
            return self._run(watch, stop)

    def _run(self, watch: Watch, stop: Callable[[], bool]) -> bool:
        began, worked = time.perf_counter(), time.process_time()
        try:
            self._advance(watch, stop)
        except SimulationFailed as failure:
            self.manifest["failure"] = str(failure)
            self._write(FAILED)
            raise
        finally:
            self.manifest["seconds"] += time.perf_counter() - began
            self.manifest["cpu_seconds"] += time.process_time() - worked
        done = self.sim.tick >= self.until
        self.checkpoint()
        if done and self.recorder is not None:
            self.manifest["tables"] = self.recorder.finish()
            self.manifest |= self._statements()
        self._write(FINISHED if done else INTERRUPTED)
        return done

    def _advance(self, watch: Watch, stop: Callable[[], bool]) -> None:
        sim, period, steering = self.sim, self.manifest["checkpoint_ticks"], self.steering
        short, _ = self.world.periods()
        steering.hurried = stop
        while sim.tick < self.until and not stop():
            steering.attend()
            if steering.stopped:
                return
            before, most = sim.tick, min(self.until - sim.tick, short - sim.tick % short)
            ticks = steering.pace.ticks(before, most) if before >= 0 else most
            if ticks:
                sim.run(until=before + ticks)
                if sim.tick % short == 0 or sim.tick == self.until:
                    watch(sim)
                if sim.stopped:
                    return
                if period and before // period < sim.tick // period and sim.tick < self.until:
                    self.checkpoint()
                self._show()
        if sim.tick >= self.until:
            sim.complete()

    def _show(self) -> None:
        """Put what has been recorded where others can read it, every so many seconds of wall time."""
        if self.live.seal_seconds is None or self.recorder is None:
            return
        now = time.perf_counter()
        if now - self._sealed >= self.live.seal_seconds:
            self.recorder.seal(1)
            self._write(RUNNING)
            self._sealed = now

    def checkpoint(self) -> None:
        """Seal what is recorded so far and write a checkpoint of everything."""
        seal = self.recorder.seal if self.recorder is not None else None
        self.sim.checkpoint(
            self.folder / CHECKPOINTS, seal, self.manifest.get("keep_checkpoints", saved.KEPT)
        )

    def conclude(self) -> list[str]:
        """The report that the world names; the names of its files, none when there is nothing to report."""
        from analysis import Run
        from analysis.run import NoReport

        try:
            made = write_report(Run(self.folder, verify=False))
        except NoReport as note:
            self.unreported = one_line(note)
            return []
        self.manifest = disk.read_manifest(self.folder)
        return made

    def _recorded(self) -> dict[str, Any]:
        """What the recorder says, its segments in the order of their files, whichever was sealed first."""
        state = self.recorder.state() if self.recorder is not None else {"segments": []}
        return {**state, "segments": sorted(state["segments"], key=lambda segment: segment["file"])}

    def _strikes(self) -> list[dict[str, Any]]:
        """What struck, in words; `planned` are the shocks of the scenario, the rest was told to the run."""
        planned = len(self.scenario.shock)
        found = (told(strike, self.sim.R) for strike in self.sim.strikes)
        return [{**said, "planned": at < planned} for at, said in enumerate(found)]

    def _networks(self) -> dict[str, Any]:
        """Which network decided for which population, on what, and how often."""
        neural = {n: s.policy for n, s in self.sim.seats.items() if hasattr(s.policy, "forward")}
        if not neural:
            return {}
        from simengine.learning.devices import ran_on

        return {name: ran_on(policy) for name, policy in neural.items()}

    def _statements(self) -> dict[str, Any]:
        """Of a world with `books`: fingerprints, matrices of the first replica without sums."""
        books = self.world.books
        if books is None:
            return {}
        matrices = {"balance_sheet": books.matrix(0).terms(), "flows": books.flows(0).terms()}
        told = {
            name: {"rows": m.rows, "columns": m.columns, "values": m.values.tolist()}
            for name, m in matrices.items()
        }
        return {"fingerprints": books.fingerprint.tolist(), **told}

    def _observe(self) -> None:
        """Have metrics and observers listen; UserError for one that cannot."""
        self.sim.measure()
        for spec in self.scenario.observe:
            try:
                observer(spec)(self.sim)
            except KeyboardInterrupt:
                raise
            except BaseException as error:
                what = one_line(said(error))
                raise UserError(f"observer {spec!r}: failed before the run: {what}") from error

    def _record(self, sealed: list[Any] | None) -> None:
        """Have the recorder listen, after what was `sealed` where a run goes on."""
        record, sim = self.scenario.record, self.sim
        self.recorder: Recorder | None = None
        if record.types == "none":
            return
        named = {"first": None, "all": range(sim.R)}
        replicas = named[record.replicas] if isinstance(record.replicas, str) else record.replicas
        every = ticks(record.every, self.world, "record.every")
        self.recorder = Recorder(self.folder, sim.bus, record.types, every, replicas, sim.numbers)
        if sealed is not None:
            self.recorder.restore(sealed)

    def _opening(self, command: str, checkpoint_ticks: int) -> dict[str, Any]:
        sim, world = self.sim, self.world
        return {
            "format": disk.FORMAT,
            "status": RUNNING,
            "command": command,
            **sim.declaration(),
            "replicas": sim.R,
            "start": sim.start,
            "until": self.until,
            "ticks_per_year": world.ticks_per_year,
            "calendar": world.calendar.units,
            "metrics": {metric.name: metric.unit for metric in world.metrics},
            "periods": list(world.periods()),
            "years": self.until / world.ticks_per_year,
            "checkpoint_ticks": checkpoint_ticks,
            "scenario": plain(self.scenario),
            "sources": sources(self.scenario.specs),
            "data_sheet": inspect.getdoc(inspect.getmodule(type(world))) or inspect.getdoc(type(world)) or "",
            "versions": disk.versions(),
            "machine": disk.machine(),
            "seconds": 0.0,
            "cpu_seconds": 0.0,
        }

    def _write(self, status: str) -> None:
        sim = self.sim
        self.manifest |= {
            "status": status,
            "tick": sim.tick,
            "pace": self.steering.pace.told(sim.tick),
            "commands": len(self.steering.journal.entries),
            "deciders": dict(sim.deciders),
            "who_decides": sim.who,
            "strikes": self._strikes(),
            "digest": sim.digest,
            "digests": disk.hex_digests(sim.digests),
            "counts": sim.counted(),
            **self._recorded(),
            "networks": self._networks(),
            "observer_failures": [
                f"observer {f.name} of {f.event} failed {f.count} times, last at tick {f.tick}: {f.error}"
                for f in sim.bus.failures
            ],
        }
        disk.write_manifest(self.folder, self.manifest)
