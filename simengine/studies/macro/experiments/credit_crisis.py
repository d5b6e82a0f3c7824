"""A credit crisis, and how much of it comes from the banks' balance sheets alone."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.figures.panels import Lines, panels
from analysis.inference import paired
from analysis.macro.transmission import crunch
from analysis.wording import estimate, moved
from simengine.histories import Series
from simengine.studies.arms import Arm
from simengine.studies.macro.comparing import compared
from simengine.studies.macro.experiments.experiment import (
    Experiment,
    Measured,
    Shown,
    after,
    at,
    deepest,
    early,
    early_by_pair,
    scenario_arm,
    unit,
)
from simengine.studies.request import START, Request

BASE, CRISIS, BANKS, DEFAULTS, MOOD = "base", "crisis", "bank capital", "defaults", "confidence"
PARTS = {BANKS: "bank_capital_loss", DEFAULTS: "default_wave", MOOD: "confidence"}
PANELS = {
    "gdp": "Real GDP",
    "consumption": "Consumption",
    "fixed_investment": "Fixed investment",
    "unemployment_rate": "Unemployment",
    "bank_loans": "Real loans",
    "lending_spread": "Lending spread",
}


def arms(request: Request) -> dict[str, Arm]:
    """The baseline, the crisis, and each of its parts alone."""
    name = "credit_crisis"
    whole = {BASE: scenario_arm(name, request, only=()), CRISIS: scenario_arm(name, request)}
    return whole | {part: scenario_arm(name, request, only=(shock,)) for part, shock in PARTS.items()}


def show(series: Mapping[str, Series], request: Request) -> Shown:
    """The crisis and its parts, its depth, and whether investment falls more than consumption."""
    found = {name: compared(series[BASE], series[name], (BASE, name)) for name in (CRISIS, *PARTS)}
    drawn = [
        Lines(
            title,
            unit(found[CRISIS].effects[column]),
            {name: after(comparison.effects[column]) for name, comparison in found.items()},
        )
        for column, title in PANELS.items()
    ]
    gdp = {name: early(comparison.effects["gdp"]) for name, comparison in found.items()}
    whole = found[CRISIS].effects
    quarter = deepest(whole["gdp"])
    trough, peak = at(whole["gdp"], quarter), early(whole["lending_spread"])
    loans, jobless = early(whole["bank_loans"]), early(whole["unemployment_rate"])
    measured = [Measured("GDP, mean of two years", name, "%", one) for name, one in gdp.items()]
    measured += [
        Measured(f"GDP in quarter {quarter}, its lowest", CRISIS, "%", trough),
        Measured("real loans, mean of two years", CRISIS, "%", loans),
        Measured("lending spread, mean of two years", CRISIS, "pp", peak),
        Measured("unemployment, mean of two years", CRISIS, "pp", jobless),
    ]
    for name in (CRISIS, BANKS):
        effects = found[name].effects
        more = paired(early_by_pair(effects["consumption"]), early_by_pair(effects["fixed_investment"]))
        measured.append(Measured("investment less consumption, mean of two years", name, "pp", more))
    alone = ", ".join(f"{name} {estimate(gdp[name], '%')}" for name in PARTS)
    said = (
        f"In the crisis GDP {moved(gdp[CRISIS], '%')} on average of two years and is lowest {quarter} "
        f"quarters after it starts ({estimate(trough, '%')}); real loans change by {estimate(loans, '%')}, "
        f"the lending spread by {estimate(peak, 'pp')}, unemployment by {estimate(jobless, 'pp')}. Each part "
        f"alone moves GDP by: {alone}. From the banks' balance sheets alone: "
        f"{crunch(found[BANKS], START).measured}."
    )
    note = f"mean and its 95 % interval, {len(found[CRISIS].numbers)} pairs of histories on equal noise"
    return Shown(panels("A credit crisis and its parts", drawn, note), said, measured)


EXPERIMENT = Experiment("A credit crisis and its parts", arms, show)
