"""An animation of trade and roles: goods change hands tick by tick, jobs and prices move along."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.animation import PillowWriter
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba_array
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from analysis.barter.figures.jobs import job_shares
from analysis.barter.figures.roles import job_legend
from analysis.barter.recorded import Ints, Recorded
from analysis.figures.style import GREY, INK, Unavailable, foot, look

MOST_FRAMES = 80
YEARS = 4  # the last ones are shown where nothing else is asked for
DOTS_PER_INCH = 80


def moments(ticks: Ints, year: int, every: int | None = None) -> Ints:
    """Which ticks are shown: every `every`-th of all, else up to 80 of the last four years."""
    if every is not None:
        return ticks[::every]
    late = ticks[ticks > ticks[-1] - YEARS * year]
    return late[:: -(-len(late) // MOST_FRAMES)]


class Stage:
    """The picture, drawn once: `show(k)` moves its dots, arrows and cursors to the k-th of the ticks shown.

    Unavailable with fewer than two goods, or when Holding, Production or Price were not recorded.
    """

    def __init__(self, society: Recorded, every: int | None = None) -> None:
        if len(society.goods) < 2:
            raise Unavailable("one good: nothing to trade it for")
        self.society = society
        self.ticks = moments(society.ticks("Holding"), society.year, every)
        shown = self.ticks.tolist()
        _, before = society.by_good("Holding", "before", shown)
        _, after = society.by_good("Holding", "after", shown)
        self.before, self.after = before[..., :2], after[..., :2]
        _, self.job = society.snapshots("Production", "job", ticks=shown)
        self.figure = Figure(figsize=(8.8, 4.4), dpi=DOTS_PER_INCH, layout="constrained")
        axes = self.figure.subplot_mosaic("gj;gp", width_ratios=(1, 1.1))
        self._goods(axes["g"])
        self.cursors = [self._jobs(axes["j"]), self._prices(axes["p"])]
        foot(
            self.figure,
            f"history {society.replica} · a line: an agent, from what it brings (grey) to what it gets",
        )
        self.show(0)
        freeze(self.figure, [self.lines, self.start, self.dots, self.title, *self.cursors])

    def _goods(self, ax: Axes) -> None:
        """Goods in hand: a dot per agent after trade, a line from what it held before."""
        society = self.society
        self.colors = to_rgba_array(society.job_colors)
        self.lines = LineCollection([], linewidths=1.1, alpha=0.55)
        ax.add_collection(self.lines)
        self.start = ax.scatter([], [], s=8, color=GREY, zorder=2)
        self.dots = ax.scatter([], [], s=34, edgecolor="white", linewidth=0.5, zorder=3)
        most = np.maximum(self.before, self.after).max(axis=(0, 1))
        for scaled in (ax.set_xscale, ax.set_yscale):
            scaled("function", functions=(lambda x: np.sqrt(np.maximum(x, 0.0)), np.square))
        ax.set(xlim=(0, 1.05 * max(most[0], 1e-9)), ylim=(0, 1.05 * max(most[1], 1e-9)))
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_locator(MaxNLocator(nbins=4))  # roots crowd what is large
        ax.set(xlabel=f"{society.goods[0]} held, root scale", ylabel=f"{society.goods[1]} held, root scale")
        job_legend(ax, society)
        self.title = ax.set_title("Tick", y=1.02)

    def _jobs(self, ax: Axes) -> Line2D:
        shares = 100 * job_shares(self.job, len(self.society.jobs))
        ax.stackplot(self.ticks, shares.T, colors=self.society.job_colors, alpha=0.85, linewidth=0)
        ax.set(title="Jobs", ylabel="% of agents", ylim=(0, 100), xlim=(self.ticks[0], self.ticks[-1]))
        return ax.axvline(self.ticks[0], color=INK, linewidth=1.6)

    def _prices(self, ax: Axes) -> Line2D:
        ticks, prices = self.society.prices()
        inside = (ticks >= self.ticks[0]) & (ticks <= self.ticks[-1])
        for g, good in enumerate(self.society.goods):
            ax.plot(
                ticks[inside], prices[inside, g], color=self.society.good_colors[g], label=good, linewidth=1.4
            )
        ax.set(title="Relative prices", xlabel="tick", ylim=(0, 1), xlim=(self.ticks[0], self.ticks[-1]))
        ax.set_ylabel("sum to 1")
        return ax.axvline(self.ticks[0], color=INK, linewidth=1.6)

    def show(self, k: int) -> None:
        """Move everything to the k-th tick."""
        colors = self.colors[self.job[k]]
        self.lines.set_segments(list(np.stack([self.before[k], self.after[k]], axis=1)))
        self.lines.set_color(colors)
        self.start.set_offsets(self.before[k])
        self.dots.set_offsets(self.after[k])
        self.dots.set_facecolor(colors)
        self.title.set_text(f"Tick {self.ticks[k]}")
        for cursor in self.cursors:
            cursor.set_xdata([self.ticks[k]] * 2)


class Still(Artist):
    """A picture (rows, columns, 4) that fills the figure, put there as it is."""

    zorder = -1

    def __init__(self, picture: NDArray[np.uint8]) -> None:
        super().__init__()
        self.picture = picture[::-1].copy()

    def draw(self, renderer: RendererBase) -> None:
        """Copy the picture."""
        renderer.draw_image(renderer.new_gc(), 0, 0, self.picture)


def freeze(figure: Figure, moving: Sequence[Artist]) -> None:
    """Turn all of a figure that does not move into one picture behind what does: frames cost little."""
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    for artist in moving:
        artist.set_visible(False)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    still = np.array(canvas.buffer_rgba())
    for text in figure.texts:
        text.set_visible(False)
    for artist in (child for ax in figure.axes for child in ax.get_children()):
        artist.set_visible(artist in moving)
    figure.add_artist(Still(still))


def animate(society: Recorded, file: Path, every: int | None = None, per_second: int = 8) -> Path:
    """Write a GIF and return the file: every `every`-th tick, else up to 80 of the last four years.

    Unavailable as for `Stage`.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with look():
        stage = Stage(society, every)
        writer = PillowWriter(fps=per_second)
        with writer.saving(stage.figure, str(file), DOTS_PER_INCH):
            for k in range(len(stage.ticks)):
                stage.show(k)
                writer.grab_frame()
    return file
