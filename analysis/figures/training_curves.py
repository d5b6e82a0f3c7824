"""How a training went: a row per population, a column per number, over agent-steps."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.figures.style import BLUE, GREEN, GREY, INK, RED, foot, styled

UNITS = (("million agent-steps", 1e6), ("thousand agent-steps", 1e3), ("agent-steps", 1.0))
SMOOTHED_FROM = 24  # iterations: from so many on a thick line is a mean over a twelfth of them


class Curve(NamedTuple):
    """A column of the log: its title, its unit, and a level to compare with, if any."""

    title: str
    unit: str
    level: float | None = None
    factor: float = 1.0


CURVES = {
    "gain": Curve("Gain on the rule", "sd over histories", 0.0),
    "reward": Curve("Mean reward", "of an agent"),
    "entropy": Curve("Entropy", "nats per decision"),
    "divergence": Curve("KL divergence", "nats, last epoch", 0.0),
    "clipped": Curve("Clipped ratios", "% of decisions", 0.0, 100.0),
    "explained": Curve("Explained variance", "of returns, by the critic", 1.0),
}


@styled
def training_curves(log: pl.DataFrame, best: int | None = None) -> Figure:
    """Draw a training's log: one row per iteration and population; `best` is the iteration that was kept."""
    populations = log["population"].unique(maintain_order=True).to_list()
    rows = len(populations)
    figure = Figure(figsize=(15.0, 1.75 * rows + 1.5), layout="constrained")
    axes = figure.subplots(rows, len(CURVES), squeeze=False, sharex=True)
    figure.suptitle("Training", x=0.01, ha="left", fontsize=13, fontweight="bold")
    most = log["agent_steps"].to_numpy().max()
    unit, factor = next((u, f) for u, f in UNITS if most >= f or f == 1.0)
    at = log.filter(pl.col("iteration") == best)["agent_steps"] if best is not None else pl.Series([])
    for row, name in zip(axes, populations, strict=True):
        own = log.filter(pl.col("population") == name).sort("iteration")
        for ax, (column, curve) in zip(row, CURVES.items(), strict=True):
            _draw(ax, own, column, curve, factor)
            if len(at):
                ax.axvline(at[0] / factor, color=GREEN, linewidth=1.2, linestyle=":")
        row[0].set_ylabel(name.replace("_", " "), fontweight="bold", fontsize=10.5)
    for ax, curve in zip(axes[0], CURVES.values(), strict=True):
        ax.set_title(f"{curve.title}\n", loc="left")
        ax.text(0.0, 1.04, curve.unit, transform=ax.transAxes, fontsize=8.5, color=GREY)
    for ax in axes[-1]:
        ax.set_xlabel(unit)
    figure.align_ylabels(axes[:, 0])
    marks = ["gain: held-out histories on the noise of the rule's"]
    if len(at):
        marks.append("green line: the networks that were kept")
    if len(log["iteration"].unique()) >= SMOOTHED_FROM:
        marks.append("thick line: moving mean")
    if (log["undone"] != "").any():
        marks.append("red crosses: updates that were undone, for a number that is not finite")
    foot(figure, " · ".join(marks))
    return figure


def _draw(ax: Axes, own: pl.DataFrame, column: str, curve: Curve, factor: float) -> None:
    whole = own["agent_steps"].to_numpy() / factor
    values = curve.factor * own[column].cast(pl.Float64).fill_null(np.nan).to_numpy()
    there = np.isfinite(values)
    if not there.any():
        ax.text(0.5, 0.5, "not evaluated", ha="center", color=GREY, transform=ax.transAxes)
        ax.set_yticks([])
        return
    if curve.level is not None:
        ax.axhline(curve.level, color=INK, linewidth=0.7)
    if column == "gain":
        ax.plot(whole[there], values[there], "o-", color=BLUE, markersize=4)
    elif len(values) >= SMOOTHED_FROM:
        ax.plot(whole, values, color=BLUE, linewidth=0.7, alpha=0.5)
        ax.plot(whole, _moving_mean(values, len(values) // 12), color=BLUE)
    else:
        ax.plot(whole, values, ".-", color=BLUE, linewidth=1.2)
    undone = (own["undone"] != "").to_numpy()
    if undone.any():
        ax.plot(whole[undone], np.full(undone.sum(), 0.03), "x", color=RED, markersize=5,
                transform=ax.get_xaxis_transform())  # fmt: skip
    ax.xaxis.set_major_locator(MaxNLocator(4))
    ax.yaxis.set_major_locator(MaxNLocator(4))
    ax.tick_params(labelsize=8.5)


def _moving_mean(values: np.ndarray, width: int) -> np.ndarray:
    """The mean of `width` values (I,) around each, of fewer at the ends."""
    total = np.concatenate([[0.0], np.cumsum(values)])
    middle, half = np.arange(len(values)), width // 2
    start, stop = np.maximum(middle - half, 0), np.minimum(middle + half + 1, len(values))
    mean: np.ndarray = (total[stop] - total[start]) / (stop - start)
    return mean
