"""What populations are rewarded under the rule and under what was learned, history by history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import SupportsFloat

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from analysis.figures.style import BLUE, GREEN, GREY, INK, RED, foot, grid, styled
from analysis.inference import Interval, paired
from analysis.wording import bounds, number, sign

Rewards = Mapping[str, Mapping[str, NDArray[np.float64]]]
"""Arm -> population -> mean reward (R,) on common noise; arms `rule`, `learned` and perhaps `random`."""

COLORS = {1: GREEN, 0: GREY, -1: RED}


@styled
def rewards_by_population(rewards: Rewards, learned: tuple[str, ...]) -> Figure:
    """Draw a panel per population: a line joins the two arms of a history; its paired gain is the title's."""
    populations = [*learned, *(name for name in rewards["rule"] if name not in learned)]
    figure, axes = grid(
        1,
        len(populations),
        "Rewards on seeds that nothing was trained on",
        max(5.0, 2.7 * len(populations)),
        3.9,
    )
    for ax, name in zip(axes, populations, strict=True):
        _draw(ax, rewards, name, name in learned)
    histories = len(rewards["rule"][populations[0]])
    axes[0].set_ylabel("mean reward of an agent")
    foot(
        figure,
        f"a line: one of {histories} histories, the same noise left and right\n"
        "diamonds: means · above: the mean gain and its 95 % interval",
    )
    return figure


def _draw(ax: Axes, rewards: Rewards, name: str, learned: bool) -> None:
    rule, own = rewards["rule"][name], rewards["learned"][name]
    gain = paired(rule, own)
    ax.plot([0, 1], [rule, own], color=GREY, linewidth=0.7, alpha=0.6)
    ax.plot([0, 1], [rule.mean(), own.mean()], "D", color=BLUE, markersize=7, zorder=3)
    ax.set_title(f"{name.replace('_', ' ')}{'' if learned else ' (by rule)'}\n")
    ax.text(0.0, 1.035, _said(gain), transform=ax.transAxes, fontsize=8.5, color=COLORS[sign(gain)])
    if "random" in rewards:
        mean = number(rewards["random"][name].mean(), _digits(rewards["random"][name].mean()))
        ax.text(0.5, 0.015, f"random: {mean}", transform=ax.transAxes, ha="center", fontsize=8.5, color=INK)
    ax.set_xticks([0, 1], ["rule", "learned"])
    ax.set_xlim(-0.25, 1.25)
    ax.margins(y=0.16)
    ax.grid(axis="x", visible=False)
    ax.yaxis.set_major_locator(MaxNLocator(5))


def _said(gain: Interval) -> str:
    digits = _digits(gain.mean)
    plus = "+" if gain.mean > 0 else ""
    return f"{plus}{number(gain.mean, digits)} {bounds(gain.low, gain.high, digits)}"


def _digits(value: SupportsFloat) -> int:
    """Decimals that leave two digits of a number, 2 to 5."""
    size = abs(float(value))
    return int(np.clip(1 - np.floor(np.log10(size)), 2, 5)) if size > 0 and np.isfinite(size) else 2
