"""Collecting experience: economies in which pupils act for a span, here or in other processes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from agents.experience import Experience
from simengine.kernel import checkpoint as saved
from simengine.kernel.noise import SEEDS
from simengine.learning.learners import Pupils
from simengine.learning.plan import Plan
from simengine.scenarios.scenario import make_world
from simengine.simulation import Simulation
from streams.events import Reward

EPISODE_SEEDS = 1_000_003  # times the plan's seed: where the seeds of its episodes begin

State = dict[str, Any]


class Stretch(NamedTuple):
    """What every pupil lived through in one span, and the processor time it took, wherever that was.

    The first span of an episode takes the opening as well.
    """

    experience: dict[str, Experience]
    cpu_seconds: float


class Collector(Protocol):
    """All replicas of a plan, wherever they are simulated. `notes` is what a manifest says about that."""

    notes: dict[str, Any]

    def open(self, episode: int) -> None:
        """Begin an episode: fresh economies on noise of its own."""

    def collect(self, ticks: int) -> Stretch:
        """Simulate so many ticks; raises SimulationFailed."""

    def teach(self) -> None:
        """Let whoever acts take over what the pupils have learned."""

    def checkpoint(self, folder: Path, state: Callable[[], State]) -> None:
        """Write the economies, the pupils and `state` into a folder."""

    def find(self, folder: Path) -> Any:
        """What `restore` takes, read and verified; raises CheckpointError where it is missing or damaged."""

    def restore(self, found: Any) -> State:
        """Put economies and pupils where a checkpoint left off; its state, of which `iteration` is one."""

    def close(self) -> None:
        """Let go of every process."""


class Economies:
    """Replicas side by side in this process, the plan's or those of some numbers, with `pupils` seated."""

    notes: dict[str, Any] = {}

    def __init__(self, plan: Plan, pupils: Pupils, numbers: Sequence[int] | None = None) -> None:
        self.plan, self.pupils = plan, pupils
        self.numbers = range(plan.replicas) if numbers is None else numbers
        self.open(0)

    def open(self, episode: int) -> None:
        """Begin an episode."""
        began, plan = time.process_time(), self.plan
        seed = (EPISODE_SEEDS * (plan.seed + 1) + episode) % SEEDS
        policies = {**plan.others, **self.pupils}
        self.sim = Simulation(make_world(plan.world, plan.config), seed, self.numbers, policies)
        self.sim.bus.listen(Reward, self._rewarded)
        self._opening = time.process_time() - began

    def collect(self, ticks: int) -> Stretch:
        """Simulate so many ticks; the experience is views of the pupils' rollouts."""
        began = time.process_time()
        self.sim.run(ticks=ticks)
        lived = {name: pupil.rollout.experience for name, pupil in self.pupils.items() if pupil.rollout}
        spent, self._opening = self._opening + time.process_time() - began, 0.0
        return Stretch(lived, spent)

    def teach(self) -> None:
        """Nothing to do: the pupils that learn are those that act."""

    def checkpoint(self, folder: Path, state: Callable[[], State]) -> None:
        """Write economies and, as memory of their policies, pupils."""
        self.sim.checkpoint(folder, state)

    def find(self, folder: Path) -> saved.Checkpoint:
        """The newest valid checkpoint in a folder."""
        return saved.newest(folder)

    def restore(self, found: saved.Checkpoint) -> State:
        """Go on from a checkpoint, in the episode of the last iteration that it holds."""
        state: State = found.sealed
        self.open((state["iteration"] - 1) // self.plan.spans)
        self.sim.restore(found)
        return state

    def close(self) -> None:
        """Nothing to let go of."""

    def _rewarded(self, batch: Any) -> None:
        pupil = self.pupils.get(batch.label("population"))
        if pupil is None or pupil.rollout is None:
            return
        try:
            pupil.rollout.rewarded(batch.tick, batch.grid("amount"), batch.grid("ended"))
        except ValueError as error:
            raise ValueError(f"{pupil.learner.population}: {error}") from None
