"""Training by workers: each simulates a share of the replicas, one process learns from them all.

Noise is keyed by replica number and a forward pass gives a row the same answer in any company. What the
workers lived through, merged in the order of time, is to the bit what one process would have lived through.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from agents.experience import merged
from simengine.errors import UserError
from simengine.kernel import SimulationFailed
from simengine.kernel import checkpoint as saved
from simengine.learning.collecting import Economies, State, Stretch
from simengine.learning.learners import Pupils, probe_of, pupils_of
from simengine.learning.plan import Plan

Memory = dict[str, dict[str, NDArray[Any]]]
"""Arrays by population and name."""


class Shift(NamedTuple):
    """What one worker hands over: a span, and how often its networks have run for how many rows in all."""

    span: Stretch
    passed: dict[str, NDArray[np.int64]]


def shares(replicas: int, workers: int) -> list[range]:
    """The replica numbers of each worker: consecutive, and as many for each as can be."""
    if not 1 <= workers <= replicas:
        raise UserError(f"{workers} workers for {replicas} replicas: valid is 1 to {replicas}")
    ends = [replicas * k // workers for k in range(workers + 1)]
    return [range(first, last) for first, last in pairwise(ends)]


def place(folder: Path, numbers: Sequence[int]) -> Path:
    """Where the checkpoints of a share lie."""
    return folder / f"replicas{numbers[0]}-{numbers[-1]}"


class Worker:
    """A share of a plan's replicas, with pupils that are told what to know instead of learning it."""

    def __init__(self, plan: Plan, numbers: Sequence[int]) -> None:
        self.numbers = numbers
        self.pupils = pupils_of(plan, probe_of(plan), len(numbers))
        self.economies = Economies(plan, self.pupils, numbers)

    def open(self, episode: int) -> None:
        """Begin an episode."""
        self.economies.open(episode)

    def teach(self, learned: Memory) -> None:
        """Take over what the learners of the training know."""
        for name, pupil in self.pupils.items():
            pupil.learner.restore(learned[name])
            pupil.ready()

    def collect(self, ticks: int) -> Shift:
        """Simulate so many ticks."""
        for pupil in self.pupils.values():
            if pupil.rollout is not None:
                pupil.rollout.clear()
        try:
            span = self.economies.collect(ticks)
        except SimulationFailed as failure:
            if self.numbers[0]:
                failure.args = (f"{failure} (what is replica 0 here is number {self.numbers[0]})",)
            raise
        return Shift(span, self.passed())

    def passed(self) -> dict[str, NDArray[np.int64]]:
        """Forward passes and their rows so far, (2,), by population."""
        return {name: pupil.memory()["passed"] for name, pupil in self.pupils.items()}

    def checkpoint(self, folder: str, state: State) -> None:
        """Write this share into its place in a folder."""
        self.economies.checkpoint(place(Path(folder), self.numbers), lambda: state)

    def restore(self, folder: str) -> Memory:
        """Go on from its place in a folder; what its pupils know."""
        self.economies.restore(self.economies.find(place(Path(folder), self.numbers)))
        return {name: pupil.memory() for name, pupil in self.pupils.items()}


class Workers(Protocol):
    """One worker for each share, in the order of the shares."""

    notes: dict[str, Any]

    def all(self, method: str, *given: Any) -> list[Any]:
        """What the method of every worker returns."""

    def close(self) -> None:
        """End them."""


class Crew:
    """A collector whose replicas are simulated by workers, each with its share."""

    def __init__(self, plan: Plan, pupils: Pupils, count: int, hire: Hire) -> None:
        for name, spec in plan.policies.items():
            if spec.startswith("recorded:"):
                raise UserError(
                    f"policy {name}={spec!r}: replays all replicas: valid is one process for them"
                )
        self.pupils, self.shares = pupils, shares(plan.replicas, count)
        self.workers = hire(plan, self.shares)
        self.notes = self.workers.notes
        self.teach()

    def open(self, episode: int) -> None:
        """Begin an episode."""
        self.workers.all("open", episode)

    def collect(self, ticks: int) -> Stretch:
        """Simulate so many ticks and merge what was lived through."""
        shifts: list[Shift] = self.workers.all("collect", ticks)
        began = time.process_time()
        lived = {name: merged([shift.span.experience[name] for shift in shifts]) for name in self.pupils}
        self._count([shift.passed for shift in shifts])
        spent = sum(shift.span.cpu_seconds for shift in shifts)
        return Stretch(lived, spent + time.process_time() - began)

    def teach(self) -> None:
        """Let every worker take over what has been learned."""
        self.workers.all("teach", {name: pupil.learner.arrays() for name, pupil in self.pupils.items()})

    def checkpoint(self, folder: Path, state: Callable[[], State]) -> None:
        """Have every worker write its share, which this process must be able to read."""
        self.workers.all("checkpoint", str(folder.resolve()), state())
        for numbers in self.shares:
            if not place(folder, numbers).is_dir():
                raise UserError(
                    f"{place(folder, numbers)}: written by a worker and not to be seen here: "
                    "valid is a folder on a disk that all machines share"
                )

    def find(self, folder: Path) -> list[saved.Checkpoint]:
        """The checkpoints of all shares."""
        return [saved.newest(place(folder, numbers)) for numbers in self.shares]

    def restore(self, found: list[saved.Checkpoint]) -> State:
        """Have every worker go on, and know what they know."""
        memories: list[Memory] = self.workers.all("restore", str(found[0].path.parent.parent.resolve()))
        for name, pupil in self.pupils.items():
            pupil.restore(memories[0][name])
        self._count([{name: known["passed"] for name, known in memory.items()} for memory in memories])
        state: State = found[0].sealed
        return state

    def close(self) -> None:
        """End the workers."""
        self.workers.close()

    def _count(self, passed: list[dict[str, NDArray[np.int64]]]) -> None:
        for name, pupil in self.pupils.items():
            forwards, rows = np.sum([each[name] for each in passed], axis=0)
            pupil.forward.passed.forwards, pupil.forward.passed.rows = int(forwards), int(rows)


Hire = Callable[[Plan, list[range]], Workers]
