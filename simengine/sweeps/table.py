"""The long table of a sweep: a row per point, outcome and replica, and one per point that failed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from simengine.sweeps.outcomes import Measured

CSV, PARQUET = "sweep.csv", "sweep.parquet"
KINDS = {
    "replica": pl.Int64,
    "outcome": pl.String,
    "value": pl.Float64,
    "unit": pl.String,
    "failed": pl.String,
}


def table(
    points: Sequence[Mapping[str, Any]],
    numbers: Sequence[Sequence[int]],
    results: Mapping[int, Measured],
    units: Mapping[str, str],
) -> pl.DataFrame:
    """What was measured at every point: `point`, its settings, and the columns of `KINDS`, sorted by point.

    A value that is not defined is null; a failed point has one row, with its line in `failed`.
    """
    rows: dict[str, list[Any]] = {"point": [], **{name: [] for name in KINDS}}
    for point in range(len(points)):
        told = results[point].outcomes
        for name, values in told.items():
            for number, value in zip(numbers[point], values, strict=True):
                _add(rows, point, number, name, value, units.get(name, ""), None)
        if not told:
            _add(rows, point, None, None, None, None, results[point].failed)
    at = pl.Series(rows.pop("point"), dtype=pl.Int64)
    settings = {column(name): _setting([point[name] for point in points])[at] for name in points[0]}
    frame = pl.DataFrame({"point": at, **settings, **{n: pl.Series(rows[n], dtype=KINDS[n]) for n in KINDS}})
    return frame.with_columns(pl.col("value").fill_nan(None))


def write(frame: pl.DataFrame, folder: Path) -> list[str]:
    """Write the table in both forms, each in one step; the names of the files."""
    for name, writer in ((PARQUET, frame.write_parquet), (CSV, frame.write_csv)):
        part = folder / f".{name}.part"
        writer(part)
        part.replace(folder / name)
    return [PARQUET, CSV]


def column(setting: str) -> str:
    """What a setting's column is called: its name, unless the table has one of that name."""
    return f"config.{setting}" if setting in (*KINDS, "point") else setting


def _add(rows: dict[str, list[Any]], point: int, *cells: Any) -> None:
    rows["point"].append(point)
    for name, cell in zip(KINDS, cells, strict=True):
        rows[name].append(cell)


def _setting(values: Sequence[Any]) -> pl.Series:
    """A setting at every point; numbers stay numbers, a mixture becomes text."""
    kinds = {type(value) for value in values}
    if kinds <= {int, float}:
        return pl.Series(values, dtype=pl.Float64 if float in kinds else pl.Int64)
    if len(kinds) == 1 and kinds <= {bool, str}:
        return pl.Series(values)
    return pl.Series(
        [value if isinstance(value, str) else json.dumps(value, default=str) for value in values]
    )
