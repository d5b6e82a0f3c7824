"""Figures of an exchange, drawn from its recording after the run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from matplotlib.figure import Figure

from analysis.exchange.figures.depth import depth
from analysis.exchange.figures.impact import impact
from analysis.exchange.figures.intraday import intraday
from analysis.exchange.figures.liquidity import liquidity
from analysis.exchange.figures.memory import memory
from analysis.exchange.figures.price import price
from analysis.exchange.figures.returns import returns
from analysis.exchange.market import Market
from analysis.figures import save
from analysis.figures.style import Unavailable

__all__ = ["FIGURES", "depth", "draw", "impact", "intraday", "liquidity", "memory", "price", "returns"]

FIGURES: dict[str, Callable[[Market], Figure]] = {
    "price": price,
    "liquidity": liquidity,
    "returns": returns,
    "memory": memory,
    "impact": impact,
    "depth": depth,
    "intraday": intraday,
}


def draw(market: Market) -> tuple[dict[str, Path], dict[str, str]]:
    """Draw the figures of a market into the `figures/` folder of its run.

    Returns the files by figure name, and for those that cannot be drawn a note instead.
    """
    files, notes = {}, {}
    for name, make in FIGURES.items():
        try:
            files[name] = save(make(market), market.run.path / "figures" / f"{name}.png")
        except Unavailable as note:
            notes[name] = str(note)
    return files, notes
