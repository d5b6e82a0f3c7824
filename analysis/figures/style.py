"""One look for every figure: colours that colour-blind readers can tell apart, and replica bands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, BinaryIO, ParamSpec

import numpy as np
from cycler import cycler
from matplotlib import rc_context, rcdefaults, rcParams
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.image import imsave
from numpy.typing import NDArray

from analysis.figures.margins import FOOT, PAD, TITLE, Margins
from analysis.figures.powers import plain_powers

# Okabe and Ito (2008).
BLUE, ORANGE, GREEN, RED = "#0072B2", "#E69F00", "#009E73", "#D55E00"
PURPLE, SKY, YELLOW, GREY = "#CC79A7", "#56B4E9", "#F0E442", "#666666"
INK = "#222222"

RC: Any = {
    "figure.facecolor": "white",
    "figure.dpi": 150,
    "text.parse_math": False,
    "axes.titley": 1.0,
    "font.family": "DejaVu Sans",
    "font.size": 9.5,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.titlesize": 10.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#999999",
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.prop_cycle": cycler(color=[BLUE, RED, GREEN, PURPLE, ORANGE, SKY]),
    "grid.color": "#e6e6e6",
    "grid.linewidth": 0.8,
    "xtick.color": "#555555",
    "ytick.color": "#555555",
    "legend.frameon": False,
    "legend.fontsize": 9,
    "lines.linewidth": 1.8,
}


P = ParamSpec("P")
Arms = tuple[Sequence[int], Sequence[int]]
"""Replica indices of the control arm and of the treated one, pair by pair."""


@contextmanager
def look() -> Iterator[None]:
    """One look whatever a user's matplotlibrc says: matplotlib's own defaults and, on them, ours."""
    with rc_context():
        rcdefaults()
        rcParams.update(RC)
        yield


def styled(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """Decorate a function that draws: the look holds inside it and leaks nowhere."""

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Figure:
        with look():
            figure = draw(*args, **kwargs)
            plain_powers(figure)
            FigureCanvasAgg(figure).draw()  # ticks are made when drawn
            return figure

    return drawn


def write_png(figure: Figure, file: Path | BinaryIO) -> None:
    """A figure as it looks, the same bytes for the same data; drawn again only if it has changed."""
    canvas = figure.canvas
    if figure.stale or not isinstance(canvas, FigureCanvasAgg):
        with look():
            canvas = FigureCanvasAgg(figure)
            canvas.draw()
    bare: Any = {"Software": None}  # no version of a library in the bytes
    imsave(file, canvas.buffer_rgba(), format="png", metadata=bare, pil_kwargs={"compress_level": 3})


class Unavailable(ValueError):
    """A figure or panel whose data this run did not record; the message is the note shown instead."""


def titled(
    title: str, width: float = 11.0, height: float = 6.2, margins: Margins | None = None
) -> Figure:
    """An empty figure of so many inches under a title, whose texts are measured unless it has `margins`."""
    figure = Figure(figsize=(width, height), layout=margins or "constrained")
    place = {"y": 1 - PAD / height} if margins else {}  # a constrained layout makes room where none is said
    figure.suptitle(title, x=0.01, ha="left", fontsize=TITLE, fontweight="bold", **place)
    return figure


def grid(
    rows: int, columns: int, title: str, width: float = 11.0, height: float = 2.9,
    margins: Margins | None = None,
) -> tuple[Figure, list[Axes]]:  # fmt: skip
    """A figure of rows × columns panels under a title; `height` is inches per row."""
    figure = titled(title, width, height * rows + 0.5, margins)
    axes = figure.subplots(rows, columns, squeeze=False)
    return figure, list(axes.ravel())


def band(
    ax: Axes,
    x: NDArray[Any],
    values: NDArray[np.float64],
    color: str,
    label: str | None = None,
    arms: Arms | None = None,
) -> None:
    """Draw histories (R, X): median, 10–90 % band, replica 0 as a thin line; or the only one as a line.

    Of two `arms` the treated one is drawn so, and of the control its median, dashed.
    """
    if arms is not None:
        control, treated = (values[list(arm)] for arm in arms)
        ax.plot(x, quantiles(control, (50,))[0], color=color, linestyle="--", linewidth=1.3)
        band(ax, x, treated, color, label)
        return
    if len(values) == 1:
        ax.plot(x, values[0], color=color, label=label)
        return
    low, middle, high = quantiles(values, (10, 50, 90))
    ax.fill_between(x, low, high, color=color, alpha=0.18, linewidth=0)
    ax.plot(x, values[0], color=color, linewidth=0.7, alpha=0.75)
    ax.plot(x, middle, color=color, label=label)


def quantiles(values: NDArray[np.float64], percent: Sequence[float]) -> NDArray[np.float64]:
    """Percentiles over replicas of (R, X) without the undefined values: (len(percent), X)."""
    result = np.full((len(percent), values.shape[1]), np.nan)
    defined = np.isfinite(values).any(axis=0)
    result[:, defined] = np.nanpercentile(
        np.where(np.isfinite(values), values, np.nan)[:, defined], percent, axis=0
    )
    return result


def legend_line(replicas: int, arms: Arms | None = None) -> str:
    """What the lines of `band` mean, for the foot of a figure."""
    if arms is not None:
        return f"solid: with the shock · dashed: without · {legend_line(len(arms[1]))}"
    if replicas == 1:
        return "one history"
    return f"thick line: median of {replicas} histories · band: 10–90 % of them · thin line: history 0"


def beside(
    ax: Axes, y: float, points: float, side: str, text: str, color: str, size: float, weight: str = "normal"
) -> None:
    """Write `text` at height `y`, `points` right of the panel, aligned by its `side`."""
    ax.annotate(
        text,
        (1.0, y),
        (points, 0),
        xycoords=ax.get_yaxis_transform(),
        textcoords="offset points",
        ha=side,
        va="center",
        fontsize=size,
        color=color,
        fontweight=weight,
        annotation_clip=False,
    )


def foot(figure: Figure, text: str) -> None:
    """Write a note under the panels."""
    reckoned = isinstance(figure.get_layout_engine(), Margins)
    place = {"y": PAD / figure.get_size_inches()[1]} if reckoned else {}
    figure.supxlabel(text, x=0.01, ha="left", fontsize=FOOT, color=GREY, **place)


def empty(ax: Axes, title: str, note: str) -> None:
    """Turn a panel into a note that says why it is empty."""
    ax.set_title(title)
    ax.text(0.5, 0.5, note, ha="center", va="center", color=GREY, transform=ax.transAxes, wrap=True)
    ax.set_axis_off()
