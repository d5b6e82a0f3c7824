"""What a shock or a change of policy did: paired differences with their bands."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.comparison import Comparison
from analysis.figures.style import BLUE, INK, foot, grid, styled

NOTHING: Mapping[str, str] = MappingProxyType({})
LABELS = {"%": "% of the control", "pp": "percentage points"}
BEFORE, AFTER = 4, 28  # periods drawn on either side of the first difference


@styled
def impulse_response(comparison: Comparison, shown: Mapping[str, str] = NOTHING) -> Figure:
    """Draw the mean over pairs, its 95 % interval and the band of 95 % of the pairs, or each of a few.

    `shown` maps the series to draw to their titles; without any of them all are drawn.
    """
    start = comparison.start or 0
    panels = {name: title for name, title in shown.items() if name in comparison.effects}
    panels = panels or {name: name.replace("_", " ").capitalize() for name in comparison.effects}
    columns = min(len(panels), 3)
    rows = -(-len(panels) // columns)
    figure, axes = grid(rows, columns, comparison.title, width=12.0, height=2.7)
    for ax in axes[len(panels) :]:
        ax.set_visible(False)
    for ax, (name, title) in zip(axes, panels.items(), strict=False):
        effect = comparison.effects[name]
        window = slice(max(0, start - BEFORE), start + AFTER + 1)
        periods = np.arange(len(effect.mean))[window] - start
        if effect.spread is not None:
            low, high = (side[window] for side in effect.spread)
            ax.fill_between(periods, low, high, color=BLUE, alpha=0.12, linewidth=0, label="95 % of pairs")
        elif len(effect.paths) > 1:
            lines = ax.plot(periods, effect.paths[:, window].T, color=BLUE, linewidth=0.6, alpha=0.5)
            lines[0].set_label("each pair")
        if len(comparison.numbers) > 1:
            low, high = (side[window] for side in effect.interval)
            ax.fill_between(
                periods, low, high, color=BLUE, alpha=0.3, linewidth=0, label="95 % interval of the mean"
            )
        label = "mean" if len(effect.paths) > 1 else "the one pair"
        ax.plot(periods, effect.mean[window], color=BLUE, label=label)
        ax.axhline(0, color=INK, linewidth=0.7)
        ax.axvline(0, color=INK, linewidth=0.7, linestyle=":")
        ax.set(title=title, ylabel=LABELS.get(effect.unit, effect.own or effect.unit or "in its own unit"))
        ax.set_xlim(periods[0], max(periods[-1], periods[0] + 1))
        ax.xaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 4, 5, 10], integer=True))
    for ax in axes[-columns:]:
        ax.set_xlabel(f"{comparison.period}s since the first difference")
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower right", ncols=3)
    pairs = "one pair" if len(comparison.numbers) == 1 else f"{len(comparison.numbers)} pairs"
    foot(
        figure,
        f"with minus without, {pairs} of histories with equal noise · dotted: where they begin to differ",
    )
    return figure
