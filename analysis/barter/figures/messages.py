"""What agents say, in the plane of its two main components, and what it has to do with who says it."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.barter.figures.roles import job_legend, value_by_agent
from analysis.barter.messages import principal
from analysis.barter.recorded import Floats, Recorded, spoken
from analysis.figures.style import Unavailable, empty, foot, grid, styled


@styled
def messages(society: Recorded, tick: int | None = None) -> Figure:
    """Draw the messages of a tick four times: by job, age, effort and consumption.

    The tick is that of the last year at which jobs differ most, unless given. Unavailable when no messages
    were recorded or fewer than three agents speak; a panel without data says so.
    """
    tick = society.mixed() if tick is None else tick
    said, who = spoken(society, tick)
    if len(who) < 3 or said.shape[1] < 2:
        raise Unavailable(f"{len(who)} messages of {said.shape[1]} numbers at tick {tick}: no plane to draw")
    found = principal(said)
    figure, axes = grid(2, 2, f"Broadcasts at tick {tick}, in the plane of their main components", height=3.6)
    panels = (
        ("Job", "Production", "job", ""),
        ("Age", "Forager", "age", "ticks"),
        ("Effort", "Production", "effort", "share of full effort"),
        ("Consumption", "Consumption", "amount", "goods eaten in the tick"),
    )
    for ax, (title, event, column, unit) in zip(axes, panels):
        try:
            colors = value_by_agent(society, event, column, tick)[who]
        except Unavailable as note:
            empty(ax, title, str(note))
            continue
        _scatter(ax, society, found.scores, colors, unit)
        ax.set_title(title, pad=10)
        ax.set_xlabel(f"component 1 ({100 * found.explained[0]:.0f} % of variance)")
        ax.set_ylabel(f"component 2 ({100 * found.explained[1]:.0f} %)")
    foot(
        figure,
        f"history {society.replica} · a dot is an agent, in the same place in all panels · "
        "the tick of the last year with most mixed jobs",
    )
    return figure


def _scatter(ax: Axes, society: Recorded, at: Floats, values: Floats, unit: str) -> None:
    """Dots in the colours of jobs where there is no unit, else on a scale with its bar."""
    if unit:
        dots = ax.scatter(
            at[:, 0], at[:, 1], c=values, cmap="cividis", s=42, edgecolor="white", linewidth=0.5
        )
        ax.figure.colorbar(dots, ax=ax, label=unit)
        return
    colors = [society.job_colors[int(job)] for job in values]
    ax.scatter(at[:, 0], at[:, 1], c=colors, s=42, edgecolor="white", linewidth=0.5)
    job_legend(ax, society)
