"""Who has how much: wealth, income, firm sizes, and inequality through time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator
from numpy.typing import NDArray

from analysis.figures.margins import Margins
from analysis.figures.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    Unavailable,
    band,
    empty,
    foot,
    grid,
    legend_line,
    styled,
)
from analysis.inequality import lorenz
from analysis.macro.wealth import US_WEALTH_GINI, wealth_gini_target
from analysis.run import Run
from streams.measures import gini


@styled
def distributions(run: Run) -> Figure:
    """Draw Lorenz curves of wealth and income, firm sizes and both Ginis through time.

    A panel whose events were not recorded says so.
    """
    figure, axes = grid(2, 2, "Distributions", height=3.6, margins=Margins())
    panels: list[tuple[str, Callable[[Axes, Run], None]]] = [
        ("Wealth of households", _wealth),
        ("Income of households", _income),
        ("Sizes of firms", _firms),
        ("Inequality through time", _through_time),
    ]
    for ax, (title, draw) in zip(axes, panels, strict=True):
        try:
            draw(ax, run)
            ax.set_title(title)
        except Unavailable as note:
            empty(ax, title, str(note))
    replicas = run.arrays["gdp"].shape[0]
    end = f"wealth, income and sizes: history {run.replica} at the end"
    foot(figure, f"{end} · through time: {legend_line(replicas)}")
    return figure


def _last_year(run: Run, event: str) -> pl.LazyFrame:
    """The events of the history recorded in the last year that has any; Unavailable when there are none."""
    if event not in run.recorded:
        raise Unavailable(f"no {event} events recorded")
    events = run.events(event).filter(pl.col("replica") == run.replica)
    last = events.select(pl.col("tick").max()).collect().item()
    if last is None:
        raise Unavailable(f"no {event} events of history {run.replica}")
    return events.filter(pl.col("tick") > last - run.ticks_per_year)


def _lorenz(ax: Axes, amounts: NDArray[np.float64], color: str, text: str) -> None:
    if not amounts.sum() > 0:
        raise Unavailable("the total is not positive")
    people, share = lorenz(amounts)
    ax.plot([0, 100], [0, 100], color=GREY, linewidth=0.8, linestyle=":")
    ax.fill_between(100 * people, 100 * people, 100 * share, color=color, alpha=0.15, linewidth=0)
    ax.plot(100 * people, 100 * share, color=color)
    ax.text(0.04, 0.95, text, transform=ax.transAxes, va="top", linespacing=1.5)
    ax.set(xlim=(0, 100), xlabel="poorest % of households", ylabel="% of the total they have")


def _wealth(ax: Axes, run: Run) -> None:
    events = _last_year(run, "Wealth")
    amounts = events.filter(pl.col("tick") == pl.col("tick").max()).select("amount").collect().to_series()
    mean, sd = wealth_gini_target(len(amounts))
    values = amounts.to_numpy().astype(np.float64)
    target = f"US {US_WEALTH_GINI:.3f}, as a sample of {len(values)}: {mean:.3f} ± {sd:.3f}"
    _lorenz(ax, values, BLUE, f"Gini {float(gini(values)):.3f}\n{target}")


def _income(ax: Axes, run: Run) -> None:
    frame = _last_year(run, "Income").group_by("agent").agg(pl.col("amount").sum()).sort("agent").collect()
    values = frame["amount"].to_numpy().astype(np.float64)
    _lorenz(ax, values, GREEN, f"Gini {float(gini(values)):.3f}\ngross, over the last year")


def _firms(ax: Axes, run: Run) -> None:
    frame = _last_year(run, "Trade").group_by("seller").agg(pl.col("amount").sum()).collect()
    sales = np.sort(frame["amount"].to_numpy().astype(np.float64))[::-1]
    share = 100 * sales / sales.sum()
    rank = np.arange(1, len(share) + 1)
    ax.loglog(rank, share, "o", color=ORANGE, markersize=5)
    ax.loglog(
        rank, 100 / rank / (1 / rank).sum(), color=GREY, linestyle=":", linewidth=1.0, label="Zipf's law"
    )
    herfindahl = float(((share / 100) ** 2).sum())
    ax.legend(loc="lower left", title=f"Herfindahl index {herfindahl:.3f}", alignment="left")
    ax.set(xlabel="rank of the firm", ylabel="% of all sales in the last year")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        axis.set_major_formatter("{x:g}")
        axis.set_minor_locator(NullLocator())


def _through_time(ax: Axes, run: Run) -> None:
    series = run.arrays
    years = np.arange(1, series["gdp"].shape[1] + 1) / 4
    band(ax, years, series["gini_wealth"], BLUE, "wealth")
    band(ax, years, series["gini_income"], GREEN, "income")
    households = run.manifest.get("config", {}).get("households")
    mean, sd = wealth_gini_target(households)
    ax.axhspan(mean - 1.96 * sd, mean + 1.96 * sd, color=GREY, alpha=0.12, linewidth=0)
    size = "" if households is None else f", {households} households"
    ax.axhline(mean, color=INK, linestyle=":", linewidth=1.0, label=f"US wealth {mean:.3f}{size}")
    ax.set(xlim=(0, years[-1]), ylim=(0, 1), xlabel="years", ylabel="Gini coefficient")
    ax.legend(loc="lower right", ncols=3)
