"""The histories of a recorded run as arrays, for everything that is measured of them, and a family tree."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import polars as pl
from numpy.typing import NDArray

from analysis.barter.genealogy import genealogy
from analysis.barter.history import History, followed_from, pictured
from analysis.barter.recorded import Recorded, descent
from analysis.run import NotRecorded

LEAST = 10
"""Ticks below which a recording is too short to measure."""


def recorded_history(society: Recorded) -> History:
    """The last ticks of all recorded replicas, from `followed_from` on, with pictures as in `History`.

    Of replicas with equal numbers, arms on the same noise, the first alone: they are no two histories.
    NotRecorded when an event type that it takes was not recorded, or too few ticks.
    """
    run, N, G = society.run, society.agents, len(society.goods)
    lives = run.events("Forager").select("tick", "replica").unique().collect()
    replicas, ticks = (np.sort(lives[name].unique().to_numpy()) for name in ("replica", "tick"))
    ticks = ticks[followed_from(len(ticks), society.year) :]
    numbers = np.array(run.manifest.get("numbers", range(int(replicas.max()) + 1)))
    _, first = np.unique(numbers[replicas], return_index=True)
    replicas = replicas[np.sort(first)]
    R, T = len(replicas), len(ticks)
    if T < LEAST or ticks[-1] - ticks[0] >= T:
        raise NotRecorded(f"{run.path}: {T} ticks in a row to measure (valid: every tick, {LEAST} or more)")
    moments = pictured(T)

    def rows(name: str, when: Any = ticks) -> pl.LazyFrame:
        """The events of some ticks; `t` and `r` are positions among `when` and the replicas."""
        places = pl.DataFrame({"tick": when, "t": np.arange(len(when))}, schema_overrides={"tick": pl.Int64})
        ours = pl.DataFrame({"replica": replicas, "r": np.arange(R)}, schema_overrides={"replica": pl.Int32})
        found = run.events(name).cast({"tick": pl.Int64, "replica": pl.Int32})
        return found.join(places.lazy(), on="tick").join(ours.lazy(), on="replica")

    def grid(name: str, columns: tuple[str, ...], *within: str) -> list[NDArray[Any]]:
        found = rows(name).select("r", "t", *within, *columns).sort("r", "t", *within).collect()
        shape = (R, T, *((N, G)[: len(within)]))
        return [found[column].to_numpy().reshape(shape) for column in columns]

    def square(name: str, row: str, column: str, value: str, width: int) -> NDArray[np.float64]:
        """Pictures (R, S, N, width): at each moment what was last decided by each."""
        first = run.events(name).select(pl.col("tick").min()).collect().item()
        whole = np.zeros((R, 1 + len(moments), N, width))
        for s, tick in enumerate([first + society.interval - 1, *ticks[moments]]):
            window = np.arange(tick - society.interval + 1, tick + 1)
            for t in range(len(window)):
                found = rows(name, window[t : t + 1]).select("r", row, column, value).collect()
                r, i, j, x = (found[c].to_numpy() for c in ("r", row, column, value))
                whole[r, s, i] = 0.0
                whole[r, s, i, j] = x
        return whole

    (job,) = grid("Production", ("job",), "agent")
    (identity,) = grid("Forager", ("identity",), "agent")
    (eaten,) = grid("Consumption", ("amount",), "agent", "good")
    before, after = grid("Holding", ("before", "after"), "agent", "good")
    (taste,) = grid("Taste", ("share",), "agent", "good")
    captured, distance = grid("Clearing", ("captured", "distance"))
    births = rows("Birth").select("r", "t", "agent", "mother", "father").collect()
    born, mother, father = _parents(births, identity)
    speakers = rows("Broadcast").select("r", "t", "agent").unique().collect()
    message = 1 + run.events("Broadcast").select(pl.col("topic").max()).collect().item()
    return History(
        job=job.astype(np.int64), decided=_marked(speakers, job.shape), identity=identity, eaten=eaten,
        before=before, after=after, taste=taste, captured=captured, distance=distance,
        attention=square("Attention", "listener", "speaker", "share", N),
        messages=square("Broadcast", "agent", "topic", "value", message),
        moments=moments, born=born, mother=mother, father=father,
    )  # fmt: skip


def recorded_family(society: Recorded) -> nx.DiGraph:
    """The family tree of the history that is drawn; Unavailable without its births or deaths."""
    founders, births = descent(society)
    deaths = society.events("Death").select("identity", "tick").collect()
    return genealogy(births, founders, dict(deaths.iter_rows()))


def _parents(births: pl.DataFrame, identity: NDArray[np.int64]) -> tuple[NDArray[Any], ...]:
    """Who was born into a slot, and the slots of mother and father, else the own one; each (R, T, N)."""
    born = _marked(births, identity.shape)
    mother = np.broadcast_to(np.arange(identity.shape[2]), born.shape).copy()
    father = mother.copy()
    r, t, slot = (births[name].to_numpy() for name in ("r", "t", "agent"))
    for parent, role in ((mother, "mother"), (father, "father")):
        parent[r, t, slot] = (identity[r, t] == births[role].to_numpy()[:, None]).argmax(axis=1)
    return born, mother, father


def _marked(rows: pl.DataFrame, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Where there are rows, (R, T, N)."""
    found = np.zeros(shape, np.bool_)
    found[tuple(rows[name].to_numpy() for name in ("r", "t", "agent"))] = True
    return found
