"""How returns are distributed, against the normal."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from analysis.about import histories
from analysis.exchange.market import Market
from analysis.exchange.measures.tails import aggregated, excess_kurtosis
from analysis.figures.style import BLUE, GREY, Unavailable, foot, grid, styled
from analysis.wording import counted

DAYS = (1, 20)
LEAST = 30


@styled
def returns(market: Market) -> Figure:
    """Draw densities of standardised returns over one and twenty days on a logarithmic scale."""
    if market.histories.days <= LEAST:
        raise Unavailable(f"{counted(market.histories.days, 'day')}, more than {LEAST} are needed")
    figure, axes = grid(1, len(DAYS), "Returns against the normal distribution", height=3.6)
    for ax, days in zip(axes, DAYS):
        found = aggregated(market.histories.returns, days)
        moving = found[found.std(axis=1) > 0]
        x = ((moving - moving.mean(axis=1, keepdims=True)) / moving.std(axis=1, keepdims=True)).ravel()
        if not len(x):
            raise Unavailable("prices did not move")
        reach = max(4.0, float(np.ceil(np.abs(x).max(initial=0.0))))
        edges = np.linspace(-reach, reach, 2 * int(np.clip(len(x) ** 0.5, 8, 40)) + 1)
        count, _ = np.histogram(x, edges)
        middle, width = (edges[1:] + edges[:-1]) / 2, edges[1] - edges[0]
        seen = count > 0
        z = np.linspace(-reach, reach, 400)
        ax.plot(z, np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi), color=GREY, linewidth=1.4, label="normal")
        ax.plot(middle[seen], count[seen] / len(x) / width, "o", color=BLUE, markersize=4.5, label="run")
        kurtosis = float(np.nanmean(excess_kurtosis(found)))
        ax.set_title(f"{counted(days, 'day')}: excess kurtosis {kurtosis:.2f}")
        ax.set(
            yscale="log",
            ylim=(0.3 / len(x) / width, 1.5),
            xlabel="return, standard deviations",
            ylabel="density",
        )
        ax.legend(loc="upper right")
    long = counted(market.histories.days, "day")
    foot(figure, f"{histories(market.histories.count)} of {long}, returns one after the other")
    return figure
