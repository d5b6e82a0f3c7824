"""How unequal agents are: Gini coefficients through time and Lorenz curves of the last year."""

from __future__ import annotations

from matplotlib.figure import Figure

from analysis.barter.figures.through_time import key, legend_above, path, span
from analysis.barter.recorded import Recorded, valued
from analysis.figures.style import BLUE, GREY, RED, SKY, foot, styled, titled
from analysis.inequality import lorenz
from streams.measures import gini


@styled
def inequality(society: Recorded) -> Figure:
    """Draw the Gini of goods before trade and of meals, both at market prices, and of rewards."""
    prices = society.prices()
    found = {
        "goods before trade": (*valued(society.by_good("Holding", "before"), prices), SKY, 5.0),
        "meals": (*valued(society.by_good("Consumption", "amount"), prices), BLUE, 1.8),
        "reward": (*society.snapshots("Reward", "amount"), RED, 1.8),
    }
    figure = titled("Inequality", 11, 3.9)
    through, last = figure.subplots(1, 2, width_ratios=(2.1, 1))
    last.plot([0, 100], [0, 100], color=GREY, linewidth=0.8, linestyle=":")
    for name, (ticks, values, color, width) in found.items():
        path(through, ticks, gini(values), society.year, color, name, width)
        mine = values[ticks > ticks[-1] - society.year].mean(axis=0)
        if mine.sum() > 0:
            people, share = lorenz(mine)
            last.plot(100 * people, 100 * share, color=color, linewidth=width)
    through.set(title="Gini at a tick", ylabel="Gini, goods and meals at market prices")
    through.set_ylim(bottom=0)
    span(through, ticks)
    legend_above(through, 3)
    last.set(title="Lorenz curves of the last year", xlabel="poorest % of agents", ylabel="% of the total")
    last.set(xlim=(0, 100), ylim=(0, 100))
    foot(figure, f"{key(society)} · prices: of the tick · Lorenz: means by slot over the year")
    return figure
