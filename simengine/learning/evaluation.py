"""Evaluation on held-out seeds: what each population is rewarded, and what the economy does meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simengine.histories import Series, watched
from simengine.policies import ruled
from simengine.registry import world_class
from simengine.simulation import Simulation

HELD_OUT = 700_001
"""The seed of evaluations during training; no training uses it."""

Returns = dict[str, NDArray[np.float64]]
"""Population -> mean reward per agent and time it is rewarded from tick 0 on, (replica,)."""


def evaluate(
    world: str, config: Mapping[str, Any], policies: Mapping[str, Any], seed: int, replicas: int, years: float
) -> Series:
    """Run so many histories under `policies` and return their series, rewards among them.

    They are the replicas 0, 1, … of the seed; `years` are recorded years. Populations that `policies` does
    not name follow the world's rules.
    """
    chosen = ruled(world_class(world), policies)
    return watched(Simulation(world, seed, replicas, chosen, config), years)


def returns(series: Series) -> Returns:
    """What each population was rewarded on average, (replica,)."""
    prefix = "reward_"
    return {
        name.removeprefix(prefix): values.mean(axis=1)
        for name, values in series.items()
        if name.startswith(prefix)
    }


def gains(rule: Returns, learned: Returns, populations: tuple[str, ...]) -> dict[str, float]:
    """By how many standard deviations over histories each population gains on the rule, on the same noise.

    The standard deviation is that of returns under the rule; it takes two histories or more.
    """
    return {
        name: float((learned[name] - rule[name]).mean() / max(rule[name].std(ddof=1), 1e-9))
        for name in populations
    }
