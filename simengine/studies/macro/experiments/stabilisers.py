"""Fiscal stabilisers: the same economy with and without unemployment insurance and progressive taxes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from analysis.comparison import Comparison
from analysis.facts import measure
from analysis.figures.panels import Dots, Drawing, Lines, panels
from analysis.inference import Interval, paired
from analysis.macro.facts import FACTS
from analysis.wording import moved, sign
from simengine.histories import Series
from simengine.studies.arms import Arm
from simengine.studies.macro.comparing import compared
from simengine.studies.macro.experiments.experiment import (
    Experiment,
    Floats,
    Measured,
    Shown,
    after,
    early_by_pair,
    over,
    scenario_arm,
)
from simengine.studies.request import Request

TITLE = "With and without fiscal stabilisers"
WITH, WITHOUT = "with", "without"
HIT = "in a slump"
VOLATILITY = {
    "gdp_growth_sd_yoy": ("growth over four quarters", "%"),
    "gdp_hp_sd": ("the GDP cycle", "%"),
    "u_sd": ("unemployment", "pp"),
}
DEPTH = {"rec_depth": "mean recession", "rec_worst": "worst recession"}


def arms(request: Request) -> dict[str, Arm]:
    """Economies with and without stabilisers, over the whole length and in the same fall of demand."""
    kept, gone = (scenario_arm("no_stabilisers", request, only) for only in ((), None))
    slump = scenario_arm("demand_shock", request).shocks
    return {
        WITH: kept,
        WITHOUT: gone,
        f"{WITH} {HIT}": replace(kept, shocks=slump),
        f"{WITHOUT} {HIT}": replace(gone, shocks=gone.shocks + slump),
    }


def show(series: Mapping[str, Series], request: Request) -> Shown:
    """Volatility and depth of recessions with and without, and the response to the same slump."""
    facts = {name: measure(series[name], FACTS) for name in (WITH, WITHOUT)}
    depth = {fact: {name: -facts[name][fact] for name in facts} for fact in DEPTH}
    more = {fact: _percent(facts[WITH][fact], facts[WITHOUT][fact]) for fact in VOLATILITY}
    deeper = {fact: paired(depth[fact][WITH], depth[fact][WITHOUT]) for fact in DEPTH}
    slumps = {name: comparison.effects["gdp"] for name, comparison in slump_by_arm(series).items()}
    amplified = paired(*(early_by_pair(slumps[name]) for name in (WITH, WITHOUT)))
    growth = {name: over(facts[name]["gdp_growth_sd_yoy"]) for name in facts}
    worst = {name: over(values) for name, values in depth["rec_worst"].items()}
    percent = {VOLATILITY[fact][0]: one for fact, one in more.items()}
    points = {DEPTH[fact]: one for fact, one in deeper.items()}
    drawn: list[Drawing] = [
        Dots("Growth over four quarters", "sd, %", growth),
        Dots("Worst recession", "depth, % of GDP", worst),
        Lines("GDP in the same fall of demand", "%", {name: after(one) for name, one in slumps.items()}),
        Dots("Volatility: without against with", "% more of the sd", percent, level=0.0),
        Dots("Depth: without against with", "pp deeper", points, level=0.0),
        Lines("GDP: without less with", "pp", {WITHOUT: after(slumps[WITHOUT]) - after(slumps[WITH])}),
    ]
    measured = [
        *(Measured(fact, n, u, over(facts[n][fact])) for fact, (_, u) in VOLATILITY.items() for n in facts),
        *(Measured(f"{fact}, depth", n, "%", over(depth[fact][n])) for fact in DEPTH for n in facts),
        *(Measured(f"{fact}: change", WITHOUT, "%", one) for fact, one in more.items()),
        *(Measured(f"{fact}, depth: change", WITHOUT, "pp", one) for fact, one in deeper.items()),
        Measured("GDP after a fall in demand: change", WITHOUT, "pp", amplified),
    ]
    note = f"means and 95 % intervals, {len(series[WITH]['gdp'])} histories on equal noise; lower row paired"
    return Shown(panels(TITLE, drawn, note), _said(more, deeper, amplified), measured)


def slump_by_arm(series: Mapping[str, Series]) -> dict[str, Comparison]:
    """What the fall in demand does with stabilisers and without."""
    return {
        name: compared(series[name], series[f"{name} {HIT}"], (name, f"{name} {HIT}"))
        for name in (WITH, WITHOUT)
    }


def _percent(before: Floats, after: Floats) -> Interval:
    """The mean ratio of standard deviations less one in percent, by way of logs, and its interval."""
    found = paired(np.log(before), np.log(after))
    mean, low, high = (100.0 * np.expm1(x) for x in found[:3])
    return Interval(mean, low, high, found.p, found.pairs)


def _said(more: Mapping[str, Interval], deeper: Mapping[str, Interval], amplified: Interval) -> str:
    changes = "; ".join(f"the sd of {VOLATILITY[fact][0]} {moved(one, '%', 1)}" for fact, one in more.items())
    words = ("is shallower by", "is not measurably deeper", "is deeper by")
    depths = ", ".join(
        f"the {DEPTH[fact]} {moved(one, 'pp', words=words)}, of {one.pairs} pairs"
        for fact, one in deeper.items()
    )
    words = ("falls further by", "falls no further than one could measure", "falls less by")
    stable = sign(more["gdp_growth_sd_yoy"]) > 0 and sign(deeper["rec_worst"]) > 0
    verdict = "Volatility and depth both rise" if stable else "Volatility and depth do not both rise"
    return (
        f"Without unemployment insurance and progressive taxes, on the same noise, {changes}; {depths}. In "
        f"the same fall of demand GDP {moved(amplified, 'pp', words=words)} on average of two years. "
        f"{verdict}, by intervals of 95 %."
    )


EXPERIMENT = Experiment(TITLE, arms, show)
