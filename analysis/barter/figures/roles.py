"""What agents do at a tick, and the colours of jobs."""

from __future__ import annotations

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from analysis.barter.recorded import Floats, Recorded
from analysis.figures.style import GREY, Unavailable


def value_by_agent(society: Recorded, event: str, column: str, tick: int) -> Floats:
    """The sum over goods of a column at a tick for every agent (N,), 0 where there is no row."""
    rows = society.events(event).filter(pl.col("tick") == tick)
    found = rows.group_by("agent").agg(pl.col(column).cast(pl.Float64).sum()).collect()
    if found.is_empty():
        raise Unavailable(f"no {event} events at tick {tick}")
    values = np.zeros(society.agents)
    values[found["agent"].to_numpy()] = found[column].to_numpy()
    return values


def job_marks(society: Recorded) -> list[Line2D]:
    """A dot per job in its colour, for a legend."""
    return [
        Line2D(
            [],
            [],
            marker="o",
            linestyle="",
            color=color,
            markeredgecolor=GREY,
            markeredgewidth=0.3,
            label=job,
        )
        for job, color in zip(society.jobs, society.job_colors)
    ]


def job_legend(ax: Axes, society: Recorded) -> None:
    """Name the colours of jobs right above a panel."""
    count = len(society.jobs)
    ax.legend(handles=job_marks(society), loc="lower right", bbox_to_anchor=(1, 1), ncols=count)
