"""Inequality: its level beside the United States, where it comes from, and what slumps do to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from analysis.figures.panels import Dots, Drawing, Lines, panels
from analysis.inference import Interval, paired
from analysis.macro.wealth import wealth_gini_target
from analysis.statistics import correlation
from analysis.wording import estimate, moved, number
from simengine.config import merged
from simengine.histories import Series
from simengine.scenarios.scenario import make_world
from simengine.studies.arms import Arm
from simengine.studies.macro.comparing import compared
from simengine.studies.macro.experiments.experiment import (
    Experiment,
    Measured,
    Shown,
    after,
    early,
    over,
    scenario_arm,
)
from simengine.studies.request import Request

BASE, SLUMP, UNINSURED = "as it is", "in a slump", "no stabilisers"
EQUAL: dict[str, dict[str, Any]] = {
    "equal patience": {"household": {"patience_log_sd": 0.0}},
    "equal skills": {"household": {"skill_log_sd": 0.0}},
}
GINIS = {"gini_wealth": "wealth", "gini_income": "income"}


def arms(request: Request) -> dict[str, Arm]:
    """The economy as it is, in a slump, without stabilisers, and with equal households."""
    base = scenario_arm("no_stabilisers", request, only=())
    return {
        BASE: base,
        UNINSURED: scenario_arm("no_stabilisers", request),
        **{name: replace(base, config=merged(base.config, config)) for name, config in EQUAL.items()},
        SLUMP: replace(base, shocks=scenario_arm("demand_shock", request).shocks),
    }


def show(series: Mapping[str, Series], request: Request) -> Shown:
    """The Gini coefficients over time, what removes part of them, and what a slump adds."""
    target = wealth_gini_target(make_world(request.world, request.config).config.households)
    others = (UNINSURED, *EQUAL)
    means = {
        column: {name: series[name][column].mean(axis=1) for name in (BASE, *others)} for column in GINIS
    }
    changed = {
        column: {name: paired(means[column][BASE], means[column][name]) for name in others}
        for column in GINIS
    }
    slump = compared(series[BASE], series[SLUMP], (BASE, SLUMP)).effects
    wealth = series[BASE]["gini_wealth"]
    drift = paired(wealth[:, 0], wealth[:, -1])
    tied = over(correlation(series[BASE]["gini_income"], series[BASE]["unemployment_rate"]))
    drawn: list[Drawing] = []
    for column, title in GINIS.items():
        paths = {name: series[name][column] for name in (BASE, *others)}
        levels = {name: over(values) for name, values in means[column].items()}
        us = target[0] if column == "gini_wealth" else None
        drawn += [
            Lines(f"Gini of {title}", "Gini", paths, level=None),
            Dots("Mean of all quarters", "Gini", levels, us, "US, as many households"),
            Lines(f"After a fall in demand: {title}", "Gini", {SLUMP: after(slump[column])}),
        ]
    measured = [
        Measured(f"{column}, mean", name, "Gini", over(values))
        for column, arms in means.items()
        for name, values in arms.items()
    ]
    measured += [
        Measured(f"{column}: change against {BASE}", name, "Gini", found)
        for column, arms in changed.items()
        for name, found in arms.items()
    ]
    measured += [
        Measured(f"{column}: mean of two years", SLUMP, "Gini", early(slump[column])) for column in GINIS
    ]
    measured += [
        Measured("gini_wealth: last quarter less first", BASE, "Gini", drift),
        Measured("gini_income with unemployment", BASE, "correlation", tied),
    ]
    note = f"means and 95 % intervals over {len(wealth)} histories on equal noise"
    said = _said(over(means["gini_wealth"][BASE]), target, drift, changed, tied)
    slumped = "; ".join(
        f"the Gini of {GINIS[column]} {moved(early(slump[column]), 'points', 4)}" for column in GINIS
    )
    said += f" In the two years after a fall in demand {slumped}."
    return Shown(panels("Inequality", drawn, note), said, measured)


def _said(
    level: Interval,
    target: tuple[float, float],
    drift: Interval,
    changed: Mapping[str, Mapping[str, Interval]],
    tied: Interval,
) -> str:
    distance = (float(level.mean) - target[0]) / target[1]
    causes = "; ".join(
        f"with {name} the Gini of wealth {moved(found, 'points', 3)} and that of income "
        f"{moved(changed['gini_income'][name], 'points', 3)}"
        for name, found in changed["gini_wealth"].items()
    )
    return (
        f"The Gini of wealth is {estimate(level, '', 3)} on average, {number(distance, 1)} standard "
        f"deviations from that of as many US households ({number(target[0], 3)} ± {number(target[1], 3)}); "
        f"from the first quarter to the last it {moved(drift, 'points', 3)}. On the same noise, {causes}. "
        f"The correlation of the Gini of income, before tax, with unemployment is {estimate(tied)}."
    )


EXPERIMENT = Experiment("Inequality", arms, show)
