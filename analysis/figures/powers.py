"""Ticks of logarithmic axes in plain letters: texts may hold words of a user, so that none is a formula."""

from __future__ import annotations

import math
from typing import Any

from matplotlib.figure import Figure
from matplotlib.ticker import LogFormatter, LogFormatterMathtext

SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


class Powers(LogFormatter):
    """Says which ticks matplotlib's own would, as `0.01`, `200` or `10⁻⁵`."""

    def __call__(self, x: float, pos: int | None = None) -> str:
        """A tick in words, nothing where it needs none."""
        return power(x) if super().__call__(x, pos) else ""


def power(x: float) -> str:
    """A number shortly: as a decimal near 1, else as a power of ten."""
    if x == 0 or 1e-3 <= abs(x) < 1e5:
        return f"{x:g}".replace("-", "−")
    exponent = math.floor(math.log10(abs(x)) + 1e-9)
    sign, factor = "−" if x < 0 else "", f"{abs(x) / 10.0**exponent:.3g}"
    return sign + ("" if factor == "1" else f"{factor}·") + f"10{str(exponent).translate(SUPERSCRIPT)}"


def plain_powers(figure: Figure) -> None:
    """Give every logarithmic axis of a figure that has formulas for ticks plain ones."""
    for ax in figure.axes:
        for axis in (ax.xaxis, ax.yaxis):
            for old, put in (
                (axis.get_major_formatter(), axis.set_major_formatter),
                (axis.get_minor_formatter(), axis.set_minor_formatter),
            ):
                if isinstance(old, LogFormatterMathtext):
                    put(_like(old))


def _like(old: Any) -> Powers:
    return Powers(old._base, old.labelOnlyBase, old.minor_thresholds, old._linthresh)
