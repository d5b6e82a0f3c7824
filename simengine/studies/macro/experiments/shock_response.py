"""Demand against supply: what a fall in confidence and a rise of costs do to output and to prices."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.figures.panels import Lines, panels
from analysis.wording import moved, sign
from simengine.histories import Series
from simengine.studies.arms import Arm
from simengine.studies.macro.comparing import compared
from simengine.studies.macro.experiments.experiment import (
    Experiment,
    Measured,
    Shown,
    after,
    at,
    early,
    scenario_arm,
    unit,
)
from simengine.studies.request import Request

BASE, DEMAND, SUPPLY = "base", "demand", "supply"
PANELS = {
    "gdp": "Real GDP",
    "consumption": "Consumption",
    "fixed_investment": "Fixed investment",
    "price_level": "Price level",
    "unemployment_rate": "Unemployment",
    "policy_rate": "Policy rate",
}
LATER = 8  # quarters after the strike at which prices are read


def arms(request: Request) -> dict[str, Arm]:
    """The baseline, low confidence, and dear energy with low productivity."""
    return {
        BASE: scenario_arm("demand_shock", request, only=()),
        DEMAND: scenario_arm("demand_shock", request),
        SUPPLY: scenario_arm("supply_shock", request),
    }


def show(series: Mapping[str, Series], request: Request) -> Shown:
    """Both responses side by side, and whether prices follow output or go against it."""
    found = {name: compared(series[BASE], series[name], (BASE, name)) for name in (DEMAND, SUPPLY)}
    drawn = [
        Lines(
            title,
            unit(found[DEMAND].effects[column]),
            {name: after(comparison.effects[column]) for name, comparison in found.items()},
        )
        for column, title in PANELS.items()
    ]
    measured, said = [], []
    for name, comparison in found.items():
        gdp, prices = early(comparison.effects["gdp"]), at(comparison.effects["price_level"], LATER)
        jobless = early(comparison.effects["unemployment_rate"])
        measured += [
            Measured("GDP, mean of two years", name, "%", gdp),
            Measured("price level after two years", name, "%", prices),
            Measured("unemployment, mean of two years", name, "pp", jobless),
        ]
        against = {1: "prices go the way of output", -1: "prices go against output"}
        said.append(
            f"After the {name} shock GDP {moved(gdp, '%')} on average of two years, unemployment "
            f"{moved(jobless, 'pp')}, and two years on the price level {moved(prices, '%')}: "
            f"{against.get(sign(gdp) * sign(prices), 'prices say nothing certain')}."
        )
    pairs = len(found[DEMAND].numbers)
    note = f"mean and its 95 % interval, {pairs} pairs of histories on equal noise"
    return Shown(panels("A demand shock and a supply shock", drawn, note), " ".join(said), measured)


EXPERIMENT = Experiment("A demand shock and a supply shock", arms, show)
