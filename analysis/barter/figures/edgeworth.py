"""The Edgeworth box of two goods: those who give the first and all others, before and after trade."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes

from analysis.barter.recorded import Floats, Recorded
from analysis.figures.style import GREY, INK, PURPLE, empty

POINTS = 200  # of a curve


class Box(NamedTuple):
    """Two traders and two goods: `size`, all there is, and what the first trader holds, each (2,).

    `tastes` (2,): the share of the first good in the tastes of the first trader and of the second. `givers`:
    how many agents the first trader is.
    """

    size: Floats
    before: Floats
    after: Floats
    tastes: Floats
    givers: int


def boxed(before: Floats, after: Floats, taste: Floats) -> Box | None:
    """Those who give of the first good as one trader, all others as the second; None without givers.

    Holdings before and after trade and tastes are (N, 2); tastes of a trader are the mean of its agents'.
    """
    gives = after[:, 0] < before[:, 0]
    if not gives.any():
        return None
    tastes = np.array([taste[who, 0].mean() / taste[who].mean(axis=0).sum() for who in (gives, ~gives)])
    return Box(before.sum(axis=0), before[gives].sum(axis=0), after[gives].sum(axis=0), tastes, gives.sum())


def indifferent(x: Floats, through: Floats, share: float) -> Floats:
    """The y at which one with utility x^share · y^(1 − share) is as well off as at a point (2,)."""
    return float(through[1]) * (float(through[0]) / x) ** (share / (1.0 - share))


def contract(x: Floats, box: Box) -> Floats:
    """The y at which, with x of the first good, neither can gain without the other's loss."""
    first, second = box.tastes / (1.0 - box.tastes)
    return box.size[1] * second * x / (second * x + first * (box.size[0] - x))


def edgeworth(ax: Axes, society: Recorded, tick: int, before: Floats, after: Floats, prices: Floats) -> None:
    """Draw the box of a tick from holdings before and after trade (N, 2) and prices (2,), NaN for none."""
    _, (taste,) = society.by_good("Taste", "share", [tick])
    box, title = boxed(before, after, taste), f"Edgeworth box of tick {tick}"
    if box is None:
        empty(ax, title, "nobody trades")
        return
    ax.set_title(title, y=1.14)  # above the other side's axis
    width = float(box.size[0])
    x = np.linspace(0.0, width, POINTS + 2)[1:-1]
    for point, dashes in ((box.after, "-"), (box.before, "--")):
        mine = indifferent(x, point, box.tastes[0])
        theirs = box.size[1] - indifferent(width - x, box.size - point, box.tastes[1])
        for curve, color in zip((mine, theirs), society.good_colors):
            ax.plot(x, curve, color=color, linewidth=1.2, linestyle=dashes)
    ax.fill_between(x, mine, theirs, where=theirs > mine, color=GREY, alpha=0.1, linewidth=0)
    efficient = contract(x, box)
    ax.plot(x, efficient, color=PURPLE, linewidth=1.6)
    _tell(ax, "contract curve", np.array([x, efficient])[:, POINTS // 4], (-7, 4), PURPLE)
    if np.isfinite(prices).all():
        at, slope = (box.before[0], box.before[1]), -prices[0] / prices[1]
        ax.axline(at, slope=slope, color=INK, linewidth=0.9, linestyle=":")
    for said, point, fill, gap in (("before", box.before, "white", -9), ("after", box.after, INK, 9)):
        ax.plot(*point, marker="o", markerfacecolor=fill, color=INK, zorder=4, clip_on=False)
        _tell(ax, said, point, (gap, 8), INK)
    _walls(ax, society, box)


def _tell(ax: Axes, said: str, point: Floats, gap: tuple[int, int], color: str) -> None:
    side = "right" if gap[0] < 0 else "left"
    ax.annotate(
        said, (point[0], point[1]), gap, textcoords="offset points", ha=side, zorder=4,
        color=color, bbox={"facecolor": "white", "alpha": 0.7, "linewidth": 0, "pad": 0.5},
    )  # fmt: skip


def _walls(ax: Axes, society: Recorded, box: Box) -> None:
    """The sides in the traders' colours: the first's holdings from below left, the other's from above."""
    (width, height), (x, y) = box.size, society.goods
    mine, theirs = society.good_colors[:2]
    first, second = f"of the {box.givers} who give {x}", f"of the {society.agents - box.givers} others"
    ax.set(xlim=(0, width), ylim=(0, height))
    ax.set_xlabel(f"{x} {first}", color=mine)
    ax.set_ylabel(f"{y} {first}", color=mine)
    top = ax.secondary_xaxis("top", functions=(lambda z: width - z,) * 2)
    right = ax.secondary_yaxis("right", functions=(lambda z: height - z,) * 2)
    top.set_xlabel(f"{x} {second}", color=theirs)
    right.set_ylabel(f"{y} {second}", color=theirs)
    for edge, color in (("bottom", mine), ("left", mine), ("top", theirs), ("right", theirs)):
        ax.spines[edge].set(visible=True, color=color)
