"""What a network does with what it observes: its expected action over two features."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.neural import NeuralPolicy
from agents.policy import Actions
from agents.weights import Weights
from analysis.figures.reaction_surfaces import Axis, Surface
from simengine.learning.assessment import Models
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
        self.policy, self.weights = policy, policy.weights
        self.seen: list[NDArray[np.float32]] = []

    def act(self, ask: Any) -> Actions:
        """Act as the network does."""
        self.seen.append(ask.observation.copy())
        return self.policy.act(ask)


def surfaces(models: Models, seed: int) -> list[Surface]:
    """One surface per population that has learned, over what it observes in a few short histories.

    A world's `reactions` says which head and features; without it the first head and the first two features.
    What is not on an axis stands at the mean observed. Populations that observe fewer than two features, or
    were never asked, are left out.
    """
    watched = {name: _Watched(weights.policy()) for name, weights in models.weights.items()}
    world = make_world(models.world, models.config)
    sim = Simulation(world, seed, REPLICAS, {**models.policies, **watched})
    sim.run(years=YEARS)
    chosen, tables = world.reactions, world.actions
    found = []
    for name, policy in watched.items():
        weights, names = policy.weights, [feature.name for feature in policy.weights.features]
        head, *features = chosen.get(name, (next(iter(weights.heads)), *names[:2]))
        if len(features) < 2 or not policy.seen:
            continue
        table = tables.get(name, {}).get(head)
        values, unit = table or (np.arange(float(weights.heads[head])), "index of the action")
        across, up = (names.index(feature) for feature in features)
        seen = np.concatenate(policy.seen)
        found.append(_surface(weights, policy.policy, seen, head, (values, unit), across, up))
    return found


def _surface(
    weights: Weights,
    policy: NeuralPolicy,
    seen: NDArray[np.float32],
    head: str,
    table: tuple[NDArray[np.float64], str],
    across: int,
    up: int,
) -> Surface:
    ends = np.percentile(seen[:, (across, up)], EDGES, axis=0)
    x, y = (np.linspace(float(low), float(high), POINTS) for low, high in ends.T)
    grid = np.repeat(seen.mean(axis=0, dtype=np.float64)[None], POINTS**2, axis=0)
    grid[:, across], grid[:, up] = (each.ravel() for each in np.meshgrid(x, y))
    expected = expected_actions(policy, weights.heads, grid.astype(np.float32), head, table[0])
    shown = seen[:: max(1, len(seen) // SHOWN)][:, (across, up)].astype(np.float64)
    axes: list[Axis] = []
    for k, (feature, points) in enumerate(((across, x), (up, y))):
        name, unit, scale = weights.features[feature]
        factor, said = UNITS.get(unit, (1.0, unit))
        said = "pp" if said == "%" and " less " in name else said
        shown[:, k] *= factor / scale
        axes.append(Axis(name, said, points * factor / scale))
    neutral = float(table[0][weights.neutral[list(weights.heads).index(head)]])
    return Surface(
        weights.population, head, table[1], axes[0], axes[1], expected.reshape(POINTS, POINTS), neutral,
        table[0], shown,
    )  # fmt: skip


def expected_actions(
    policy: NeuralPolicy,
    heads: dict[str, int],
    observation: NDArray[np.float32],
    head: str,
    values: NDArray[np.float64],
) -> NDArray[np.float64]:
    """The mean (rows,) of a head's `values` (choices,) under the policy, at observations (rows, features).

    Of a greedy policy it is the value of the one action that it takes.
    """
    place = list(heads).index(head)
    first = sum(list(heads.values())[:place])
    logits = policy.forward(observation)[:, first : first + heads[head]].astype(np.float64)
    if policy.greedy:
        return np.asarray(values[logits.argmax(axis=1)], np.float64)
    mass = np.exp(logits - logits.max(axis=1, keepdims=True))
    expected: NDArray[np.float64] = mass @ values / mass.sum(axis=1)
    return expected
