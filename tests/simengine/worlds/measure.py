"""Measures what the macro world must show and prints it beside its target: `make study-macro`."""

from __future__ import annotations

import numpy as np

from analysis.scorecard import score_series
from simengine.controls import table
from simengine.worlds.macro_config import MacroConfig
from tests.simengine.worlds.history import LUCK_OF_MATCHING, REST, growth, simulate
from tests.simengine.worlds.test_macro_rest import trends

REPLICAS, SEED = 64, 11


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
    card = score_series(series)
    row("facts met, %", "printed", f"{card.score:.1f} ± {card.se:.1f}")
    for name, value in card.beside(table()["macro"]["score"]).controls.items():
        row(f"  {name}, %", "printed", f"{value:.1f}")
    missed = ", ".join(f"{each.name} {each.value:.2f} ({each.target.us})" for each in card.misses_first[:8])
    row("least often met: run (US)", "-", missed)


if __name__ == "__main__":
    row("what", "target", "measured")
    at_rest()
    at_work()
