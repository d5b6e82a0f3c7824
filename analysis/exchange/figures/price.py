"""What happened: the price beside what it is worth, volume, and days with halts."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from analysis.exchange.market import Market
from analysis.figures.style import BLUE, GREY, ORANGE, RED, foot, grid, styled
from analysis.wording import counted

TICK = 1e-4


@styled
def price(market: Market) -> Figure:
    """Draw closing prices with worth, lots traded, and halts by day."""
    bars, halts, years = market.of_first("Bar"), market.halts(), market.years
    figure, panels = grid(3 if halts.any() else 2, 1, "Price, volume and halts", height=2.1)
    top, middle = panels[:2]
    top.plot(
        years, TICK * bars["value"].to_numpy(), color=ORANGE, linewidth=1.0, label="worth, to those who know"
    )
    top.plot(years, TICK * bars["closing"].to_numpy(), color=BLUE, linewidth=1.2, label="price at the close")
    top.set(ylabel="money")
    top.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2, borderaxespad=0.1)
    middle.fill_between(
        years, bars["volume"].to_numpy() / 1000, step="pre", color=GREY, alpha=0.6, linewidth=0
    )
    middle.set(ylabel="1,000 lots a day", ylim=(0, None))
    for ax in panels[2:]:
        ax.vlines(years, 0, halts, color=RED, linewidth=1.0)
        ax.set(ylabel="halts a day", ylim=(0, 1.05 * halts.max()))
        on = f"{np.count_nonzero(halts):,} of {counted(len(halts), 'day')}"
        ax.set_title(f"{counted(int(halts.sum()), 'halt')} on {on}")
    for ax in panels:
        ax.set_xlim(0, years[-1])
    panels[-1].set_xlabel("year")
    foot(figure, market.says() if halts.any() else f"no halt was recorded · {market.says()}")
    return figure
