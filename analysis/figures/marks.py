"""What marks time in a panel: recessions in grey, shocks as dotted lines with a tint while they last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.axes import Axes

from analysis.about import Struck, few
from analysis.figures.style import INK, ORANGE


class Marks(NamedTuple):
    """Recessions, from peak to trough in years, and shocks."""

    recessions: Sequence[tuple[float, float]] = ()
    strikes: Sequence[Struck] = ()

    def draw(self, ax: Axes) -> None:
        """Mark them in a panel over years."""
        for peak, trough in self.recessions:
            ax.axvspan(peak, trough, color="#e4e4e4", linewidth=0, zorder=0)
        for struck in self.strikes:
            ax.axvline(struck.start, color=INK, linewidth=0.9, linestyle=":", zorder=1)
            if struck.end is not None:
                ax.axvspan(struck.start, struck.end, color=ORANGE, alpha=0.13, linewidth=0, zorder=0)

    @property
    def says(self) -> str:
        """What the marks mean, for the foot of a figure; empty without any."""
        parts = ["grey: recessions of history 0"] if self.recessions else []
        parts += few([f"dotted: {struck.says}" for struck in self.strikes], "shocks")
        return " · ".join(parts)


NO_MARKS = Marks()
