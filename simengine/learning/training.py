"""Training: simulate a span, learn from it, again; with evaluation, checkpoints and an exact resume.

An iteration's weights depend on the plan alone: episodes have seeds of their own, noise and minibatches are
keyed. A checkpoint of the simulation holds the economy and, as memory of its policies, every learner.
"""

from __future__ import annotations

import io
import shutil
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from agents.action import table_digest
from simengine import folder as disk
from simengine.claims import Claim, Numbered, claimed
from simengine.errors import UserError
from simengine.kernel import SimulationFailed
from simengine.kernel.errors import CheckpointError
from simengine.kernel.places import KEPT
from simengine.learning.collecting import Collector, Economies
from simengine.learning.devices import ran_on
from simengine.learning.evaluation import HELD_OUT, Returns, evaluate, gains, returns
from simengine.learning.learners import Pupils, check_rewarded, probe_of, pupils_of
from simengine.learning.manifest import (
    FAILED,
    INTERRUPTED,
    RUNNING,
    TRAINED,
    TRAINING,
    check_networks,
    opening,
    planned,
)
from simengine.learning.plan import Plan
from simengine.policies import ACTIONS
from simengine.scenarios.scenario import make_world
from simengine.simulation import Simulation
from streams.sealed import write_whole

CHECKPOINTS, MODELS, LOG = "checkpoints", "models", "logs/train.parquet"
CHECKPOINT_EVERY = 10  # iterations

Watch = Callable[["Trainer"], None]
CollectBy = Callable[[Plan, Pupils], Collector]


def span_steps(plan: Plan, sim: Simulation) -> int:
    """Agent-months that an iteration simulates in all replicas; `sim` is a simulation of the plan's world."""
    agents = sum(seat.columns.capacity for seat in sim.seats.values())
    span = round(plan.span_years * sim.world.ticks_per_year)
    return agents * plan.replicas * span * 12 // sim.world.ticks_per_year


def iterations_of(plan: Plan, agent_steps: int) -> int:
    """How many iterations it takes to simulate so many agent-months, over all replicas and populations."""
    return max(
        1, -(-agent_steps // span_steps(plan, Simulation(make_world(plan.world, plan.config), plan.seed)))
    )


def collected_by(ray: int | None) -> CollectBy:
    """Who simulates: so many Ray workers, or this process."""
    if ray is None:
        return Economies
    from simengine.learning.ray_workers import by_ray

    return by_ray(ray)


class Trainer:
    """One training in one folder; made by `begin`, or by `resume` where a folder was left behind.

    `pupils` are the policies that learn, `rows` the log: one row per iteration and population, with what
    `ppo.Update` says and `gain`, in standard deviations over histories, where networks were evaluated. `best`
    is the mean gain of the networks kept, and their iteration. `collect_by(plan, pupils)` makes the
    collector, which simulates, in this process unless said otherwise.
    """

    def __init__(self, plan: Plan, folder: Path = Path(), collect_by: CollectBy = Economies) -> None:
        self.plan, self.folder = plan, folder
        self._claim: Claim | None = None
        self.iteration, self.agent_steps, self.cpu_seconds = 0, 0, 0.0
        self.rows: list[dict[str, Any]] = []
        self.manifest: dict[str, Any] = {}
        self.best: dict[str, Any] = {"score": None, "iteration": None}
        probe = probe_of(plan)
        self.pupils = pupils_of(plan, probe, plan.replicas)
        self.populations, self.ticks_per_year = tuple(self.pupils), probe.world.ticks_per_year
        plan.check_times(self.ticks_per_year)
        self.span_steps = span_steps(plan, probe)
        check_rewarded(probe, self.pupils, plan.span_years)
        self._rule: Returns | None = None
        self._actions = probe.world.actions
        self.collector = collect_by(plan, self.pupils)

    @classmethod
    def begin(
        cls, plan: Plan, folder: Path | Numbered, command: str = "", collect_by: CollectBy = Economies
    ) -> Trainer:
        """A new training in a folder that is empty or not there yet; a UserError for another."""
        trainer = cls(plan, collect_by=collect_by)
        try:
            trainer._move_in(claimed(folder))
        except UserError:
            trainer.close()
            raise
        trainer.manifest = opening(plan, command) | trainer.collector.notes
        trainer.write(RUNNING)
        return trainer

    @classmethod
    def resume(cls, folder: Path, collect_by: CollectBy | None = None) -> Trainer:
        """The training of a folder, at its newest valid checkpoint, else at its start.

        It is collected as it was before, unless `collect_by` says otherwise.
        A UserError where the folder holds no training, one whose plan is another version's, or whose
        networks of others are no longer those that it began with.
        """
        disk.read_manifest(folder, TRAINING, "training")  # before anything is written there
        claim = Claim(folder)
        manifest = disk.read_manifest(folder, TRAINING, "training")
        check_networks(manifest)
        workers = manifest.get("ray", {}).get("workers")
        trainer = cls(planned(manifest, folder), collect_by=collect_by or collected_by(workers))
        trainer._move_in(claim)
        manifest.pop("failure", None)
        trainer.manifest = manifest
        trainer._restore()
        return trainer

    def _move_in(self, claim: Claim) -> None:
        self.folder, self._claim = claim.folder, claim

    @property
    def claim(self) -> Claim:
        """The right to write to its folder: `with trainer.claim:`."""
        if self._claim is None:
            self._claim = Claim(self.folder)
        return self._claim

    # -- training -----------------------------------------------------------------------------------

    @property
    def done(self) -> bool:
        """Whether all iterations are over."""
        return self.iteration >= self.plan.iterations

    def run(self, watch: Watch, stop: Callable[[], bool]) -> bool:
        """Train to the end or until `stop()`; true at the end. `watch(self)` is called after an iteration."""
        with self.claim:
            return self._run(watch, stop)

    def _run(self, watch: Watch, stop: Callable[[], bool]) -> bool:
        kept = self.iteration
        try:
            if self.plan.start and self.plan.evaluate_every and not self.iteration:
                self._judge()  # what it starts from may be the best there is
            while not self.done and not stop():
                self.iterate()
                if self.plan.evaluate_every and (self.done or self.iteration % self.plan.evaluate_every == 0):
                    self._judge()
                if self.done or self.iteration % CHECKPOINT_EVERY == 0:
                    self.checkpoint()
                    kept = self.iteration
                watch(self)
        except SimulationFailed as failure:
            self.manifest["failure"] = str(failure)
            self._save(self.folder / MODELS / "last")
            self._write_log()
            self.write(FAILED)
            raise
        if kept != self.iteration:
            self.checkpoint()
        self.write(TRAINED if self.done else INTERRUPTED)
        return self.done

    def iterate(self) -> None:
        """Simulate one span and let every learner learn from it."""
        if self.iteration and self.iteration % self.plan.spans == 0:
            self.collector.open(self.iteration // self.plan.spans)
        lived, simulated = self.collector.collect(round(self.plan.span_years * self.ticks_per_year))
        self.agent_steps += self.span_steps
        began, progress = time.process_time(), self.iteration / self.plan.iterations
        updates = {name: pupil.learn(lived[name], progress) for name, pupil in self.pupils.items()}
        self.collector.teach()
        self.cpu_seconds += simulated + time.process_time() - began
        self.iteration += 1
        stamp = {
            "iteration": self.iteration,
            "agent_steps": self.agent_steps,
            "cpu_seconds": self.cpu_seconds,
            "simulated_cpu_seconds": simulated,
        }
        self.rows += [
            {**stamp, "population": name, **update.row(), "gain": None} for name, update in updates.items()
        ]

    def close(self) -> None:
        """Let go of whoever simulates; nothing can be collected any more."""
        self.collector.close()

    # -- judging ------------------------------------------------------------------------------------

    def _judge(self) -> None:
        """Evaluate what has been learned, beside the rule, on the held-out seed; keep the best.

        Networks under which the economy breaks down are not judged, and a warning says so.
        """
        if self._rule is None:
            self._rule = self._returns({})
        device, precision = self.plan.device, self.plan.precision
        learned = {name: pupil.trained({}).policy(device, precision) for name, pupil in self.pupils.items()}
        try:
            found = gains(self._rule, self._returns(learned), self.populations)
        except SimulationFailed as failure:
            warnings.warn(f"iteration {self.iteration} is not judged: {failure}", stacklevel=2)
            return
        for row in self.rows[-len(self.pupils) :]:
            row["gain"] = found[row["population"]]
        score = sum(found.values()) / len(found)
        if self.best["score"] is None or score > self.best["score"]:
            self.best = {"score": score, "iteration": self.iteration}
            self._save(self.folder / MODELS)

    def _returns(self, learned: dict[str, Any]) -> Returns:
        plan = self.plan
        return returns(
            evaluate(
                plan.world, plan.config, {**plan.policies, **learned}, HELD_OUT, plan.evaluate_replicas,
                plan.evaluate_years,
            )
        )  # fmt: skip

    def _save(self, folder: Path) -> None:
        notes = {"world": self.plan.world, "config": dict(self.plan.config), "seed": self.plan.seed,
                 "iteration": self.iteration, "agent_steps": self.agent_steps,
                 "preset": self.plan.preset}  # fmt: skip
        for name, pupil in self.pupils.items():
            actions = table_digest(self._actions.get(name, {}))
            pupil.trained({**notes, ACTIONS: actions}).save(folder / f"{name}.safetensors")

    # -- on disk ------------------------------------------------------------------------------------

    def checkpoint(self) -> None:
        """Write economy, learners, log, manifest and the weights as they are now."""
        self._save(self.folder / MODELS / "last")
        if self.best["score"] is None:
            self._save(self.folder / MODELS)
        self._write_log()
        self.collector.checkpoint(self.folder / CHECKPOINTS / f"iteration{self.iteration:06d}", self._kept)
        for old in self._checkpoints()[KEPT:]:
            shutil.rmtree(old)
        self.write(RUNNING)

    def _write_log(self) -> None:
        buffer = io.BytesIO()
        pl.DataFrame(self.rows, infer_schema_length=None).write_parquet(buffer)
        write_whole(self.folder / LOG, buffer.getvalue())

    def _checkpoints(self) -> list[Path]:
        return sorted((self.folder / CHECKPOINTS).glob("iteration*"), reverse=True)

    def write(self, status: str) -> None:
        """Replace the manifest by how things stand now."""
        self.manifest |= {
            "status": status,
            **self._state(),
            "populations": list(self.populations),
            "networks": {name: ran_on(pupil) for name, pupil in self.pupils.items()},
        }
        disk.write_manifest(self.folder, self.manifest, TRAINING)

    def _state(self) -> dict[str, Any]:
        return {
            "iteration": self.iteration,
            "agent_steps": self.agent_steps,
            "cpu_seconds": self.cpu_seconds,
            "best": self.best,
        }

    def _kept(self) -> dict[str, Any]:
        """What a checkpoint holds besides economies and learners; the log is written from it again."""
        return {**self._state(), "rows": self.rows}

    def _restore(self) -> None:
        for place in self._checkpoints():
            try:
                found = self.collector.find(place)
            except CheckpointError as error:
                warnings.warn(f"passed over: {place.name}: {error}", stacklevel=3)
                continue
            return self._go_on(found)

    def _go_on(self, found: Any) -> None:
        state = self.collector.restore(found)
        for name in ("iteration", "agent_steps", "cpu_seconds", "best", "rows"):
            setattr(self, name, state[name])
        self._write_log()
