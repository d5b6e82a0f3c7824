"""Who descends from whom: the founders' part in the living, lines of mothers, and generations."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from analysis.barter.figures.through_time import legend_above, span
from analysis.barter.lives import Parents, parent_slots
from analysis.barter.recorded import Floats, Ints, Recorded, descent
from analysis.figures.panels import COLORS
from analysis.figures.style import BLUE, GREEN, Unavailable, foot, styled, titled

SHOWN = len(COLORS)


def family(society: Recorded) -> tuple[Ints, Ints, Parents]:
    """Ticks (T,), the numbers of the founders (N,), and births as steps between their slots (T, N).

    Unavailable when births or founders are missing: they must be recorded at every tick.
    """
    founders, births = descent(society)
    first, last = int(society.ticks("Forager")[0]), society.last("Forager")
    births = births._replace(tick=births.tick - first)
    try:
        return np.arange(first, last + 1), founders, parent_slots(births, founders, last + 1 - first)
    except ValueError as error:
        raise Unavailable(f"births were not recorded at every tick: {error}") from None


def contributions(parents: Parents) -> Floats:
    """The expected part (N,) that each founder has in the genes of those who live at the end."""
    part = np.full(parents.born.shape[1], 1.0 / parents.born.shape[1])
    for born, mother, father in zip(*(grid[::-1] for grid in parents)):
        given = 0.5 * part[born]
        part[born] = 0.0
        np.add.at(part, mother[born], given)
        np.add.at(part, father[born], given)
    return part


def through_births(parents: Parents, chosen: Ints) -> tuple[Floats, Ints, Floats]:
    """Return, after every tick, the part of `chosen` founders, founders left by lines of mothers, generation.

    Parts are (T, chosen), the expected share in the genes of the living; the others are (T,), the generation
    a mean over the living: a child's is one more than the mean of its parents'.
    """
    agents = parents.born.shape[1]
    part = (np.arange(agents)[:, None] == chosen).astype(np.float64)
    line, generation = np.arange(agents), np.zeros(agents)
    parts, lines, generations = [], [], []
    for born, mother, father in zip(*parents):
        m, f = mother[born], father[born]
        part[born], generation[born] = 0.5 * (part[m] + part[f]), 1.0 + 0.5 * (generation[m] + generation[f])
        line = line[mother]
        parts.append(part.mean(axis=0))
        lines.append(len(np.unique(line)))
        generations.append(generation.mean())
    return np.array(parts), np.array(lines), np.array(generations)


@styled
def lineages(society: Recorded) -> Figure:
    """Draw the founders' parts in the living as stripes, lines of mothers that are left, and generations."""
    ticks, founders, parents = family(society)
    part = contributions(parents)
    chosen = np.argsort(-part, kind="stable")[:SHOWN]
    parts, lines, generations = through_births(parents, chosen)
    figure = titled("Descent", 11, 6.4)
    axes = figure.subplot_mosaic("aa;bc", height_ratios=(1.5, 1))
    stripes, mothers, depth = axes["a"], axes["b"], axes["c"]
    rest = 1.0 - parts.sum(axis=1)
    stripes.stackplot(
        ticks, 100 * np.vstack([parts.T, rest]), colors=[*COLORS[: len(chosen)], "#dddddd"], linewidth=0.4,
        edgecolor="white", labels=[*(f"founder {founders[slot]}" for slot in chosen), "others"],
    )  # fmt: skip
    stripes.set(title="Part in the genes of the living", ylabel="% of genes, expected", ylim=(0, 100))
    mothers.plot(ticks, lines, color=BLUE, drawstyle="steps-post")
    mothers.set(title="Founders left by lines of mothers", ylabel="founders", yscale="log")
    mothers.set_yticks(
        levels := [n for n in (1, 2, 5, 10, 20, 50, 100, 1000) if n <= lines.max()], map(str, levels)
    )
    mothers.minorticks_off()
    depth.plot(ticks, generations, color=GREEN)
    depth.set(title="Generations since the founders", ylabel="mean of the living")
    for ax in axes.values():
        span(ax, ticks, label=ax is not stripes)
    legend_above(stripes, 4)
    foot(figure, f"history {society.replica} · the {len(chosen)} founders with the largest part at the end")
    return figure
