"""How many dimensions messages use: their spectrum at the end, and their effective dimension through time."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.barter.figures.through_time import legend_above, span
from analysis.barter.messages import chance_spectrum, participation, spectrum
from analysis.barter.recorded import Floats, Ints, Recorded, spoken
from analysis.figures.style import BLUE, GREY, Unavailable, foot, grid, styled

SAMPLES = 60


def sampled(ticks: Ints, count: int = SAMPLES) -> Ints:
    """At most `count` of the ticks, evenly spread, the first and the last among them."""
    place = np.linspace(0, len(ticks) - 1, min(count, len(ticks)))
    return ticks[np.unique(place.round().astype(np.int64))]


def dimensions(society: Recorded, ticks: Ints) -> tuple[Floats, Floats]:
    """The effective dimension of messages at ticks, and that of numbers shuffled apart, (T,) each."""
    found, chance = [], []
    for tick in ticks:
        said, _ = spoken(society, int(tick))
        found.append(float(participation(spectrum(said))) if len(said) > 1 else np.nan)
        chance.append(float(participation(chance_spectrum(said))) if len(said) > 1 else np.nan)
    return np.array(found), np.array(chance)


@styled
def dimension(society: Recorded) -> Figure:
    """Draw the spectrum of the last messages and the effective dimension at some ticks, each beside chance.

    Unavailable when no messages were recorded or fewer than two agents speak.
    """
    ticks = sampled(society.ticks("Broadcast"))
    said, who = spoken(society, int(ticks[-1]))
    if len(who) < 2:
        raise Unavailable(f"{len(who)} messages at tick {ticks[-1]}: no spectrum to draw")
    figure, (values, through) = grid(1, 2, "Dimensions of broadcasts", height=3.6)
    for name, size, color, style in (
        ("broadcasts", spectrum(said), BLUE, "o-"),
        ("numbers shuffled apart", chance_spectrum(said), GREY, "s--"),
    ):
        values.plot(
            np.arange(1, len(size) + 1), 100 * size / max(size.sum(), 1e-300), style, color=color, label=name
        )
    values.set(title=f"Spectrum at tick {ticks[-1]}", xlabel="component", ylabel="% of variance")
    values.set_ylim(bottom=0)
    values.xaxis.set_major_locator(MaxNLocator(integer=True))
    values.legend(loc="upper right")
    found, chance = dimensions(society, ticks)
    through.plot(ticks, found, color=BLUE, marker="o", markersize=3, linewidth=1.2, label="broadcasts")
    through.plot(ticks, chance, color=GREY, linestyle="--", linewidth=1.2, label="numbers shuffled apart")
    through.set(title="Effective dimension", ylabel="dimensions", ylim=(0.9, said.shape[1] + 0.1))
    span(through, ticks)
    legend_above(through, 2)
    foot(
        figure,
        f"history {society.replica} · {len(ticks)} ticks · effective dimension: (Σ λ)² / Σ λ² of eigenvalues "
        f"λ, 1 to {said.shape[1]}",
    )
    return figure
