"""A recorded exchange as histories: one for each instrument of each replica whose events were recorded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analysis.exchange.history import Histories
from analysis.exchange.measures.impact import Parents
from analysis.facts import Drawn
from analysis.run import NotRecorded, Run

Floats = NDArray[np.float64]

WHOSE = ("replica", "instrument")


class Recorded(NamedTuple):
    """Histories, and of which replica and instrument each is."""

    histories: Histories
    whose: list[tuple[int, int]]


def drawn(run: Run, at: Sequence[int]) -> Drawn:
    """The histories of some replicas of a run: what the gates judge."""
    found = recorded(run, at)
    return Drawn(found.histories, [replica for replica, _ in found.whose])


def recorded(run: Run, at: Sequence[int] | None = None) -> Recorded:
    """Histories of replicas `at`, or of all recorded; NotRecorded without the bars of whole days."""
    bars = _of(run, "Bar", at).sort(*WHOSE, "tick")
    if bars.is_empty() and run.rows("Bar"):
        others = ", ".join(map(str, at or ()))
        raise NotRecorded(
            f"{run.path}: no bars of replicas {others} (those that nothing struck, where something did): "
            "valid is to record them: --record replicas=all"
        )
    whose = bars.select(WHOSE).unique(maintain_order=True).rows()
    days = len(bars) // max(1, len(whose))
    if not days or len(bars) != days * len(whose):
        raise NotRecorded(
            f"{run.path}: no bars of whole days: valid is a day or more, with every Bar recorded"
        )
    table = {name: bars[name].cast(pl.Float64).to_numpy().reshape(-1, days) for name in bars.columns[3:]}
    lags, signs = _by_place(run, "Signs", "lag", ("product", "pairs"), at, pl.Expr.sum, len(whose))
    _, profile = _by_place(run, "Profile", "distance", ("quantity",), at, pl.Expr.mean, len(whose))
    histories = Histories(
        table["closing"],
        volume=table["volume"],
        spread=table["spread"],
        range=np.log(table["high"] / table["low"]),
        sign_lags=lags,
        sign_products=signs.get("product"),
        sign_pairs=signs.get("pairs"),
        profile=profile.get("quantity"),
        parents=_parents(run, at, whose),
    )
    return Recorded(histories, whose)


def _of(run: Run, event: str, at: Sequence[int] | None) -> pl.DataFrame:
    """The events of one type of some replicas."""
    rows = run.events(event)
    return (rows if at is None else rows.filter(pl.col("replica").is_in(list(at)))).collect()


def _by_place(
    run: Run, event: str, place: str, columns: Sequence[str], at: Sequence[int] | None,
    over: Callable[[pl.Expr], pl.Expr], count: int,
) -> tuple[Floats | None, dict[str, Floats]]:  # fmt: skip
    """Places (P,) and columns (history, P) of days' tables, put together; empty if not recorded."""
    if event not in run.recorded:
        return None, {}
    rows = _of(run, event, at).group_by(*WHOSE, place).agg(over(pl.col(name)) for name in columns)
    rows = rows.sort(*WHOSE, place)
    places = rows[place].unique().sort().cast(pl.Float64).to_numpy()
    return places, {name: rows[name].cast(pl.Float64).to_numpy().reshape(count, -1) for name in columns}


def _parents(run: Run, at: Sequence[int] | None, whose: Sequence[tuple[int, int]]) -> tuple[Parents, ...]:
    if "Parent" not in run.recorded:
        return ()
    rows = _of(run, "Parent", at).filter((pl.col("first") > 0) & (pl.col("last") > 0))
    rows = rows.with_columns(
        day=pl.col("begun") // run.calendar["day"],
        sign=pl.when(pl.col("side").cast(pl.String) == "buy").then(1.0).otherwise(-1.0),
        change=(pl.col("last") / pl.col("first")).log(),
        duration=pl.col("tick").cast(pl.Int64) - pl.col("begun") + 1,
    )
    parts = dict(rows.group_by(*WHOSE, maintain_order=True))
    return tuple(_orders(parts.get(key, rows.clear())) for key in whose)


def _orders(rows: pl.DataFrame) -> Parents:
    def column(name: str) -> Floats:
        return rows[name].cast(pl.Float64).to_numpy()

    names = ("sign", "quantity", "change", "duration")
    return Parents(rows["day"].cast(pl.Int64).to_numpy(), *(column(name) for name in names))
