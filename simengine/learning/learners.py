"""Learners of a world: one network and one rollout per population, seated as its policy."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from numpy.typing import NDArray

from agents.experience import Experience
from agents.forward import Forward
from agents.networks import SHAPES, ActorCritic, fresh
from agents.neural import NeuralPolicy
from agents.observation import Features, RowLayout
from agents.ppo import Learner, Update
from agents.rollout import Rollout
from agents.weights import Weights, load
from agents.yardsticks import Yardstick
from simengine.errors import UserError
from simengine.kernel import SimulationFailed
from simengine.kernel.seat import Seat
from simengine.learning.plan import Plan
from simengine.scenarios.scenario import make_world
from simengine.simulation import Simulation
from simengine.worlds.contract import World
from streams.events import Reward

Pupils = dict[str, "Pupil"]


class Pupil(NeuralPolicy):
    """A policy that is being learned: its checkpoint memory is all that its learner knows.

    It acts for `seat` in `replicas` histories, by drawing, as the plan's hyperparameters for that population
    say; it starts untrained, or from the weights file that the plan names. UserError where that file is of
    another build.
    """

    def __init__(
        self, seat: Seat, features: Features, plan: Plan, ticks_per_year: int, replicas: int
    ) -> None:
        settings = plan.hyperparameters(seat.name)
        self.features, self.heads, self.shape = features, seat.heads, settings.shape
        layout = RowLayout.of(features, settings.memory)
        network = fresh(seat.name, layout, seat.heads, None, settings, plan.seed)
        self.learner = Learner(
            seat.name, network, settings, ticks_per_year, plan.seed, plan.device, plan.precision
        )
        if seat.name in plan.start:
            self._go_on(load(plan.start[seat.name]), plan.start[seat.name])
        agents = seat.columns.capacity
        joint, discount = network.joint, self.learner.discount
        rollout = Rollout(
            replicas, agents, layout.width, len(joint.heads), discount, joint.numbers, joint.dtype
        )
        super().__init__(Forward(network, plan.device, plan.precision), rollout=rollout)
        self.ready()

    def _go_on(self, weights: Weights, path: str) -> None:
        mine = self.trained({})
        if weights.build != mine.build:
            features, heads, shape, memory = weights.build
            raise UserError(
                f"weights {path}: of {weights.population} with {len(features)} features, heads "
                f"{list(dict(heads).values())}, shape {shape}, memory {memory}: valid is a network of the "
                "same build"
            )
        network = weights.network.state_dict()
        self.learner.network.load_state_dict(network | {"prior": self.learner.network.prior})
        self.learner.seen.take_over(weights.seen)
        for name, yardstick in self.learner.items.items():
            yardstick.take_over(weights.items[name])
        if weights.earned is not None:
            self.learner.earned.take_over(weights.earned)

    def ready(self) -> None:
        """Act with what has been learned so far."""
        self.forward.load(self.learner.network, self.learner.seen, self.learner.items)

    def learn(self, experience: Experience, progress: float) -> Update:
        """Update from what this pupil or others like it lived through; its rollout is then forgotten.

        `progress` in [0, 1] of the training is over.
        """
        assert self.rollout is not None
        done = self.learner.update(experience, progress)
        self.rollout.clear()
        self.ready()
        return done

    def memory(self) -> dict[str, NDArray[Any]]:
        """What a checkpoint keeps."""
        return {**self.learner.arrays(), **super().memory()}

    def restore(self, arrays: dict[str, NDArray[Any]]) -> None:
        """Go on from a checkpoint."""
        self.learner.restore(arrays)
        super().restore(arrays)
        self.ready()

    def trained(self, notes: dict[str, Any]) -> Weights:
        """A copy of what has been learned so far, ready to be saved."""
        mine = self.learner
        network = ActorCritic(mine.network.layout, self.heads, shape=SHAPES[self.shape])
        network.load_state_dict({n: x.detach().cpu() for n, x in mine.network.state_dict().items()})
        return Weights(
            mine.population, self.features, self.heads, None, self.shape, network, _copy(mine.seen),
            mine.settings.greedy, notes, earned=_copy(mine.earned),
            items={name: _copy(yardstick) for name, yardstick in mine.items.items()},
        )  # fmt: skip


def _copy(yardstick: Yardstick) -> Yardstick:
    copy = Yardstick(len(yardstick.mean), float("inf"))
    copy.take_over(yardstick)
    return copy


def features_of(world: World) -> dict[str, Features]:
    """What each population of a world observes; a UserError for a world that does not say."""
    found: dict[str, Features] = dict(world.features)
    if not found:
        raise UserError(
            f"world {world.name!r}: cannot be learned in: "
            "valid is a world with features = {population: (Feature(...), ...)}"
        )
    return found


def pupils_of(plan: Plan, probe: Simulation, replicas: int) -> Pupils:
    """A pupil for every population that learns, with room for so many replicas of the probe's world."""
    seats, features, year = probe.seats, features_of(probe.world), probe.world.ticks_per_year
    seeing = {name: seat for name, seat in seats.items() if name in features}
    for name in plan.populations:
        if name in seats and name not in seeing:
            raise UserError(
                f"population {name!r} of world {probe.world.name!r}: cannot learn, since features do not say "
                f"what it observes: valid are {', '.join(seeing)}"
            )
    return {name: Pupil(seats[name], features[name], plan, year, replicas) for name in plan.learns(seeing)}


def check_rewarded(probe: Simulation, populations: Iterable[str], years: float) -> None:
    """UserError unless every population is rewarded within so many years; the probe is run to find out."""
    missing, world = set(populations), probe.world
    stop = probe.bus.listen(Reward, lambda batch: missing.discard(batch.label("population")))
    _, quarter = world.periods()
    goal = max(probe.tick, 0) + round(years * world.ticks_per_year)
    with suppress(SimulationFailed):  # the training will say so
        while missing and probe.tick < goal:
            probe.run(until=min(goal, probe.tick + quarter))
    stop()
    for name in sorted(missing if probe.failure is None else ()):
        raise UserError(
            f"population {name!r} of world {world.name!r}: nothing rewards it in {years:g} years: valid is "
            f"sim.publish(Reward, population={name!r}, ...) in a row of its timetable"
        )


def probe_of(plan: Plan) -> Simulation:
    """One replica of the plan's world with every other policy seated: to look at, not to run."""
    return Simulation(make_world(plan.world, plan.config), plan.seed, policies=plan.others)
