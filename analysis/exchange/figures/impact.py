"""What large orders do to prices, by size, beside the square-root law."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from analysis.exchange.market import Market
from analysis.exchange.measures.impact import (
    BURN_IN,
    LEAST,
    curve,
    impact_at_duration,
    impact_exponent,
    scaled,
)
from analysis.figures.style import BLUE, GREY, Unavailable, foot, grid, styled
from analysis.wording import counted, number


@styled
def impact(market: Market) -> Figure:
    """Draw mean moves of the price while orders were worked against their size, all histories together."""
    histories = market.histories
    if not histories.has("parents") or histories.volume is None:
        raise Unavailable("no large orders were recorded")
    if histories.days <= BURN_IN:
        raise Unavailable(f"{counted(histories.days, 'day')}: large orders count after day {BURN_IN}")
    each = [scaled(p, histories.returns[r], histories.volume[r]) for r, p in enumerate(histories.parents)]
    size, moved, duration = (np.concatenate(part) for part in zip(*each))
    if len(size) < 3 * LEAST:
        raise Unavailable(f"{len(size)} large orders after day {BURN_IN}, at least {3 * LEAST} are needed")
    x, mean, error = curve(size, moved)
    figure, (left, right) = grid(1, 2, "Impact of large orders", height=3.8)
    known, up = np.isfinite(mean), np.nan_to_num(mean) > 0
    scale = float((mean * x**0.5 / error**2)[known].sum() / (x / error**2)[known].sum())
    law = np.geomspace(x[known].min(), x[known].max(), 50)
    for ax in (left, right):
        ax.plot(law, scale * law**0.5, color=GREY, linewidth=1.4, label="square-root law")
        ax.set(xscale="log", xlabel="size, share of a day's volume", ylabel="move, daily standard deviations")
    left.errorbar(
        x[known],
        mean[known],
        2 * error[known],
        fmt="o",
        color=BLUE,
        markersize=4.5,
        linewidth=1.2,
        label="run, ± 2 standard errors",
    )
    equal = number(impact_at_duration(size, moved, duration))
    left.set_title(
        f"Exponent {number(impact_exponent(size, moved))}, among orders that took equally long {equal}"
    )
    right.errorbar(
        x[up],
        mean[up],
        np.minimum(2 * error[up], 0.98 * mean[up]),
        fmt="o",
        color=BLUE,
        markersize=4.5,
        linewidth=1.2,
    )
    right.set(title="On logarithmic scales, where it is above 0", yscale="log")
    if up.any():
        right.set_ylim(bottom=0.3 * mean[up].min())
    left.legend(loc="upper left")
    foot(
        figure,
        f"{len(size):,} orders after day {BURN_IN}",
    )
    return figure
