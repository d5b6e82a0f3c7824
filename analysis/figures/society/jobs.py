"""Who does what: shares of jobs, and how hard those in each job work."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from analysis.figures.society.recorded import Floats, Ints, Recorded
from analysis.figures.society.through_time import key, legend_above, path, span
from analysis.figures.style import foot, grid, styled


def job_shares(jobs: Ints, count: int) -> Floats:
    """Return the share of agents (T, count) in each job, from jobs (T, N)."""
    return np.stack([(jobs == j).mean(axis=1) for j in range(count)], axis=1)


def effort_by_job(jobs: Ints, effort: Floats, count: int) -> Floats:
    """Return mean effort (T, count) of those in each job, NaN where nobody is."""
    inside = np.stack([jobs == j for j in range(count)], axis=-1)
    sums, people = (effort[..., None] * inside).sum(axis=1), inside.sum(axis=1)
    return np.divide(sums, people, out=np.full(sums.shape, np.nan), where=people > 0)


@styled
def jobs(society: Recorded) -> Figure:
    """Draw the shares of jobs over the run and through its last two years, and the effort in each job."""
    ticks, job, effort = society.snapshots("Production", "job", "effort")
    count = len(society.jobs)
    shares, hard = 100 * job_shares(job, count), 100 * effort_by_job(job, effort, count)
    figure, (whole, late, work) = grid(3, 1, "Jobs", height=2.3)
    recent = ticks > ticks[-1] - 2 * society.year
    late.stackplot(ticks[recent], shares[recent].T, colors=society.job_colors, alpha=0.85, linewidth=0)
    for j, name in enumerate(society.jobs):
        color = society.job_colors[j]
        path(whole, ticks, shares[:, j], society.year, color, name)
        path(work, ticks, hard[:, j], society.year, color)
    whole.set(title="Shares of jobs", ylabel="% of agents", ylim=(0, 100))
    late.set(title="… through the last two years, stacked", ylabel="% of agents", ylim=(0, 100))
    work.set(title="Effort", ylabel="% of full effort")
    span(whole, ticks, label=False)
    span(late, ticks[recent], label=False)
    span(work, ticks)
    legend_above(whole, count)
    foot(figure, key(society))
    return figure
