"""What a network does with what it observes: its expected action over two features."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.distributions import Categorical
from agents.neural import NeuralPolicy
from agents.observation import Feature
from agents.policy import Actions
from analysis.figures.reaction_surfaces import Axis, Surface
from simengine.learning.assessment import Models
from simengine.policies import ruled
from simengine.scenarios.scenario import make_world
from simengine.simulation import Simulation

POINTS = 41  # along an axis
SHOWN = 400  # observations shown beside a surface
REPLICAS, YEARS = 4, 4.0
EDGES = (1.0, 99.0)  # percentiles of what was observed, the ends of an axis
UNITS = {"annual rate": (100.0, "pp"), "share": (100.0, "%"), "share of loans": (100.0, "pp")}


class _Watched:
    """A network whose observations are kept."""

    needs_observation = True

    def __init__(self, policy: NeuralPolicy) -> None:
        self.policy, self.weights, self.memory_width = policy, policy.weights, policy.memory_width
        self.seen: list[NDArray[np.float32]] = []

    def act(self, ask: Any) -> Actions:
        """Act as the network does."""
        self.seen.append(ask.observation.copy())
        return self.policy.act(ask)


def surfaces(models: Models, seed: int) -> list[Surface]:
    """One surface per population that has learned, over what it observes in a few short histories.

    A world's `reactions` says which head and features; without it the first head and the first two features.
    What is not on an axis stands at the mean observed. Left out are populations that observe fewer than two
    features or more than one array, that remember, or that were never asked, and heads that are no choices.
    """
    watched = {name: _Watched(weights.policy()) for name, weights in models.weights.items()}
    world = make_world(models.world, models.config)
    sim = Simulation(world, seed, REPLICAS, ruled(world, {**models.policies, **watched}))
    sim.run(years=YEARS)
    chosen, tables = world.reactions, world.actions
    found = []
    for name, policy in watched.items():
        forward, described = policy.policy.forward, policy.weights.features
        if isinstance(described, Mapping) or forward.layout.memory or not policy.seen:
            continue
        names = [feature.name for feature in described]
        head, *features = chosen.get(name, (next(iter(forward.joint.heads)), *names[:2]))
        choice = forward.joint.heads[head]
        if len(features) < 2 or not isinstance(choice, Categorical):
            continue
        table = tables.get(name, {}).get(head)
        values, unit = table or (np.arange(float(choice.size)), "index of the action")
        across, up = (names.index(feature) for feature in features)
        seen = np.concatenate(policy.seen)
        axes = (across, described[across]), (up, described[up])
        found.append(_surface(name, policy.policy, seen, head, (values, unit), axes))
    return found


def _surface(
    population: str,
    policy: NeuralPolicy,
    seen: NDArray[np.float32],
    head: str,
    table: tuple[NDArray[np.float64], str],
    described: tuple[tuple[int, Feature], tuple[int, Feature]],
) -> Surface:
    across, up = (place for place, _ in described)
    ends = np.percentile(seen[:, (across, up)], EDGES, axis=0)
    x, y = (np.linspace(float(low), float(high), POINTS) for low, high in ends.T)
    grid = np.repeat(seen.mean(axis=0, dtype=np.float64)[None], POINTS**2, axis=0)
    grid[:, across], grid[:, up] = (each.ravel() for each in np.meshgrid(x, y))
    expected = expected_actions(policy, grid.astype(np.float32), head, table[0])
    shown = seen[:: max(1, len(seen) // SHOWN)][:, (across, up)].astype(np.float64)
    axes: list[Axis] = []
    for k, ((_, feature), points) in enumerate(zip(described, (x, y))):
        name, unit, scale = feature
        factor, said = UNITS.get(unit, (1.0, unit))
        said = "pp" if said == "%" and " less " in name else said
        shown[:, k] *= factor / scale
        axes.append(Axis(name, said, points * factor / scale))
    neutral = float(table[0][policy.forward.joint.heads[head].neutral])
    return Surface(
        population, head, table[1], axes[0], axes[1], expected.reshape(POINTS, POINTS), neutral,
        table[0], shown,
    )  # fmt: skip


def expected_actions(
    policy: NeuralPolicy, observation: NDArray[np.float32], head: str, values: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The mean (rows,) of a head's `values` (choices,) under the policy, at observations (rows, features).

    Of a greedy policy it is the value of the one action that it takes.
    """
    joint = policy.forward.joint
    first = joint.table.output[list(joint.heads).index(head)]
    logits = policy.forward(observation)[:, first : first + len(values)].astype(np.float64)
    if policy.greedy:
        return np.asarray(values[logits.argmax(axis=1)], np.float64)
    mass = np.exp(logits - logits.max(axis=1, keepdims=True))
    expected: NDArray[np.float64] = mass @ values / mass.sum(axis=1)
    return expected
