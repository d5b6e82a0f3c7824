"""How cheaply one trades: spread and depth at the best prices, day by day, and spread against volatility."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from analysis.exchange.market import Market
from analysis.exchange.measures.memory import pearson
from analysis.figures.style import BLUE, GREEN, PURPLE, foot, grid, styled

Floats = NDArray[np.float64]

MONTH = 20


@styled
def liquidity(market: Market) -> Figure:
    """Draw relative spread and depth through time, and the spread of days by how far prices ranged."""
    bars, years = market.of_first("Bar"), market.years
    spread = 1e4 * bars["spread"].to_numpy() / bars["closing"].to_numpy()
    ranged = 100 * np.log(bars["high"].to_numpy() / bars["low"].to_numpy())
    figure, (left, middle, right) = grid(1, 3, "Spread and liquidity", width=12.5, height=3.2)
    for ax, values, color in ((left, spread, BLUE), (middle, bars["depth"].to_numpy(), GREEN)):
        ax.plot(years, values, color=color, linewidth=0.6, alpha=0.45)
        at, smooth = monthly(years, values)
        ax.plot(at, smooth, color=color, linewidth=1.8)
        ax.set(xlim=(0, years[-1]), ylim=(0, None), xlabel="year")
    left.set(title="Spread", ylabel="1/100 % of the price")
    middle.set(title="Depth at both best prices", ylabel="lots")
    right.plot(ranged, spread, ".", color=PURPLE, markersize=4, alpha=0.5, markeredgewidth=0)
    right.set(
        xlabel="range of the day, %", ylabel="spread, 1/100 % of the price", xlim=(0, None), ylim=(0, None)
    )
    right.set_title(f"Correlation {float(pearson(spread, ranged)):.2f}")
    foot(figure, f"thin: days · thick: mean of {MONTH} days · {market.says()}")
    return figure


def monthly(years: Floats, values: Floats) -> tuple[Floats, Floats]:
    """Means over a month of days and where they stand, (T − window + 1,) each."""
    window = np.full(min(MONTH, len(values)), 1.0 / min(MONTH, len(values)))
    return np.convolve(years, window, "valid"), np.convolve(values, window, "valid")
