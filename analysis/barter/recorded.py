"""What was recorded of a society, read a number at a time: lazily, of one history, with names and colours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analysis.barter.lives import Births
from analysis.figures.panels import COLORS
from analysis.figures.style import Unavailable
from analysis.run import Run, RunError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Recorded:
    """One history of a recorded society: `Recorded(run).events("Trade")` is a lazy frame of its trades.

    The history is the first that was recorded. RunError when the run is not one of a society.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        config = run.manifest.get("config", {})
        missing = [name for name in ("agents", "goods", "jobs", "year") if name not in config]
        if missing:
            raise RunError(f"{run.path}: no society: its config has no {', '.join(missing)}")
        self.replica = run.replica
        self.agents, self.year = int(config["agents"]), int(config["year"])
        self.interval = int(config.get("interval_most", 1))
        self.goods = [str(good) for good in config["goods"]]
        self.job_goods = [self.goods.index(job["good"]) for job in config["jobs"]]
        alone = len(set(self.job_goods)) == len(self.job_goods)
        self.jobs = [self.goods[g] + ("" if alone else f" ({j})") for j, g in enumerate(self.job_goods)]
        self.good_colors = [COLORS[g % len(COLORS)] for g in range(len(self.goods))]
        self.job_colors = [COLORS[(g if alone else j) % len(COLORS)] for j, g in enumerate(self.job_goods)]

    def events(self, name: str) -> pl.LazyFrame:
        """The events of a type in this history; Unavailable when none were recorded."""
        if name not in self.run.recorded:
            raise Unavailable(f"no {name} events recorded")
        return self.run.events(name).filter(pl.col("replica") == self.replica)

    def ticks(self, name: str) -> Ints:
        """The ticks at which a type has events, ascending; Unavailable when there are none."""
        found = self.events(name).select(pl.col("tick").unique().sort()).collect().to_series().to_numpy()
        if not found.size:
            raise Unavailable(f"no {name} events in history {self.replica}")
        return found.astype(np.int64)

    def last(self, name: str) -> int:
        """The last tick with events of a type; Unavailable when there are none."""
        found = self.events(name).select(pl.col("tick").max()).collect().item()
        if found is None:
            raise Unavailable(f"no {name} events in history {self.replica}")
        return int(found)

    def mixed(self, first: bool = False) -> int:
        """The tick of the last (or first) year at which agents' jobs differ most, of equals the later."""
        ticks = self.ticks("Production")
        inside = (
            pl.col("tick") <= ticks[0] + self.year - 1 if first else pl.col("tick") > ticks[-1] - self.year
        )
        people = self.events("Production").filter(inside).group_by("tick", "job").agg(n=pl.len())
        alike = people.group_by("tick").agg(same=(pl.col("n") ** 2).sum()).collect()
        return int(alike.sort("same", -pl.col("tick"))["tick"][0])

    def latest(self, name: str, tick: int, by: Sequence[str]) -> pl.DataFrame:
        """The newest event of each `by` at `tick`: of those who decide every few ticks, their last."""
        recent = self.events(name).filter(pl.col("tick").is_between(tick - self.interval + 1, tick))
        return recent.collect().sort("tick").unique([*by], keep="last").sort(*by)

    def snapshots(self, name: str, *columns: str, ticks: Sequence[int] | None = None) -> tuple[Any, ...]:
        """Ticks (T,), then columns of a dense snapshot of all agents, (T, N) each."""
        frame = self.events(name)
        if ticks is not None:
            frame = frame.filter(pl.col("tick").is_in(list(ticks)))
        found = frame.select("tick", "agent", *columns).collect().sort("tick", "agent")
        if found.is_empty():
            raise Unavailable(f"no {name} events in history {self.replica}")
        grids = (found[column].to_numpy().reshape(-1, self.agents) for column in columns)
        return found["tick"].unique().sort().to_numpy().astype(np.int64), *grids

    def by_good(self, name: str, column: str, ticks: Sequence[int] | None = None) -> tuple[Ints, Floats]:
        """Ticks (T,) and a column with a row per agent and good, (T, N, goods)."""
        frame = self.events(name)
        if ticks is not None:
            frame = frame.filter(pl.col("tick").is_in(list(ticks)))
        found = frame.select("tick", "agent", "good", column).collect().sort("tick", "agent", "good")
        if found.is_empty():
            raise Unavailable(f"no {name} events in history {self.replica}")
        values = found[column].to_numpy().reshape(-1, self.agents, len(self.goods))
        return found["tick"].unique().sort().to_numpy().astype(np.int64), values

    def prices(self) -> tuple[Ints, Floats]:
        """Ticks (T,) and relative prices (T, goods), NaN for a good without one."""
        found = self.events("Price").select("tick", "good", "price").collect()
        if found.is_empty():
            raise Unavailable(f"no Price events in history {self.replica}")
        ticks, place = np.unique(found["tick"].to_numpy(), return_inverse=True)
        prices = np.full((len(ticks), len(self.goods)), np.nan)
        prices[place, found["good"].to_numpy()] = found["price"].to_numpy()
        return ticks.astype(np.int64), prices


def spoken(society: Recorded, tick: int) -> tuple[Floats, Sequence[int]]:
    """The last messages (speakers, numbers) of those who have spoken, and who they are."""
    found = society.latest("Broadcast", tick, ("agent", "topic"))
    wide = found.pivot(on="topic", index="agent", values="value").sort("agent")
    return wide.drop("agent").to_numpy().astype(np.float64), wide["agent"].to_list()


def valued(amounts: tuple[Ints, Floats], prices: tuple[Ints, Floats]) -> tuple[Ints, Floats]:
    """What agents have at the market's prices (T, N), at the ticks that have prices.

    amounts and prices are ticks with (T, N, goods) and (T, goods); a good without a price is worth nothing.
    """
    ticks, mine, theirs = np.intersect1d(amounts[0], prices[0], return_indices=True)
    if not ticks.size:
        raise Unavailable("no tick has both goods and prices")
    return ticks, (amounts[1][mine] * np.nan_to_num(prices[1][theirs])[:, None, :]).sum(axis=-1)


def descent(society: Recorded) -> tuple[Ints, Births]:
    """The numbers of the founders (N,) and all births; Unavailable when they were not recorded."""
    _, (founders,) = society.snapshots("Forager", "identity", ticks=[int(society.ticks("Forager")[0])])
    columns = ("identity", "mother", "father", "tick", "agent")
    rows = society.events("Birth").select(*columns).collect().sort("tick", "identity")
    return founders, Births(*(rows[name].cast(pl.Int64).to_numpy() for name in columns))
