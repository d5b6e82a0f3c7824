"""How the policy rate moves with the economy: cross-correlations at leads and lags."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from analysis.facts import SHORTEST
from analysis.figures.margins import Margins
from analysis.figures.style import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PURPLE,
    Unavailable,
    band,
    foot,
    grid,
    legend_line,
    styled,
)
from analysis.filters import hp_cycle
from analysis.macro.facts import FACTS
from analysis.statistics import correlation

Floats = NDArray[np.float64]

LEADS = np.arange(-8, 9)  # quarters


def cross_correlations(x: Floats, y: Floats) -> Floats:
    """Corr(x_t, y_{t+k}) of histories (R, Q) for k in `LEADS`: (R, 17)."""
    quarters = x.shape[1]
    columns = [
        correlation(x[:, max(0, -k) : quarters - max(0, k)], y[:, max(0, k) : quarters - max(0, -k)])
        for k in LEADS.tolist()
    ]
    return np.stack(columns, axis=1)


@styled
def policy_transmission(series: Mapping[str, Floats]) -> Figure:
    """Draw four panels: GDP, inflation, loans and investment against the policy rate, all HP cycles.

    Unavailable for histories too short for them.
    """
    replicas, quarters = series["gdp"].shape
    if quarters < SHORTEST:
        raise Unavailable(f"correlations need {SHORTEST} quarters, this run has {quarters}")
    rate = hp_cycle(series["policy_rate"])

    def cycle(name: str) -> Floats:
        return hp_cycle(100 * np.log(np.where(series[name] > 0, series[name], np.nan)))

    inflation = hp_cycle(400 * np.diff(np.log(series["price_level"]), axis=1))
    title = "The policy rate and the economy, k quarters later"
    figure, axes = grid(2, 2, title, height=3.3, margins=Margins())
    panels = [
        ("GDP", rate, cycle("gdp"), BLUE),
        ("Inflation", rate[:, 1:], inflation, ORANGE),
        ("Bank loans", rate, cycle("bank_loans"), PURPLE),
        ("Fixed investment", rate, cycle("fixed_investment"), GREEN),
    ]
    for ax, (title, x, y, color) in zip(axes, panels, strict=True):
        band(ax, LEADS, cross_correlations(x, y), color)
        ax.axhline(0, color=INK, linewidth=0.7)
        ax.axvline(0, color=INK, linewidth=0.7, linestyle=":")
        ax.set(title=title, ylim=(-1, 1), xlim=(-8, 8), xticks=LEADS[::2])
    us = FACTS.targets["corr_ff_y"]
    axes[0].errorbar(
        0, us.real, us.halfwidth, color=INK, fmt="D", markersize=5, capsize=4, label="US ± 1.96 sd"
    )
    axes[0].legend(loc="upper right")
    for ax in axes[::2]:
        ax.set_ylabel("correlation")
    for ax in axes[2:]:
        ax.set_xlabel("k quarters; right of 0 the rate leads, left it follows")
    foot(figure, "corr(policy rate at t, variable at t + k), HP(1600) cycles · " + legend_line(replicas))
    return figure
