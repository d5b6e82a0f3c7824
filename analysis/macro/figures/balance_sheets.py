"""Who owns and owes what, by sector, through time."""

from __future__ import annotations

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from analysis.figures.margins import Margins
from analysis.figures.style import BLUE, GREEN, INK, ORANGE, PURPLE, RED, Unavailable, foot, grid, styled
from analysis.run import Run

SECTORS = {
    "households": BLUE,
    "firms": ORANGE,
    "banks": RED,
    "government": GREEN,
    "central_bank": PURPLE,
}
ITEMS = {
    "deposits": "Deposits",
    "loans": "Loans",
    "bills": "Government bills",
    "net_worth": "Financial net worth",
}


@styled
def balance_sheets(run: Run) -> Figure:
    """Draw deposits, loans, bills and net worth of the sectors of one history, assets up and debts down.

    In % of annual GDP where Output was recorded, else in millions; Unavailable without Balance events.
    """
    if "Balance" not in run.recorded:
        raise Unavailable("no Balance events recorded")
    balance = _by_sector(run)
    if balance.is_empty():
        raise Unavailable("the run ended before the first books closed")
    unit = "% of annual GDP"
    annual_gdp = _annual_gdp(run)
    if annual_gdp is None:
        unit = "millions"
        balance = balance.with_columns(scale=pl.lit(1e8))
    else:
        balance = balance.join_asof(annual_gdp, on="tick", strategy="backward").with_columns(
            scale=pl.col("annual").fill_null(strategy="backward") / 100
        )
    balance = balance.with_columns(pl.col(item) / pl.col("scale") for item in ITEMS)
    figure, axes = grid(2, 2, "Balance sheets by sector", height=3.3, margins=Margins())
    for ax, (item, title) in zip(axes, ITEMS.items(), strict=True):
        table = balance.pivot(on="sector", index="tick", values=item).sort("tick").fill_null(0.0)
        years = table["tick"].to_numpy() / run.ticks_per_year
        _stack(ax, years, {sector: table[sector].to_numpy() for sector in SECTORS if sector in table.columns})
        ax.set(title=title, ylabel=unit)
    handles = [(name, color) for name, color in SECTORS.items() if name in balance["sector"].unique()]
    patches = [axes[0].fill_between([], [], color=color, alpha=0.8) for _, color in handles]
    names = [name.replace("_", " ") for name, _ in handles]
    figure.legend(patches, names, loc="outside upper right", ncols=len(handles))
    for ax in axes[2:]:
        ax.set_xlabel("years")
    stacked = "what a sector owns above 0, what it owes below · areas are stacked"
    foot(figure, f"history {run.replica} · {stacked}")
    return figure


def _by_sector(run: Run) -> pl.DataFrame:
    """Sums of the items of the history recorded by tick and sector name, sorted by tick."""
    events = run.events("Balance")
    names = list(SECTORS)
    kind = events.collect_schema()["sector"]
    sector = pl.col("sector").cast(pl.String)
    if kind.is_integer():
        sector = pl.col("sector").replace_strict(dict(enumerate(names)), return_dtype=pl.String)
    return (
        events.filter(pl.col("replica") == run.replica)
        .group_by("tick", sector.alias("sector"))
        .agg(pl.col(item).sum() for item in ITEMS)
        .sort("tick")
        .collect()
    )


def _annual_gdp(run: Run) -> pl.DataFrame | None:
    """Nominal GDP over the year up to each tick (a shorter start is scaled up), or None."""
    if "Output" not in run.recorded:
        return None
    own = run.events("Output").filter(pl.col("replica") == run.replica)
    output = own.sort("tick").select("tick", "nominal").collect()
    if len(output) < 2:
        return None
    per_year = round(run.ticks_per_year / float(np.median(np.diff(output["tick"].to_numpy()))))
    mean = pl.col("nominal").cast(pl.Float64).rolling_mean(per_year, min_samples=1)
    return output.select("tick", annual=mean * per_year)


def _stack(ax: Axes, years: NDArray[np.float64], sectors: dict[str, NDArray[np.float64]]) -> None:
    """Stack positive values upwards and negative ones downwards."""
    top, bottom = np.zeros(len(years)), np.zeros(len(years))
    for sector, values in sectors.items():
        for base, part in ((top, np.maximum(values, 0)), (bottom, np.minimum(values, 0))):
            if part.any():
                ax.fill_between(years, base, base + part, color=SECTORS[sector], alpha=0.8, linewidth=0)
            base += part
    ax.axhline(0, color=INK, linewidth=0.8)
    ax.set_xlim(years[0], max(years[-1], years[0] + 1e-6))
