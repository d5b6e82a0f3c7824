"""The state of the economy through time: growth, prices, jobs, rates, demand, debt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from analysis.about import Struck
from analysis.cycles import WINDOW, recessions
from analysis.figures.margins import Margins
from analysis.figures.marks import Marks
from analysis.figures.style import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PURPLE,
    RED,
    Arms,
    band,
    foot,
    grid,
    legend_line,
    styled,
)

Floats = NDArray[np.float64]


def growth(x: Floats) -> Floats:
    """Four-quarter growth of a level (R, Q) in %, NaN in the first year and where it is not positive."""
    logs = 100.0 * np.log(np.where(x > 0, x, np.nan))
    return np.concatenate([np.full_like(logs[:, :4], np.nan), logs[:, 4:] - logs[:, :-4]], axis=1)


def recession_years(gdp: Floats) -> list[tuple[float, float]]:
    """The recessions of one history (Q,), from peak to trough in years; none where it is too short."""
    if len(gdp) <= 2 * WINDOW or not (gdp > 0).all():
        return []
    return [((r.peak + 1) / 4, (r.trough + 1) / 4) for r in recessions(np.log(gdp))]


@styled
def macro_variables(
    series: Mapping[str, Floats], strikes: Sequence[Struck] = (), arms: Arms | None = None
) -> Figure:
    """Draw six panels over years from series (R, Q) by column name, of two `arms` each its own way.

    Recessions of the first history are grey, without arms; `strikes` are marked.
    """
    replicas, quarters = series["gdp"].shape
    years = np.arange(1, quarters + 1) / 4
    figure, axes = grid(3, 2, "The economy through time", margins=Margins())

    marks = Marks(() if arms else recession_years(series["gdp"][0]), strikes)

    def panel(ax: Axes, title: str, unit: str, lines: list[tuple[str | None, Floats, str]]) -> None:
        marks.draw(ax)
        for label, values, color in lines:
            band(ax, years, values, color, label, arms)
        ax.set_title(title)
        ax.set_ylabel(unit)
        ax.set_xlim(0, years[-1])
        ax.xaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10]))
        ax.yaxis.set_major_locator(MaxNLocator(nbins=5))
        if len(lines) > 1:
            ax.legend(ncols=len(lines), loc="upper right")
            low, high = ax.get_ylim()
            ax.set_ylim(low, high + 0.18 * (high - low))  # room for the legend above the lines
        if ax.get_ylim()[0] < 0 < ax.get_ylim()[1]:
            ax.axhline(0, color=INK, linewidth=0.7)

    annual_gdp = 4 * series["gdp"]
    panel(axes[0], "Real GDP growth", "% over 4 quarters", [(None, growth(series["gdp"]), BLUE)])
    panel(axes[1], "Inflation", "% over 4 quarters", [(None, growth(series["price_level"]), ORANGE)])
    panel(axes[2], "Unemployment", "% of the labour force", [(None, series["unemployment_rate"], RED)])
    panel(
        axes[3],
        "Interest rates",
        "% a year",
        [("policy rate", series["policy_rate"], BLUE), ("lending spread", series["lending_spread"], PURPLE)],
    )
    demand: list[tuple[str | None, Floats, str]] = [
        ("fixed investment", growth(series["fixed_investment"]), ORANGE),
        ("consumption", growth(series["consumption"]), GREEN),
    ]
    debt: list[tuple[str | None, Floats, str]] = [
        ("bank loans", 100 * series["bank_loans"] / annual_gdp, BLUE),
        ("household debt", 100 * series["household_debt"] / annual_gdp, GREEN),
    ]
    panel(axes[4], "Demand growth", "% over 4 quarters", demand)
    panel(axes[5], "Debt", "% of annual GDP", debt)
    for ax in axes[4:]:
        ax.set_xlabel("years")
    foot(figure, "\n".join(note for note in (legend_line(replicas, arms), marks.says) if note))
    return figure
