"""What changes with size: score, volatility and its parts, the granular rule, inequality, every fact."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator

from analysis.figures.style import BLUE, GREEN, GREY, INK, ORANGE, PURPLE, RED, foot, styled
from analysis.macro.facts import FACTS
from analysis.macro.scaling import Scaling
from analysis.macro.wealth import wealth_gini_target
from analysis.scorecard import window_score

PARTS = {
    "whole": (INK, "o-"),
    "from common shocks": (BLUE, "s-"),
    "luck of meetings": (PURPLE, "v-"),
    "firms' shocks": (RED, "^-"),
    "rule σ√H": (RED, ":"),
}


@styled
def scale_figure(scaling: Scaling) -> Figure:
    """Draw four panels over the number of firms, and the share of histories that meet each fact."""
    figure = Figure(figsize=(13.0, 9.6), layout="constrained")
    figure.suptitle("The same economy at several sizes", x=0.01, ha="left", fontsize=13, fontweight="bold")
    halves: Any = figure.subfigures(1, 2, width_ratios=(2.1, 1.0))
    left, right = halves
    axes = left.subplots(2, 2)
    for ax, draw in zip(axes.ravel(), (_score, _volatility, _granular, _gini), strict=True):
        draw(ax, scaling)
    _facts(right.subplots(), scaling)
    replicas = len(scaling.sizes[0].ginis)
    foot(figure, f"bars: ± 1.96 standard errors over {replicas} histories per arm · 5 households a firm")
    return figure


def _over_firms(ax: Axes, scaling: Scaling) -> np.ndarray:
    firms = np.array([size.firms for size in scaling.sizes])
    ax.set_xscale("log")
    ax.xaxis.set_major_locator(FixedLocator(list(firms)))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_xticklabels([str(n) for n in firms])
    ax.set(xlabel="firms", xlim=(firms[0] / 1.3, firms[-1] * 1.3))
    return firms


def _score(ax: Axes, scaling: Scaling) -> None:
    firms = _over_firms(ax, scaling)
    scores = [size.card.score for size in scaling.sizes]
    errors = [1.96 * (size.card.se or 0.0) for size in scaling.sizes]
    for (window, label), style in zip(FACTS.windows.items(), ("--", ":"), strict=True):
        value = window_score(window, FACTS)
        ax.axhline(value, color=GREY, linestyle=style, linewidth=1.2, label=f"{label}: {value:.0f}")
    ax.errorbar(firms, scores, errors, fmt="o-", color=BLUE, label="simulated")
    ax.set(ylim=(min(40.0, min(scores) - 5.0), 100), ylabel="% of the 50 facts met", title="Score")
    ax.legend(loc="lower left")


def _volatility(ax: Axes, scaling: Scaling) -> None:
    firms = _over_firms(ax, scaling)
    parts = [scaling.volatility(size, 0) for size in scaling.sizes]
    target = FACTS.targets["gdp_growth_sd_q"]
    low, high = target.real - target.halfwidth, target.real + target.halfwidth
    ax.axhspan(low, high, color=GREY, alpha=0.15, linewidth=0, label="US band")
    for name, (color, style) in PARTS.items():
        values, errors = (np.array([part[name][k] for part in parts]) for k in (0, 1))
        ax.errorbar(firms, np.where(values > 0, values, np.nan), 1.96 * errors, fmt=style, color=color,
                    markersize=5, label=name)  # fmt: skip
    _log_percent(ax, 0.006)
    ax.set(ylabel="sd of quarterly GDP growth, %", title="Volatility and its parts")
    ax.legend(loc="lower left", fontsize=8)


def _granular(ax: Axes, scaling: Scaling) -> None:
    """Firm-driven sd against √H in two size laws, beside the rule."""
    laws = (
        ("firms' shocks", "own sizes", RED, "^"),
        ("firms' shocks, Zipf sizes", "Zipf sizes", ORANGE, "D"),
    )
    roots = np.sqrt([size.herfindahl for size in scaling.sizes])
    for law, (part, label, color, marker) in enumerate(laws):
        found = [scaling.volatility(size, 0)[part] for size in scaling.sizes]
        values, errors = (np.array([estimate[k] for estimate in found]) for k in (0, 1))
        shown = np.where(values > 0, values, np.nan)
        ax.errorbar(roots[:, law], shown, 1.96 * errors, fmt=marker, color=color, label=label)
        place = ((7, -9), (-7, 3))[law]
        for x, y, size in zip(roots[:, law], values, scaling.sizes, strict=True):
            side = "left" if law == 0 else "right"
            ax.annotate(
                str(size.firms), (x, y), place, textcoords="offset points", fontsize=8, color=color, ha=side
            )
    ends = np.array([roots.min(), roots.max()])
    ax.plot(ends, scaling.shock_sd * ends, ":", color=INK, label=f"rule: {scaling.shock_sd:.2f} % × √H")
    ax.set_xscale("log")
    ax.xaxis.set_major_locator(FixedLocator([0.05, 0.1, 0.2, 0.3]))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter("{x:g}")
    _log_percent(ax, 0.02)
    ax.set(
        xlabel="√ Herfindahl index of sales (labels: firms)",
        ylabel="sd from firms' shocks, %",
        title="The granular rule",
    )
    ax.legend(loc="upper left", fontsize=8)


def _log_percent(ax: Axes, lowest: float) -> None:
    ax.set_yscale("log")
    ax.set_ylim(lowest, 1.6)
    ax.yaxis.set_major_locator(FixedLocator([0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0]))
    ax.yaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_major_formatter("{x:g}")


def _gini(ax: Axes, scaling: Scaling) -> None:
    firms = _over_firms(ax, scaling)
    sizes = np.geomspace(firms[0] / 1.3, firms[-1] * 1.3, 60)
    ratio = scaling.sizes[0].households / firms[0]
    mean, spread = np.array([wealth_gini_target(round(ratio * n)) for n in sizes]).T
    ax.fill_between(sizes, mean - 1.96 * spread, mean + 1.96 * spread, color=GREY, alpha=0.15, linewidth=0,
                    label="95 % of US samples so large")  # fmt: skip
    ax.plot(sizes, mean, color=GREY, linewidth=1.2)
    for size in scaling.sizes:
        low, high = np.percentile(size.ginis, [5, 95])
        ax.plot([size.firms, size.firms], [low, high], color=GREEN, linewidth=4.5, alpha=0.4)
    ax.plot(
        firms, [size.ginis.mean() for size in scaling.sizes], "o-", color=GREEN, label="simulated, 5–95 %"
    )
    ax.set(ylim=(0.4, 1.0), ylabel="Gini of household wealth at the end", title="Wealth inequality")
    ax.legend(loc="lower left")


def _facts(ax: Axes, scaling: Scaling) -> None:
    """A row per fact, those that fall furthest with size first."""
    shares = scaling.pass_shares
    order = sorted(shares, key=lambda name: (shares[name][-1] - shares[name][0], shares[name].mean()))
    table = 100 * np.array([shares[name] for name in order])
    ax.imshow(table, cmap="RdYlBu", alpha=0.6, vmin=0, vmax=100, aspect="auto")
    for (row, column), value in np.ndenumerate(table):
        ax.text(column, row, f"{value:.0f}", ha="center", va="center", fontsize=7, color=INK)
    ax.set_yticks(range(len(order)), order, fontsize=7.5)
    ax.set_xticks(range(len(scaling.sizes)), [str(size.firms) for size in scaling.sizes])
    ax.grid(False)
    ax.set(xlabel="firms", title="% of histories that meet a fact,\nlargest losses with size first")
