"""What policies are compared by beside returns: facts, volatilities, welfare, loss, legacy score."""

from __future__ import annotations

import numpy as np

from analysis.attribution import Outcome, return_of, sectors
from analysis.attribution.outcomes import Floats, Series
from analysis.facts import SHORTEST, measure
from analysis.macro.facts import FACTS, economy
from analysis.macro.reaction import LOSS, MEETING, loss
from analysis.scorecard import score_series

LEGACY = "legacy_score"


def outcomes(series: Series, log_utility: bool = False, gap_weight: float = 0.0) -> tuple[Outcome, ...]:
    """What these series can be compared by beside returns.

    `log_utility`: whether households are rewarded by it, so that welfare can be said in consumption;
    `gap_weight` is that of the output gap in the central bank's loss.
    """
    found: list[Outcome] = []
    if series["gdp"].shape[1] >= SHORTEST:
        found.append(Outcome("facts", "US facts", "%", 1, lambda s: score_series(s, FACTS).scores))
        found += _economy(log_utility and "households" in sectors(series))
    if MEETING + "rate" in series:
        found.append(Outcome(LOSS, "central bank loss", "pp²", -1, lambda s: loss(s, gap_weight)))
    if LEGACY in series:
        found.append(Outcome(LEGACY, "legacy score", "%", 1, lambda s: s[LEGACY][:, 0]))
    return tuple(found)


def _economy(welfare: bool) -> list[Outcome]:
    found = [
        Outcome("inflation_sd", "inflation, sd", "pp", -1, lambda s: measure(s, FACTS)["infl_sd"]),
        Outcome("gdp_sd", "GDP cycle, sd", "%", -1, lambda s: measure(s, FACTS)["gdp_hp_sd"]),
        Outcome("recession_depth", "deepest recession", "% of GDP", -1, _depth),
        Outcome("unemployment", "unemployment", "%", -1, lambda s: s["unemployment_rate"].mean(axis=1)),
    ]
    if welfare:
        utility = return_of("households")
        found.insert(0, Outcome("welfare", "welfare", "% of consumption", 1, utility, True))
    return found


def _depth(series: Series) -> Floats:
    """Depth of the deepest recession of each history, 0 without one."""
    return -np.array([depths.min(initial=0.0) for depths in economy(series).depths])
