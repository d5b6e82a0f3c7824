"""Who does what: shares of jobs, and how hard they work."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from analysis.barter.figures.through_time import key, legend_above, path, span, spread
from analysis.barter.recorded import Floats, Ints, Recorded
from analysis.figures.style import GREY, foot, grid, styled


def job_shares(jobs: Ints, count: int) -> Floats:
    """The share of agents (T, count) in each job, from jobs (T, N)."""
    return np.stack([(jobs == j).mean(axis=1) for j in range(count)], axis=1)


@styled
def jobs(society: Recorded) -> Figure:
    """Draw the shares of jobs over the run and through its last two years, and effort."""
    ticks, job, effort = society.snapshots("Production", "job", "effort")
    count = len(society.jobs)
    shares = 100 * job_shares(job, count)
    figure, (whole, late, work) = grid(3, 1, "Jobs", height=2.3)
    recent = ticks > ticks[-1] - 2 * society.year
    late.stackplot(ticks[recent], shares[recent].T, colors=society.job_colors, alpha=0.85, linewidth=0)
    for j, name in enumerate(society.jobs):
        path(whole, ticks, shares[:, j], society.year, society.job_colors[j], name)
    spread(work, ticks, 100 * effort, society.year, GREY)
    whole.set(title="Shares of jobs", ylabel="% of agents", ylim=(0, 100))
    late.set(title="… through the last two years, stacked", ylabel="% of agents", ylim=(0, 100))
    work.set(title="Effort", ylabel="% of full effort")
    span(whole, ticks, label=False)
    span(late, ticks[recent], label=False)
    span(work, ticks)
    legend_above(whole, count)
    legend_above(work, 2)
    foot(figure, key(society))
    return figure
