"""Measures what the macro world must show and prints it beside its target: `make study-macro`."""

from __future__ import annotations

import numpy as np

from analysis.macro.facts import FACTS
from analysis.macro.wealth import wealth_gini_target
from analysis.scorecard import control, score_series
from simengine.worlds.macro.config import MacroConfig
from tests.simengine.worlds.macro.history import LUCK_OF_MATCHING, REST, growth, simulate
from tests.simengine.worlds.macro.test_rest import trends

REPLICAS, SEED = 64, 11  # no calibration has used this seed

SHOWN = {
    "gdp_growth_sd_yoy": "1.5 … 2.8",
    "rec_depth": "-4.0 … -1.2",
    "u_mean": "4.7 … 7.2",
    "corr_loans_y_lag2": ">= 0.45",
    "relsd_fi": "2.5 … 4.1",
    "relsd_c": "< 1",
    "beveridge": "<= -0.7",
    "okun_diff": "-0.50 … -0.25",
    "infl_sd": "1.2 … 3",
    "ff_sd": "1.7 … 5",
}
"""What the means of some facts must be, whatever the score."""

PLAUSIBLE = {
    "labour_share": "55 … 68 %",
    "firm_failures": "1 … 8 % a year",
    "default_rate": "0.3 … 1.5 % a year",
}
"""What the means of series no fact looks at must be."""


def row(what: str, target: str, measured: str) -> None:
    """Print one line of the table."""
    print(f"{what:<58} {target:<16} {measured}")


def gaps(config: object, replicas: int) -> dict[str, np.ndarray]:
    """Deviations from trend in percent, (replica, quarter) for every level."""
    _, series = simulate(config, replicas=replicas, years=25, seed=SEED)
    quarters = np.arange(100)
    return {
        name: 100.0 * (series[name] / series[name][:, :1] / factor**quarters - 1.0)
        for name, factor in trends(MacroConfig()).items()
    }


def at_rest() -> None:
    """All luck off, then the luck of matching alone."""
    worst = {name: np.abs(gap).max() for name, gap in gaps(REST, 4).items()}
    name = max(worst, key=lambda each: worst[each])
    row("all luck off: largest deviation from trend, %", "< 0.5", f"{worst[name]:.2f} ({name})")
    output = gaps(LUCK_OF_MATCHING, REPLICAS)["gdp"]
    row("luck of matching: GDP, mean path, largest %", "< 2", f"{np.abs(output.mean(axis=0)).max():.2f}")
    inside, worst_gap = 100.0 * (np.abs(output) < 2.0).mean(), np.abs(output).max()
    row("luck of matching: GDP, quarters within 2 %", "100 %", f"{inside:.1f} %, worst {worst_gap:.1f}")


def at_work() -> None:
    """Twenty-five years of 64 replicas under the rules."""
    _, series = simulate(replicas=REPLICAS, years=25, seed=SEED)
    level = np.log(series["price_level"])
    inflation = 100.0 * (level[:, 4:] - level[:, :-4])
    rates, jobless = growth(series["gdp"]), series["unemployment_rate"]
    row("unemployment, %", "1 … 20", f"{jobless.min():.1f} … {jobless.max():.1f}, mean {jobless.mean():.2f}")
    row("inflation over 4 quarters, %", "-5 … 15", f"{inflation.min():.1f} … {inflation.max():.1f}")
    row("mean growth of a history, lowest, %", "> 0", f"{rates.mean(axis=1).min():.2f}")
    for name, values in (
        ("growth", rates),
        ("unemployment", jobless),
        ("policy rate", series["policy_rate"]),
    ):
        early, late = values[:, :8], values[:, 8:]
        said = f"{early.mean():.2f} / {late.mean():.2f}, {early.std():.2f} / {late.std():.2f}"
        row(f"{name}: mean and sd, first two years / rest", "alike", said)
    judge(series)


def judge(series: dict[str, np.ndarray]) -> None:
    """The score beside its controls, the facts that must hold, and what no fact looks at."""
    card = score_series(series, FACTS)
    row("facts met, %", ">= 86", f"{card.score:.1f} ± {card.se:.1f}")
    for name, value in card.beside(control({}, FACTS)).controls.items():
        row(f"  {name}, %", "printed", f"{value:.1f}")
    missed = ", ".join(f"{each.name} {each.value:.2f} ({each.target.us})" for each in card.misses_first[:8])
    row("least often met: run (US)", "-", missed)
    for each in card.rows:
        if each.name in SHOWN:
            row(f"  {each.name}", SHOWN[each.name], f"{each.value:.2f}")
    for name, target in PLAUSIBLE.items():
        row(name, target, f"{series[name].mean():.2f}")
    share = 100.0 * MacroConfig().household.hand_to_mouth_share
    row("hand-to-mouth households", "25 … 45 %", f"{share:.0f} (a setting)")
    row("capital of the weakest bank, % of loans", ">= 0", f"{series['bank_capital_least'].min():.1f}")
    mean, sd = wealth_gini_target(MacroConfig().households)
    found = series["gini_wealth"].mean()
    row("wealth Gini", f"{mean:.2f} ± {2 * sd:.2f}", f"{found:.2f}, {(found - mean) / sd:+.1f} sd")


if __name__ == "__main__":
    row("what", "target", "measured")
    at_rest()
    at_work()
