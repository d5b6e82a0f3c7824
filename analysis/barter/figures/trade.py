"""Before and after trade, in the space of two goods: an arrow per agent, along its budget line."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.barter.figures.edgeworth import edgeworth
from analysis.barter.figures.roles import job_marks, value_by_agent
from analysis.barter.recorded import Floats, Recorded
from analysis.figures.style import GREY, INK, Unavailable, foot, grid, styled

BOXES = (
    "\nboxes: goods of two Cobb–Douglas traders with the mean tastes of their agents · dotted: the price"
    "\nas good to a trader as before trade (dashed) and after (solid) · grey: better for both than before"
)
MOST_PAIRS = 6
BUDGETS = (10, 50, 90)  # percentiles of income whose budget lines are drawn


def market(society: Recorded, tick: int) -> tuple[Floats, Floats, Floats]:
    """Endowments and allocations (N, goods) and prices (goods,); Unavailable without them."""
    _, (before,) = society.by_good("Holding", "before", [tick])
    _, (after,) = society.by_good("Holding", "after", [tick])
    ticks, prices = society.prices()
    if tick not in ticks:
        raise Unavailable(f"no Price events at tick {tick}")
    return before, after, prices[np.flatnonzero(ticks == tick)[0]]


def budget(income: float, prices: Floats) -> tuple[list[float], list[float]]:
    """The ends of the budget line of an income at prices (2,), as (x, x) and (y, y)."""
    return [income / float(prices[0]), 0.0], [0.0, income / float(prices[1])]


@styled
def trade(society: Recorded) -> Figure:
    """Draw a market of the first year and one of the last, those with most mixed jobs, and their boxes.

    With more than two goods it is the last one, by pairs of goods, the first six of them, without boxes.
    """
    if len(society.goods) < 2:
        raise Unavailable("one good: nothing to trade it for")
    earlier, last = society.mixed(first=True), society.mixed()
    pairs = list(combinations(range(len(society.goods)), 2))[:MOST_PAIRS]
    shown = [(earlier, pairs[0]), (last, pairs[0])] if len(pairs) == 1 else [(last, pair) for pair in pairs]
    columns = min(2 if len(shown) < 3 else 3, len(shown))
    boxes = [tick for tick, _ in shown] if len(pairs) == 1 else []
    panels = len(shown) + len(boxes)
    figure, axes = grid(-(-panels // columns), columns, "Before and after trade", height=12.0 / columns - 1)
    for ax, (tick, pair) in zip(axes, shown):
        _panel(ax, society, tick, pair)
    for ax, tick in zip(axes[len(shown) :], boxes):
        edgeworth(ax, society, tick, *market(society, tick))
    for ax in axes[panels:]:
        ax.set_axis_off()
    handles = job_marks(society)
    figure.legend(handles=handles, loc="outside upper right", ncols=len(handles))
    foot(
        figure,
        f"history {society.replica} · an arrow: an agent, from endowment to allocation, in its job's colour\n"
        f"dotted: budget lines at the {', '.join(map(str, BUDGETS))} % quantiles of incomes · "
        f"ticks with most mixed jobs{BOXES if boxes else ''}",
    )
    return figure


def _panel(ax: Axes, society: Recorded, tick: int, pair: tuple[int, int]) -> None:
    before, after, prices = market(society, tick)
    job = value_by_agent(society, "Production", "job", tick).astype(np.int64)
    x, y = pair
    both = [x, y]
    relative = prices[both]
    if np.isfinite(relative).all():
        for income in np.percentile(after[:, both] @ relative, BUDGETS):
            ax.plot(*budget(float(income), relative), color=INK, linewidth=0.9, linestyle=":")
        said = f"a unit of {society.goods[x]} costs {relative[0] / relative[1]:.2f} of {society.goods[y]}"
    else:
        said = "no price"
    moved = after - before
    ax.quiver(
        before[:, x], before[:, y], moved[:, x], moved[:, y], color=[society.job_colors[j] for j in job],
        angles="xy", scale_units="xy", scale=1, width=0.0035, headwidth=5, headlength=6, alpha=0.85,
    )  # fmt: skip
    ax.scatter(before[:, x], before[:, y], s=9, color=GREY, zorder=3)
    ends = np.concatenate([before, after])
    ax.set_xlim(0, 1.08 * max(float(ends[:, x].max()), 1e-9))
    ax.set_ylim(0, 1.08 * max(float(ends[:, y].max()), 1e-9))
    ax.text(0.98, 0.97, said, transform=ax.transAxes, ha="right", va="top", fontsize=9)
    ax.set(title=f"Tick {tick}", xlabel=f"{society.goods[x]} held", ylabel=f"{society.goods[y]} held")
