"""How old agents are, and of what they die."""

from __future__ import annotations

import numpy as np
import polars as pl
from matplotlib.figure import Figure

from analysis.barter.figures.through_time import legend_above, span
from analysis.barter.recorded import Floats, Ints, Recorded
from analysis.figures.style import BLUE, RED, SKY, foot, styled, titled

CAUSES = {"age": SKY, "hunger": RED}
ROWS, COLUMNS = 16, 200


def census(ticks: Ints, age: Ints, rows: int = ROWS, columns: int = COLUMNS) -> tuple[Floats, Floats, Floats]:
    """Edges of ticks and ages, and how many agents of an age are alive (ages, ticks) on average.

    `age` is (T, N); there are at most `columns` stretches of ticks and `rows` of ages, of equal length where
    that leaves few enough.
    """
    first, last, oldest = ticks[0], ticks[-1] + 1, int(age.max()) + 1
    up = np.linspace(0, oldest, min(rows, oldest) + 1)
    alike = max(1, round((last - first) / float(up[1])))
    across = np.linspace(first, last, min(columns, len(ticks), alike) + 1)
    when = np.broadcast_to(ticks[:, None], age.shape)
    people = np.histogram2d(age.ravel(), when.ravel(), bins=(up, across))[0]
    seen = np.histogram(ticks, across)[0]
    return across, up, people / np.maximum(seen, 1)


def by_period(ticks: Ints, first: int, period: int, periods: int) -> Ints:
    """How many of the ticks of events fall into each of the periods that begin at `first`."""
    return np.bincount((ticks - first) // period, minlength=periods)[:periods]


@styled
def ages(society: Recorded) -> Figure:
    """Draw ages through time, ages at the end, and births and deaths by cause in each year."""
    ticks, age = society.snapshots("Forager", "age")
    deaths = society.events("Death").select("tick", pl.col("cause").cast(pl.String)).collect()
    births = society.events("Birth").select("tick").collect()["tick"].to_numpy()
    figure = titled("Ages, births and deaths", 11, 6.2)
    axes = figure.subplot_mosaic("aaab;cccc", height_ratios=(1.25, 1))
    whole, end, turnover = axes["a"], axes["b"], axes["c"]
    across, up, people = census(ticks, age)
    mesh = whole.pcolormesh(across, up, people, cmap="cividis", vmin=0)
    whole.grid(visible=False)
    figure.colorbar(mesh, ax=whole, label="agents", pad=0.01)
    whole.set(title="Ages through time", ylabel="age, ticks", xlabel="tick")
    end.hist(age[-1], up.tolist(), orientation="horizontal", color=BLUE, edgecolor="white", linewidth=0.5)
    end.set(title=f"Ages at tick {ticks[-1]}", xlabel="agents", ylim=(up[0], up[-1]))
    periods = -(-(int(ticks[-1]) + 1 - int(ticks[0])) // society.year)
    start = int(ticks[0]) + society.year * np.arange(periods)
    bottom = np.zeros(periods, np.int64)
    for cause, color in CAUSES.items():
        of = deaths.filter(pl.col("cause") == cause)["tick"].to_numpy()
        count = by_period(of, int(ticks[0]), society.year, periods)
        turnover.bar(
            start, count, 0.9 * society.year, bottom, align="edge", color=color, label=f"deaths of {cause}"
        )
        bottom = bottom + count
    born = by_period(births, int(ticks[0]), society.year, periods)
    turnover.plot(start + 0.45 * society.year, born, "D", color=BLUE, markersize=5, label="births")
    turnover.set(title="Births and deaths in a year", ylabel="agents")
    turnover.set_ylim(0, 1.1 * max(1, int(born.max()), int(bottom.max())))
    span(turnover, np.array([ticks[0], start[-1] + society.year]))
    legend_above(turnover, 3)
    foot(
        figure,
        f"history {society.replica} · a year has {society.year} ticks · the dead are replaced at once · "
        "diagonals: those born together",
    )
    return figure
