"""Ten gates that a market which looks real passes: their ranges from real windows and from papers.

`judge` takes histories as arrays and says which gates they pass.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from analysis.exchange.bars import SHORTEST, read_bars, read_histories
from analysis.exchange.history import Histories
from analysis.exchange.noise import noise_statistics
from analysis.exchange.real import SERIES, Bars, Scatter, longest, real_series, spreads_of
from analysis.exchange.recorded import drawn
from analysis.exchange.statistics import DAILY, STATISTICS
from analysis.facts import Fact, Facts, Target, TooShort, Varying
from analysis.scorecard import Scorecard, score_panel

GATES = {
    "tails": ("hill", "kurtosis"),
    "aggregation": ("kurtosis_20",),
    "AC1": ("ac1",),
    "clustering": ("size_1", "size_100"),
    "leverage": ("leverage",),
    "volume–volatility": ("volume",),
    "impact": ("impact",),
    "sign memory": ("signs",),
    "depth hump": ("hump",),
    "spread–volatility": ("spread",),
}
"""The gates, each of one fact or of two that have to be met together."""


class Cited(NamedTuple):
    """A range that a paper gives, its inner half or a sharper one, and the paper."""

    within: tuple[float, float]
    inner: tuple[float, float]
    paper: str


CITED = {
    "impact": Cited((0.4, 0.6), (0.45, 0.55), "Tóth et al. 2011, Almgren et al. 2005"),
    "signs": Cited((-0.7, -0.3), (-0.6, -0.4), "Lillo and Farmer 2004, Bouchaud et al. 2004"),
    "hump": Cited((0.5, np.inf), (1.5, 20.5), "Bouchaud, Mézard and Potters 2002"),
    "spread": Cited((0.0, 1.0), (0.2, 0.9), "Wyart et al. 2008"),
    "impact_fixed": Cited((0.4, 0.6), (0.45, 0.55), "Bucci et al. 2019: hardly depends on duration"),
}
"""What no daily series shows, by statistic. The last is told, and no gate."""

QUANTILES = 0.05, 0.25, 0.5, 0.75, 0.95


def windowed(name: str, spread: Scatter, origin: str) -> Target:
    """The range of a statistic in real windows: 5–95 %, and sharply its quartiles."""
    low, first, middle, third, high = (spread.quantile(share) for share in QUANTILES)
    return Target(
        name=name, definition=STATISTICS[name].says, real=middle, sd=(high - low) / 3.29, p5=low, p95=high,
        within=(low, high), inner=(first, third), origin=origin,
    )  # fmt: skip


def cited(name: str) -> Target:
    """The range of a statistic in the literature."""
    within, inner, paper = CITED[name]
    middle = sum(inner) / 2
    return Target(
        name=name, definition=STATISTICS[name].says, real=middle, sd=(inner[1] - inner[0]) / 1.35,
        p5=within[0], p95=within[1], within=within, inner=inner, origin=paper,
    )  # fmt: skip


def fitted(series: Callable[[], Mapping[str, Bars]], labels: Mapping[str, str]) -> Callable[..., Facts]:
    """How facts are fitted to histories: ranges from windows of their length of some `series`."""

    def fit(facts: Facts, histories: Histories) -> Facts:
        real = series()
        days = min(histories.days, longest(real))
        found = spreads_of(real, days)
        why = {name: each.lacks(histories) for name, each in STATISTICS.items()}
        why |= {name: "the series says nothing of it" for name in DAILY if not (why[name] or name in found)}
        known = [name for name in STATISTICS if not why[name]]
        gates = {gate: names for gate, names in facts.gates.items() if not any(why[name] for name in names)}
        missed = {
            gate: next(why[name] for name in names if why[name])
            for gate, names in facts.gates.items()
            if gate not in gates
        }
        if not gates:
            said = "; ".join(f"{gate}: {reason}" for gate, reason in missed.items())
            raise TooShort(f"facts: no gate can be judged ({said})")
        origin = f"{days}-day windows of {', '.join(real)}"
        targets = {
            name: windowed(name, found[name], origin) if name in DAILY else cited(name) for name in known
        }
        held = replace(facts, targets=targets, gates=gates, unjudged=missed, length=days)
        return replace(held, noise=noise_passes(held), beside=windows_pass(held, real, labels))

    return fit


def passes(values: Mapping[str, np.ndarray], facts: Facts) -> dict[str, np.ndarray]:
    """Which histories pass each gate that their values can answer."""
    return {
        gate: np.all([facts.targets[name].meets(values[name]) for name in names], axis=0)
        for gate, names in facts.gates.items()
        if all(name in values for name in names)
    }


def noise_passes(facts: Facts) -> dict[str, float]:
    """How often noise alone passes each gate, in histories of the length that the ranges are made for."""
    found = passes(noise_statistics(facts.length), facts)
    return {gate: float(each.mean()) for gate, each in found.items()}


def windows_pass(facts: Facts, series: Mapping[str, Bars], labels: Mapping[str, str]) -> dict[str, float]:
    """What windows of each series score on the gates that daily bars answer, %, by label."""
    scores = {}
    for name, bars in series.items():
        found = passes(bars.statistics(facts.length), facts)
        if found:
            label = f"windows of {labels.get(name, name)}, {len(found)} gates"
            scores[label] = 100.0 * float(np.mean(list(found.values())))
    return scores


def histories_of(series: Any, needed: Sequence[str]) -> Histories:
    """Histories as they are; TooShort for series of another kind, which hold no market."""
    if not isinstance(series, Histories):
        raise TooShort("facts: an exchange is judged by its recorded events, and there are only series")
    return series


def facts_of_market(series: Callable[[], Mapping[str, Bars]], labels: Mapping[str, str]) -> Facts:
    """What markets are held against, with ranges from windows of some series of daily bars."""
    return Facts(
        reference="real markets",
        facts={name: Fact("1", name, each.of) for name, each in STATISTICS.items()},
        targets={name: cited(name) for name in CITED},
        sources=dict.fromkeys(STATISTICS, "analysis.exchange"),
        varying=Varying("closing", "closing prices"),
        panel=histories_of,
        draw=drawn,
        read=read_histories,
        against=against,
        fit=fitted(series, labels),
        gates=GATES,
        length=0,
        period="day",
    )


def against(file: Path) -> Facts:
    """The gates with ranges from a file of daily bars."""
    bars = read_bars(file, 2 * SHORTEST)
    return facts_of_market(lambda: {file.name: bars}, {})


FACTS = facts_of_market(real_series, SERIES)
"""The gates with ranges from the S&P 500, the Nasdaq and crude oil."""


def judge(histories: Histories, facts: Facts = FACTS) -> Scorecard:
    """Which gates histories pass, and how their statistics lie in the ranges."""
    return score_panel(histories, facts)
