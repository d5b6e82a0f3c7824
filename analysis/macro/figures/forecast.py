"""Forecasts against data: scores relative to rival models by horizon, and successive fans of the agents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from analysis.figures.style import BLUE, GREY, INK, ORANGE, RED, foot, styled
from analysis.macro.analogues import VARIABLES
from analysis.macro.backtest import AHEAD, AR1, REPORTED, SCORES, VAR1, Backtest

RIVAL_COLORS = {AR1: BLUE, VAR1: ORANGE}
SCORE_MARKERS = {"RMSE": "o", "CRPS": "s"}


@styled
def forecast_figure(
    test: Backtest,
    rows: Sequence[Mapping[str, Any]],
    dates: NDArray[np.float64],
    observed: NDArray[np.float64],
) -> Figure:
    """Draw the agents' scores relative to AR(1) and VAR(1), and their fans every eight quarters.

    `rows` are those of `Backtest.rows`, of the real data first; `dates` (quarter,) years and `observed`
    (quarter, 4) the sample.
    """
    figure = Figure(figsize=(12.0, 10.0), layout="constrained")
    title = "Forecasts of simulated economies, back-tested"
    figure.suptitle(title, x=0.01, ha="left", fontsize=13, fontweight="bold")
    axes = figure.subplot_mosaic([["r0", "r1"], ["f0", "f0"], ["f1", "f1"]])
    for number, variable in enumerate(VARIABLES):
        _ratios(axes[f"r{number}"], rows, variable)
        _fans(axes[f"f{number}"], test, dates, observed, number)
    axes["r0"].set_ylim(top=axes["r0"].get_ylim()[1] + 0.25)
    axes["r0"].legend(loc="upper left", ncols=3, fontsize=8)
    axes["f1"].legend(loc="upper right", ncols=4, fontsize=8)
    foot(
        figure,
        f"{len(test.origins)} origins · bars: 95 % intervals, moving-block bootstrap over origins · "
        "own histories: simulated ones forecast by the others, the best that can be hoped for",
    )
    return figure


def _ratios(ax: Axes, rows: Sequence[Mapping[str, Any]], variable: str) -> None:
    ax.axhline(1.0, color=INK, linewidth=1.0)
    real = rows[0]["data"]
    cases = [(real, rival, score) for rival in RIVAL_COLORS for score in SCORES]
    cases.append((next(row["data"] for row in reversed(rows)), AR1, "CRPS"))
    places = np.arange(len(REPORTED), dtype=np.float64)
    for number, (data, rival, score) in enumerate(cases):
        chosen = [
            row
            for row in rows
            if (row["data"], row["variable"], row["against"], row["score"]) == (data, variable, rival, score)
        ]
        value, low, high = (np.array([row[name] for row in chosen]) for name in ("value", "low", "high"))
        own = data != real
        ax.errorbar(
            places + 0.15 * (number - 2),
            value,
            np.maximum([value - low, high - value], 0.0),
            fmt="D" if own else SCORE_MARKERS[score],
            color=GREY if own else RIVAL_COLORS[rival],
            alpha=0.7 if own else 1.0,
            markersize=5,
            markerfacecolor="white" if score == "CRPS" and not own else None,
            label=f"{score} / {rival}" + (", own histories" if own else ""),
        )
    ax.set_xticks(places, [str(h) for h in REPORTED])
    ax.set_title(f"{variable}: below 1 the agents are better")
    ax.set(xlabel="quarters ahead", ylabel="agents' score / rival's")
    ax.grid(axis="x", visible=False)


def _fans(
    ax: Axes, test: Backtest, dates: NDArray[np.float64], observed: NDArray[np.float64], variable: int
) -> None:
    """The outcomes, and the ensemble's percentiles from every eighth quarter on."""
    shown = dates >= dates[test.origins[0]] - 2.0
    ax.plot(dates[shown], observed[shown, variable], color=INK, linewidth=1.1, label="US")
    step = max(1, max(AHEAD) // test.every)
    for number in range(0, len(test.origins), step):
        origin = test.origins[number]
        ahead = dates[origin] + 0.25 * np.arange(len(AHEAD) + 1)
        start = np.full((len(test.fans), 1), observed[origin, variable])
        fan = np.concatenate([start, test.fans[:, number, :, variable]], axis=1)
        wide, narrow, median = ("10–90 %", "25–75 %", "agents' median") if number == 0 else (None, None, None)
        ax.fill_between(ahead, fan[0], fan[-1], color=RED, alpha=0.15, linewidth=0, label=wide)
        ax.fill_between(ahead, fan[1], fan[-2], color=RED, alpha=0.25, linewidth=0, label=narrow)
        ax.plot(ahead, fan[2], color=RED, linewidth=1.3, label=median)
    ax.axhline(0.0, color=GREY, linewidth=0.8)
    ax.set_title(f"{VARIABLES[variable]}: the next eight quarters, forecast every other year")
    ax.set(xlim=(dates[shown][0], dates[-1]), ylabel="% a year")
