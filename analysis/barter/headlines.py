"""The headline numbers of a recorded society: what it became in its last year, beside its first."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from analysis.barter.messages import participation, spectrum
from analysis.barter.recorded import Recorded, spoken, valued
from analysis.figures.style import Unavailable
from analysis.wording import number
from streams.measures import gini

Tile = tuple[str, str, str]


def headlines(society: Recorded) -> list[Tile]:
    """Tiles (what, number, what to hold it against); those without data are left out."""
    found = []
    for tile in TILES:
        try:
            found.append(tile(society))
        except Unavailable:
            continue
    return found


def reward(society: Recorded) -> Tile:
    """Mean reward of a tick in the last year."""
    first, last = _by_year(society, "Reward", "amount")
    return "mean reward, utility per tick", number(last, 3), f"first year {number(first, 3)}"


def output(society: Recorded) -> Tile:
    """Goods made per agent and tick in the last year."""
    first, last = _by_year(society, "Production", "amount")
    return "goods made per agent and tick", number(last, 2), f"first year {number(first, 2)}"


def surplus(society: Recorded) -> Tile:
    """Share of the possible surplus that trade brings in the last year."""
    first, last = _by_year(society, "Clearing", "captured")
    return "surplus captured by trade, %", number(100 * last, 1), f"first year {number(100 * first, 1)}"


def consumption(society: Recorded) -> Tile:
    """Gini of what is eaten at a tick, at market prices, mean over the last year."""
    ticks, eaten = valued(society.by_good("Consumption", "amount"), society.prices())
    first, last = (gini(eaten[when]).mean() for when in _ends(ticks, society.year))
    return "Gini of meals, at market prices", number(last, 2), f"first year {number(first, 2)}"


def dimension(society: Recorded) -> Tile:
    """Effective dimension of messages at the end."""
    said, who = spoken(society, society.last("Broadcast"))
    if len(who) < 2:
        raise Unavailable("fewer than two messages")
    return (
        "dimensions of messages at the end",
        number(participation(spectrum(said)), 1),
        f"of {said.shape[1]}",
    )


def deaths(society: Recorded) -> Tile:
    """Deaths of hunger among all deaths."""
    causes = society.events("Death").select(pl.col("cause").cast(pl.String)).collect()["cause"]
    hungry = int((causes == "hunger").sum())
    return "deaths of hunger", str(hungry), f"of {len(causes)} deaths"


TILES: tuple[Callable[[Recorded], Tile], ...] = (
    reward, output, surplus, consumption, dimension, deaths,
)  # fmt: skip


def _by_year(society: Recorded, event: str, column: str) -> tuple[float, float]:
    """Means of a column over the first and the last year of a run."""
    means = society.events(event).group_by("tick").agg(pl.col(column).mean()).collect().sort("tick")
    if means.is_empty():
        raise Unavailable(f"no {event} events")
    values = means[column].to_numpy()
    first, last = (float(values[when].mean()) for when in _ends(means["tick"].to_numpy(), society.year))
    return first, last


def _ends(ticks: np.ndarray, year: int) -> tuple[np.ndarray, np.ndarray]:
    return ticks < ticks[0] + year, ticks > ticks[-1] - year
