"""Large numbers on axes and in cells, said shortly."""

from __future__ import annotations

from matplotlib.ticker import FuncFormatter


def amount(value: float) -> str:
    """A number in four digits, large ones in thousands, millions, …"""
    for size, letter in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e4, "k")):
        if abs(value) >= size:
            return f"{value / (1e3 if letter == 'k' else size):.4g} {letter}".replace("-", "−")
    return f"{value:.4g}".replace("-", "−")


TICKS = FuncFormatter(lambda value, _: amount(value))
