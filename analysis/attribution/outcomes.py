"""What is read off each history to compare policies by, and the comparison with the rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.attribution.result import RETURN, RULE, Contrast
from analysis.inference import Interval, bootstrapped

Floats = NDArray[np.float64]
Series = Mapping[str, Floats]

REWARD = "reward_"


class Outcome(NamedTuple):
    """A number of each history, (R,) from its series; `better` is +1 where more of it is, −1 where less."""

    name: str
    title: str
    unit: str
    better: int
    values: Callable[[Series], Floats]
    equivalent: bool = False  # log utility, said in % of consumption gained on the rule


def sectors(series: Series) -> tuple[str, ...]:
    """The populations that were rewarded, in the world's order."""
    return tuple(name.removeprefix(REWARD) for name in series if name.startswith(REWARD))


def returns(series: Series) -> tuple[Outcome, ...]:
    """The mean reward of every population that was rewarded, as outcomes."""
    return tuple(
        Outcome(RETURN + name, name.replace("_", " "), "mean reward", 1, return_of(name))
        for name in sectors(series)
    )


def return_of(population: str) -> Callable[[Series], Floats]:
    """What reads the mean reward (R,) of a population off series."""
    return lambda series: series[REWARD + population].mean(axis=1)


def attribute(
    found: Mapping[str, Series], by: tuple[Outcome, ...], seed: int = 0
) -> dict[str, dict[str, Contrast]]:
    """Level and paired change against the row `rule` by row and outcome, with bootstrap intervals."""
    values = {row: {one.name: one.values(series) for one in by} for row, series in found.items()}
    return {
        row: {one.name: _contrast(values[RULE][one.name], mine[one.name], one, seed) for one in by}
        for row, mine in values.items()
    }


def _contrast(rule: Floats, values: Floats, by: Outcome, seed: int) -> Contrast:
    change = bootstrapped(rule, values, seed=seed)
    if by.equivalent:
        mean, low, high = (100.0 * np.expm1(utility) for utility in change[:3])
        change = Interval(mean, low, high, change.p, change.pairs)
        return Contrast(change, change)
    return Contrast(bootstrapped(0.0, values, seed=seed), change)
