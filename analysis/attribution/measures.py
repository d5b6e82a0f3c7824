"""What is read off each history to compare policies by, and the comparison with the rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.attribution.reaction import LOSS, MEETING, loss
from analysis.attribution.result import RULE, Effect
from analysis.facts import Panel, measure
from analysis.inference import Interval, bootstrapped
from analysis.scorecard import score_series

Floats = NDArray[np.float64]
Series = Mapping[str, Floats]

REWARD, LEGACY = "reward_", "legacy_score"
SHORTEST = 12  # quarters of a history that has facts


class Measure(NamedTuple):
    """A number of each history, (R,) from its series; `better` is +1 where more of it is, −1 where less."""

    name: str
    title: str
    unit: str
    better: int
    values: Callable[[Series], Floats]
    equivalent: bool = False  # log utility, said in % of consumption gained on the rule


def sectors(series: Series) -> tuple[str, ...]:
    """Return the populations that were rewarded, in the world's order."""
    return tuple(name.removeprefix(REWARD) for name in series if name.startswith(REWARD))


def measures(series: Series, log_utility: bool = False, gap_weight: float = 0.0) -> tuple[Measure, ...]:
    """Return what these series can be compared by: returns, and of a macro economy facts and volatilities.

    `log_utility`: whether households are rewarded by it, so that welfare can be said in consumption;
    `gap_weight` is that of the output gap in the central bank's loss.
    """
    found = [
        Measure(f"return_{name}", name.replace("_", " "), "reward a month", 1, _return_of(name))
        for name in sectors(series)
    ]
    if "gdp" in series and series["gdp"].shape[1] >= SHORTEST:
        found.append(Measure("facts", "US facts", "%", 1, lambda s: score_series(s).scores))
        found += _economy(log_utility and f"{REWARD}households" in series)
    if MEETING + "rate" in series:
        found.append(Measure(LOSS, "central bank loss", "pp²", -1, lambda s: loss(s, gap_weight)))
    if LEGACY in series:
        found.append(Measure(LEGACY, "legacy score", "%", 1, lambda s: s[LEGACY][:, 0]))
    return tuple(found)


def attribute(
    found: Mapping[str, Series], by: tuple[Measure, ...], seed: int = 0
) -> dict[str, dict[str, Effect]]:
    """Return level and paired change against the row `rule` by row and measure, with bootstrap intervals."""
    values = {row: {m.name: m.values(series) for m in by} for row, series in found.items()}
    return {
        row: {m.name: _effect(values[RULE][m.name], mine[m.name], m, seed) for m in by}
        for row, mine in values.items()
    }


def _effect(rule: Floats, values: Floats, by: Measure, seed: int) -> Effect:
    change = bootstrapped(rule, values, seed=seed)
    if by.equivalent:
        mean, low, high = (100.0 * np.expm1(utility) for utility in change[:3])
        change = Interval(mean, low, high, change.p, change.pairs)
        return Effect(change, change)
    return Effect(bootstrapped(0.0, values, seed=seed), change)


def _return_of(population: str) -> Callable[[Series], Floats]:
    return lambda series: series[REWARD + population].mean(axis=1)


def _economy(welfare: bool) -> list[Measure]:
    found = [
        Measure("inflation_sd", "inflation, sd", "pp", -1, lambda s: measure(s)["infl_sd"]),
        Measure("gdp_sd", "GDP cycle, sd", "%", -1, lambda s: measure(s)["gdp_hp_sd"]),
        Measure("recession_depth", "deepest recession", "% of GDP", -1, _depth),
        Measure("unemployment", "unemployment", "%", -1, lambda s: s["unemployment_rate"].mean(axis=1)),
    ]
    if welfare:
        utility = _return_of("households")
        found.insert(0, Measure("welfare", "welfare", "% of consumption", 1, utility, True))
    return found


def _depth(series: Series) -> Floats:
    """Depth of the deepest recession of each history, 0 without one."""
    return -np.array([depths.min(initial=0.0) for depths in Panel(series).depths])
