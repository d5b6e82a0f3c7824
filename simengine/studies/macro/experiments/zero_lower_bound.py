"""The zero lower bound: the same fall in demand with and without a floor under the policy rate."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from analysis.comparison import Comparison, Effect
from analysis.figures.panels import Lines, panels
from analysis.inference import Interval
from analysis.wording import estimate, moved
from simengine.histories import Series
from simengine.studies.arms import Arm
from simengine.studies.macro.comparing import compared
from simengine.studies.macro.experiments.experiment import (
    AFTER,
    Experiment,
    Floats,
    Measured,
    Shown,
    after,
    early,
    early_by_pair,
    over,
    scenario_arm,
    unit,
)
from simengine.studies.request import START, Request

FLOOR, FREE = "with the floor", "without it"
CALM, HIT = "calm", "hit"
THREE_YEARS = 12  # quarters; the floor binds late
AT_FLOOR = 0.01  # % a year: a mean of the quarter up to here counts as at the floor
PANELS = {
    "gdp": "Real GDP",
    "unemployment_rate": "Unemployment",
    "price_level": "Price level",
    "bank_loans": "Real loans",
}


def arms(request: Request) -> dict[str, Arm]:
    """Calm and hit economies, with the floor and without: four arms, so that both effects are pure."""
    name, demand, off = "zero_lower_bound", "confidence", "zero_lower_bound"
    struck = {
        (FLOOR, CALM): (),
        (FLOOR, HIT): (demand,),
        (FREE, CALM): (off,),
        (FREE, HIT): (demand, off),
    }
    return {" ".join(key): scenario_arm(name, request, only=only) for key, only in struck.items()}


def show(series: Mapping[str, Series], request: Request) -> Shown:
    """How much deeper the same fall in demand goes where the rate cannot follow."""
    found = {
        name: compared(series[f"{name} {CALM}"], series[f"{name} {HIT}"], (CALM, HIT))
        for name in (FLOOR, FREE)
    }
    rates = {name: _window(series[f"{name} {HIT}"]["policy_rate"]) for name in (FLOOR, FREE)}
    stuck = {name: over(100.0 * (rate <= AT_FLOOR).mean(axis=1)) for name, rate in rates.items()}
    drawn = [Lines("Policy rate", "% a year", rates)]
    drawn += [
        Lines(
            title,
            unit(found[FLOOR].effects[column]),
            {name: after(comparison.effects[column]) for name, comparison in found.items()},
        )
        for column, title in PANELS.items()
    ]
    drawn.append(Lines("Real GDP: what the floor costs", "pp", {FLOOR: _deeper(found, "gdp", after)}))
    early_gdp = {name: early(comparison.effects["gdp"], THREE_YEARS) for name, comparison in found.items()}
    cost = {
        column: over(_deeper(found, column, lambda effect: early_by_pair(effect, THREE_YEARS)))
        for column in ("gdp", "unemployment_rate", "price_level")
    }
    measured = [Measured("quarters at the floor", name, "%", one) for name, one in stuck.items()]
    measured += [Measured("GDP, mean of three years", name, "%", one) for name, one in early_gdp.items()]
    measured += [
        Measured(f"{column}, mean of three years: with less without", FLOOR, "pp", one)
        for column, one in cost.items()
    ]
    note = f"mean and its 95 % interval, {len(found[FLOOR].numbers)} pairs of histories on equal noise"
    title = "The zero lower bound"
    return Shown(panels(title, drawn, note), _said(stuck, early_gdp, cost), measured)


def _said(stuck: Mapping[str, Interval], gdp: Mapping[str, Interval], cost: Mapping[str, Interval]) -> str:
    deeper = moved(cost["gdp"], "pp", words=("is deeper by", "is not measurably deeper", "is shallower by"))
    return (
        f"In the {AFTER // 4} years after demand falls the policy rate is at its floor in "
        f"{estimate(stuck[FLOOR], '%', 1)} of the quarters, and would be there or below in "
        f"{estimate(stuck[FREE], '%', 1)} were there none. GDP changes by {estimate(gdp[FLOOR], '%')} on "
        f"average of three years with the floor and by {estimate(gdp[FREE], '%')} without: the slump "
        f"{deeper} because of it; unemployment {moved(cost['unemployment_rate'], 'pp')} and the price level "
        f"{moved(cost['price_level'], 'pp')} on its account."
    )


def _deeper(found: Mapping[str, Comparison], column: str, part: Callable[[Effect], Floats]) -> Floats:
    """The effect with the floor less that without, pair by pair."""
    return part(found[FLOOR].effects[column]) - part(found[FREE].effects[column])


def _window(values: Floats) -> Floats:
    return values[:, START : START + AFTER + 1]


EXPERIMENT = Experiment("The zero lower bound", arms, show)
