"""Margins for a grid of panels, reckoned from the labels that there are.

To measure every text, as a constrained layout does, takes half of the time of a figure. The letters of a
label are counted instead, so that panels may have titles, labels and ticks, a title above and a foot below.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from matplotlib.axes import Axes
from matplotlib.layout_engine import LayoutEngine
from matplotlib.text import Text

LETTER, LINE = 0.64, 1.25
"""Width of a letter and height of a line in font sizes."""

PAD, TICK = 0.07, 0.16
"""Inches between what stands side by side, and those that ticks and their gaps take."""

TITLE, FOOT = 13, 8.5
"""Font sizes of what stands above all panels and below them."""


class Margins(LayoutEngine):
    """Places the panels of one grid; `left`, `right` and `above` are inches for what else is there."""

    _adjust_compatible = True
    _colorbar_gridspec = True

    def __init__(self, left: float = 0.0, right: float = 0.0, above: float = 0.0) -> None:
        super().__init__()
        self.left, self.right, self.above = left, right, above

    def execute(self, fig: Any) -> None:
        """Move the panels of the figure."""
        shown = [ax for ax in fig.axes if ax.get_visible() and ax.get_subplotspec() is not None]
        if not shown:
            return
        spec = shown[0].get_subplotspec().get_gridspec()
        first, rest = _apart(shown, lambda at: at.is_first_col())
        left, gap = self.left + _widest(first) + PAD, _widest(rest) + 2 * PAD
        top, above = (_highest(part) for part in _apart(shown, lambda at: at.is_first_row()))
        bottom, below = (_lowest(part) for part in _apart(shown, lambda at: at.is_last_row()))
        width, height = fig.get_size_inches()
        top += self.above + _lines(fig.get_suptitle(), TITLE) + 2 * PAD
        bottom += _lines(fig.get_supxlabel(), FOOT) + PAD
        across = width - left - self.right - 2 * PAD - gap * (spec.ncols - 1)
        down = height - top - bottom - (above + below + PAD) * (spec.nrows - 1)
        fig.subplots_adjust(
            left=left / width, right=1 - (self.right + 2 * PAD) / width,
            bottom=bottom / height, top=1 - top / height,
            wspace=gap * spec.ncols / across, hspace=(above + below + PAD) * spec.nrows / down,
        )  # fmt: skip


def breadth(texts: Iterable[str], size: float) -> float:
    """About how many inches the longest of some texts takes."""
    return max((len(text) for text in texts), default=0) * LETTER * size / 72


def _apart(shown: list[Axes], first: Any) -> tuple[list[Axes], list[Axes]]:
    """Panels at an edge of the grid, and the others."""
    at_edge = [ax for ax in shown if first(ax.get_subplotspec())]
    return at_edge, [ax for ax in shown if ax not in at_edge]


def _lines(text: str, size: float) -> float:
    return (text.count("\n") + 1) * LINE * size / 72 if text else 0.0


def _size(text: Text) -> float:
    return float(text.get_fontsize())


def _widest(panels: list[Axes]) -> float:
    """Inches left of panels."""
    return max((_beside(ax) for ax in panels if ax.axison), default=PAD)


def _beside(ax: Axes) -> float:
    ticks = ax.yaxis.get_majorticklabels()
    size = _size(ax.yaxis.label)
    return breadth((tick.get_text() for tick in ticks), size) + _lines(ax.get_ylabel(), size) + TICK


def _highest(panels: list[Axes]) -> float:
    """Inches above panels."""
    return PAD + max((_lines(ax.get_title(loc="left"), _size(ax.title)) for ax in panels), default=0.0)


def _lowest(panels: list[Axes]) -> float:
    """Inches below panels."""
    return max((_under(ax) for ax in panels if ax.axison), default=PAD)


def _under(ax: Axes) -> float:
    size = _size(ax.xaxis.label)
    return _lines("ticks", size) + _lines(ax.get_xlabel(), size) + TICK
