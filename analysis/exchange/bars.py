"""Daily bars from a file of one's own: CSV or Parquet with the columns date, close and, maybe, volume."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analysis.exchange.history import Histories
from analysis.exchange.real import Bars

SHORTEST = 100
"""Days without which no gate can be judged."""

GAP = timedelta(days=14)
"""The longest time between two days of trading: longer than holidays, shorter than a month left out."""


class BadBars(ValueError):
    """A file that holds no daily bars: one line, with what is wrong and where."""


def read_bars(file: Path, least: int = SHORTEST) -> Bars:
    """The bars of a file in the order of time; BadBars of one that has fewer than `least`, or not all."""
    frame = _table(file)
    frame = frame.rename({name: name.strip().lower() for name in frame.columns})
    missing = [name for name in ("date", "close") if name not in frame.columns]
    if missing:
        raise BadBars(
            f"{file}: no column {', '.join(missing)}: valid are date, close and, maybe, volume, "
            f"there are {', '.join(frame.columns) or 'none'}"
        )
    if len(frame) < least:
        raise BadBars(f"{file}: {len(frame)} days, at least {least} are needed")
    _dates(file, frame["date"])
    close = _numbers(file, frame["close"], positive=True)
    return Bars(close, _numbers(file, frame["volume"]) if "volume" in frame.columns else None)


def read_histories(file: Path) -> Histories:
    """A file's bars as one history."""
    bars = read_bars(file)
    return Histories(bars.closes[None], None if bars.volume is None else bars.volume[None])


def _table(file: Path) -> pl.DataFrame:
    if file.is_dir():
        raise BadBars(f"{file}: a folder: valid is a file of daily bars, CSV or Parquet")
    try:
        if file.suffix.lower() in (".parquet", ".pq"):
            return pl.read_parquet(file, glob=False)
        return pl.read_csv(file, infer_schema=False, glob=False)
    except OSError as error:
        raise BadBars(f"{file}: cannot be read: {error.strerror or 'not there'}") from None
    except pl.exceptions.PolarsError as error:
        first = str(error).strip().splitlines()[0]
        raise BadBars(f"{file}: neither CSV nor Parquet of daily bars: {first}") from None


def _dates(file: Path, dates: pl.Series) -> None:
    """Check that days follow each other, without one twice and without a gap."""
    days = dates
    if dates.dtype == pl.String:
        days = dates.str.strip_chars().str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    elif dates.dtype.is_temporal():
        days = dates.cast(pl.Date)
    else:
        raise BadBars(f"{file}: dates are {dates.dtype}: valid are dates, written as 2020-01-31")
    for row in days.is_null().arg_true()[:1]:
        raise BadBars(f"{file}, row {row + 1}: date {dates[row]!r}: valid is a date such as 2020-01-31")
    step = days.diff()
    for row in (step <= timedelta(0)).arg_true()[:1]:
        raise BadBars(f"{file}, row {row + 1}: {days[row]} follows {days[row - 1]}: valid are days in order")
    for row in (step > GAP).arg_true()[:1]:
        raise BadBars(
            f"{file}, row {row + 1}: a gap of {step[row].days} days before {days[row]}: "
            f"valid is at most {GAP.days}"
        )


def _numbers(file: Path, column: pl.Series, positive: bool = False) -> NDArray[np.float64]:
    """A column as numbers: finite, and above 0 where that is asked."""
    text = column.str.strip_chars() if column.dtype == pl.String else column
    found = text.cast(pl.Float64, strict=False).fill_null(float("nan")).to_numpy()
    bad = ~np.isfinite(found) | ((found <= 0) if positive else (found < 0))
    for row in np.flatnonzero(bad)[:1]:
        valid = "a number above 0" if positive else "0 or more"
        raise BadBars(f"{file}, row {row + 1}: {column.name} {column[int(row)]!r}: valid is {valid}")
    return found
