"""What days remember: autocorrelations of returns and of their size, beside those of real series."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from analysis.exchange.history import Histories
from analysis.exchange.market import Market
from analysis.exchange.measures.memory import autocorrelations
from analysis.exchange.real import NotInstalled, Scatter, longest, real_series
from analysis.figures.style import BLUE, GREY, INK, Unavailable, foot, grid, quantiles, styled
from analysis.wording import counted

Floats = NDArray[np.float64]

LAGS = (1, 2, 3, 5, 7, 10, 15, 20, 30, 40, 50, 60, 80, 100)


@styled
def memory(market: Market) -> Figure:
    """Draw autocorrelations of r and |r| by lag with the band in which windows of real series lie."""
    days = market.histories.days
    if days < 2 * LAGS[-1]:
        raise Unavailable(f"{counted(days, 'day')}, at least {2 * LAGS[-1]} are needed")
    figure, axes = grid(1, 2, "Memory of returns and of their size", height=3.6)
    names = ("Returns", "Size of returns")
    for ax, name, own, band in zip(axes, names, _of(market.histories), _bands(days)):
        if band is not None:
            ax.fill_between(LAGS, band[0], band[2], color=GREY, alpha=0.2, linewidth=0, label="real, 5–95 %")
            ax.plot(LAGS, band[1], color=GREY, linewidth=1.0, label="real, median")
        if not np.isfinite(own).any():
            raise Unavailable("prices did not move")
        low, middle, high = quantiles(own, (10, 50, 90))
        ax.plot(LAGS, middle, "o-", color=BLUE, markersize=4, label="run")
        if len(own) > 1:
            ax.vlines(LAGS, low, high, color=BLUE, linewidth=1.2)
        ax.axhline(0, color=INK, linewidth=0.8)
        ax.set(title=name, xscale="log", xlabel="lag, days", ylabel="autocorrelation")
        ax.set_xticks([1, 2, 5, 10, 20, 50, 100], ["1", "2", "5", "10", "20", "50", "100"], minor=False)
        ax.set_xticks([], minor=True)
    axes[1].legend(loc="upper right")
    real = "real: windows of as many days of the S&P 500, the Nasdaq and crude oil, equally weighted"
    foot(figure, real if len(market.histories.closes) == 1 else f"bars: 10–90 % of histories · {real}")
    return figure


def _of(histories: Histories) -> tuple[Floats, Floats]:
    """Autocorrelations of returns and of sizes, (R, lag) each."""
    return autocorrelations(histories.returns, LAGS), autocorrelations(histories.sizes, LAGS)


def _bands(days: int) -> tuple[Floats | None, Floats | None]:
    """The 5, 50 and 95 % points of both over real windows, (3, lag); None where the series are not here."""
    try:
        series = real_series()
    except NotInstalled:
        return None, None
    days = min(days, longest(series))
    found = [_of(bars.windows(days)) for bars in series.values()]
    both = [[Scatter.of([each[kind][:, k] for each in found]) for k in range(len(LAGS))] for kind in (0, 1)]
    points = [np.array([[at.quantile(q) for at in kind] for q in (0.05, 0.5, 0.95)]) for kind in both]
    return points[0], points[1]
