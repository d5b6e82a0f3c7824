"""Rules for the policy rate, each run for as long on the same noise."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from analysis.facts import measure
from analysis.figures.panels import Cloud, Dots, Drawing, Lines, panels
from analysis.filters import hp_cycle
from analysis.inference import Interval, paired
from analysis.macro.facts import FACTS
from analysis.wording import moved, number, sign
from simengine.histories import Series
from simengine.studies.arms import Arm
from simengine.studies.macro.experiments.experiment import Experiment, Measured, Shown, over, scenario_arm
from simengine.studies.request import Request

Floats = NDArray[np.float64]

RULES = ("Taylor 1993", "inertial", "inflation only", "fixed rate", "random rate")
TAYLOR = RULES[0]
SHOWN_HISTORY = 0


def arms(request: Request) -> dict[str, Arm]:
    """An arm per rule."""
    return {rule: scenario_arm("rule_" + rule.lower().replace(" ", "_"), request) for rule in RULES}


def loss(series: Series) -> Floats:
    """Each history's loss (R,): Var(inflation) + Var(output gap) + ½ Var(change of the rate), pp².

    Inflation is over four quarters, the gap the HP cycle of log GDP. Source: Rudebusch and Svensson (1999).
    """
    prices, gap = 100.0 * np.log(series["price_level"]), hp_cycle(100.0 * np.log(series["gdp"]))
    steps = np.diff(series["policy_rate"], axis=1)
    spread = (prices[:, 4:] - prices[:, :-4]).var(axis=1, ddof=1) + gap.var(axis=1, ddof=1)
    return np.asarray(spread + 0.5 * steps.var(axis=1, ddof=1))


def show(series: Mapping[str, Series], request: Request) -> Shown:
    """Volatilities and losses by rule, against Taylor's of 1993."""
    facts = {rule: measure(series[rule], FACTS) for rule in RULES}
    spread = {rule: (over(facts[rule]["gdp_hp_sd"]), over(facts[rule]["infl_sd"])) for rule in RULES}
    losses = {rule: loss(series[rule]) for rule in RULES}
    dearer = {rule: paired(losses[TAYLOR], losses[rule]) for rule in RULES if rule != TAYLOR}
    drawn: list[Drawing] = [
        Cloud("Inflation against output", "sd of the GDP cycle, %", "sd of inflation, pp", spread),
        Dots(f"Loss less that of {TAYLOR}", "pp², less is better", dearer, level=0.0),
        Dots("Unemployment", "sd, pp", {rule: over(facts[rule]["u_sd"]) for rule in RULES}),
        Lines("Policy rate, one history", "% a year", _one(series, "policy_rate"), level=None),
        Lines("Unemployment, one history", "%", _one(series, "unemployment_rate"), level=None),
        Dots("Policy rate", "sd, pp", {rule: over(facts[rule]["ff_sd"]) for rule in RULES}),
    ]
    measured = [Measured("loss", rule, "pp²", over(losses[rule])) for rule in RULES]
    measured += [Measured(f"loss less that of {TAYLOR}", *(r, "pp²", d)) for r, d in dearer.items()]
    for fact, unit in (("infl_sd", "pp"), ("gdp_hp_sd", "%"), ("u_sd", "pp"), ("ff_sd", "pp")):
        measured += [Measured(fact, rule, unit, over(facts[rule][fact])) for rule in RULES]
    replicas = len(losses[TAYLOR])
    note = f"means and 95 % intervals over {replicas} histories on equal noise"
    return Shown(panels("Rules for the policy rate", drawn, note), _said(losses, dearer), measured)


def _one(series: Mapping[str, Series], column: str) -> dict[str, Floats]:
    return {rule: series[rule][column][SHOWN_HISTORY : SHOWN_HISTORY + 1] for rule in RULES}


def _said(losses: Mapping[str, Floats], dearer: Mapping[str, Interval]) -> str:
    ranked = sorted(RULES, key=lambda rule: float(losses[rule].mean()))
    order = ", ".join(f"{rule} {number(float(losses[rule].mean()))}" for rule in ranked)
    worse = [rule for rule, found in dearer.items() if sign(found) > 0]
    better = [rule for rule, found in dearer.items() if sign(found) < 0]
    words = ("lowers it by", "does not measurably change it", "raises it by")
    single = "; ".join(f"{rule} {moved(found, 'pp²', words=words)}" for rule, found in dearer.items())
    return (
        "The loss (variances of inflation and of the output gap, and half that of changes of the rate; "
        f"Rudebusch and Svensson 1999) ranks the rules, best first: {order}. Against the rule of Taylor "
        f"(1993) on the same noise, {single}. Certainly worse than it: {', '.join(worse) or 'none'}; "
        f"certainly better: {', '.join(better) or 'none'}."
    )


EXPERIMENT = Experiment("Rules for the policy rate", arms, show)
