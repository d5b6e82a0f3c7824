"""The toy market under every kind of observer, run in pieces, killed, resumed: what a cut must not change."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from reactivex import operators as ops

from simengine.kernel import Simulation, SimulationFailed, Strike, newest
from streams import col, event, f8
from streams import recorder as recording
from streams.recorder import Recorder
from tests.kernel.toy_market import Crash, Exchange, Fill, Life, Refusal

EVENTS = (Fill, Refusal, Life)
END, DAY, TIMER, CHECKPOINT, SHOCK, RELIEF = 400, 90, 35, 155, 120, 201
SEGMENT = 50  # rows of a segment, so that there are many
SMALL = {"traders": 60, "day": DAY, "fate": 0.02, "cash": 30_000, "room": 200}


@event
class Turnover:
    """What a timer of an observer reads in the memory of a fold."""

    share: f8 = col("1", "sum of shares so far")


def add(batch: Any, memory: dict[str, Any]) -> None:
    """A fold of floats and counts."""
    batch.add("share", memory["share"])
    memory["rows"] += batch.counts


def follow(batch: Any, memory: dict[str, Any]) -> None:
    """A fold of several types that sees in which order they come, and when."""
    for values in batch.frame().iter_rows():
        text = f"{batch.event.__name__} {batch.tick} {values}".encode()
        digest = blake2b(memory["seen"].tobytes() + text, digest_size=16).digest()
        memory["seen"][...] = np.frombuffer(digest, np.uint64)


class Watched:
    """One run: `log` is what observers with operators saw, with the tick at which they saw it.

    Without `timers` nobody's clock cuts a span.
    """

    def __init__(
        self, folder: Path, replicas: Any = 2, resume: bool = False, timers: bool = True, **market: Any
    ) -> None:
        self.folder, self.timers, self.log = folder, timers, list[Any]()
        self.world = Exchange(**(SMALL | market))
        crash = Crash()
        shocks = [Strike(SHOCK, crash, RELIEF, (0,)), Strike(SHOCK + 9, crash)]
        if resume:
            self.sim = Simulation.resume(folder / "checkpoints", self.world, self.watch, shocks=shocks)
            self.recorder.restore(newest(folder / "checkpoints").sealed)
        else:
            self.sim = Simulation(self.world, seed=3, replicas=replicas, shocks=shocks)
            self.watch(self.sim)

    def watch(self, sim: Simulation) -> None:
        """Subscribe every kind of observer."""
        bus, everyone = sim.bus, range(sim.R)
        self.recorder = Recorder(self.folder, bus, events="all", replicas=everyone)

        def empty() -> dict[str, Any]:
            return {"share": np.zeros(sim.R), "rows": np.zeros(sim.R, np.int64)}

        self.singly = sim.fold(Fill, "singly", empty(), add)
        self.whole = sim.fold(Fill, "whole", empty(), add, whole=True)
        bus.fold(EVENTS, "order", {"seen": np.zeros(2, np.uint64)}, follow)
        sim.events(Fill).subscribe(lambda batch: self.log.append((sim.tick, batch.tick, batch.price.sum())))
        sim.events(Life).pipe(ops.debounce(7)).subscribe(
            lambda batch: self.log.append((sim.tick, "quiet since", batch.tick))
        )
        if self.timers:
            bus.every(TIMER, "turnover", self.publish_turnover)
            sim.events(Fill).pipe(ops.buffer_with_time(13), ops.map(len)).subscribe(
                lambda size: self.log.append((sim.tick, "batches", size))
            )

    def publish_turnover(self, tick: int) -> None:
        """What a timer does: read a fold, publish."""
        sim = self.sim
        sim.bus.publish(Turnover, tick=tick, dense=(sim.R,), share=self.singly["share"].copy())

    def run(self, until: int, cuts: Iterable[int] = ()) -> Watched:
        """Run to `until`, cutting spans at some ticks."""
        for cut in sorted({cut for cut in cuts if self.sim.tick < cut < until}):
            self.sim.run(until=cut)
        self.sim.run(until=until)
        return self

    def checkpoint(self) -> Watched:
        """Write a checkpoint with what the recorder has sealed."""
        self.sim.checkpoint(self.folder / "checkpoints", self.recorder.seal)
        return self

    def days(self, until: int) -> Watched:
        """Run to the end of a day, with a checkpoint after each."""
        while self.sim.tick < until:
            self.run(self.sim.tick + DAY).checkpoint()
        return self

    def fail(self, cuts: Iterable[int] = ()) -> SimulationFailed:
        """Run until it fails; the failure."""
        try:
            self.run(END, cuts)
        except SimulationFailed as failure:
            return failure
        raise AssertionError("it did not fail")

    def outcome(self) -> dict[str, Any]:
        """All that must be equal however the run was cut, resumed runs' `log` apart."""
        self.recorder.seal(1)
        assert not self.sim.bus.failures
        memory = {name: array.tolist() for name, array in self.sim.bus.memory().items()}
        columns = {name: array.tobytes() for name, array in self.sim.state.arrays().items()}
        return {
            "digest": self.sim.digest,
            "tick": self.sim.tick,
            "state": columns,
            "folds": memory,
            "segments": self.recorder.segments,
        }


def run_until_killed(folder: str) -> None:
    """What a process of its own does."""
    recording.SEGMENT_ROWS = SEGMENT
    Watched(Path(folder)).days(10**9)
