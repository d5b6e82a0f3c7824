"""A recording, opened: manifest, series, metrics and events of a run folder as lazy frames."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from streams import segments

# The columns of series.parquet after replica and quarter, with what they are measured in.
UNITS = {
    "gdp": "constant prices",
    "consumption": "constant prices",
    "fixed_investment": "constant prices",
    "government": "constant prices",
    "inventory_change_share": "% of GDP",
    "hours": "hours",
    "employment": "people",
    "unemployment_rate": "%",
    "vacancies": "jobs",
    "productivity": "constant prices per hour",
    "real_wage": "constant prices per hour",
    "nominal_wage": "money per hour",
    "price_level": "index",
    "policy_rate": "% a year",
    "lending_spread": "pp",
    "bank_loans": "constant prices",
    "household_debt": "constant prices",
    "household_net_worth": "constant prices",
    "capacity_utilisation": "%",
    "tax_receipts": "constant prices",
    "disposable_income": "constant prices",
    "default_rate": "% a year",
    "firm_failures": "% a year",
    "bank_capital_least": "% of loans",
    "gini_wealth": "Gini",
    "gini_income": "Gini",
}


class RunError(ValueError):
    """A run folder that cannot be read: one line, saying what is missing and where."""


class NoReport(ValueError):
    """A run of which nothing can be reported: too short, or recorded without what its report is made of."""


class NotRecorded(RunError, NoReport):
    """What is asked of a run was not recorded."""


class Run:
    """A run folder, checked and opened.

    `run.series`, `run.metrics` and `run.events("Trade")` are polars LazyFrames, `run.manifest` is the
    parsed manifest.json. Opening compares every file the manifest lists with its hash: `DamagedSegment`
    names one that is missing or has changed; `verify=False` skips that.
    """

    def __init__(self, path: str | Path, verify: bool = True) -> None:
        self.path = Path(path)
        self.manifest: dict[str, Any] = self._read_manifest()
        if verify:
            listed = (*self.manifest.get("segments", ()), *self.manifest.get("tables", ()))
            segments.verify(self.path, listed)

    def __repr__(self) -> str:
        return f"Run({str(self.path)!r})"

    def _read_manifest(self) -> dict[str, Any]:
        file = self.path / "manifest.json"
        try:
            manifest = json.loads(file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise RunError(f"{self.path}: no manifest.json, so this is not a run folder") from None
        except (OSError, ValueError) as error:
            raise RunError(f"{file}: not readable as JSON ({error})") from None
        if not isinstance(manifest, dict):
            raise RunError(f"{file}: a {type(manifest).__name__}, valid is an object")
        return manifest

    def _scan(self, name: str) -> pl.LazyFrame:
        file = self.path / name
        if not file.is_file():
            why = "it is written when a run has finished"
            if self.manifest.get("status") == "finished":
                why = f"world {self.manifest.get('world')!r} has nothing for it"
            raise NotRecorded(f"{file}: not there; {why}")
        return pl.scan_parquet(file)

    @property
    def series(self) -> pl.LazyFrame:
        """One row per replica and quarter; columns replica, quarter and those of `UNITS`."""
        return self._scan("series.parquet")

    @property
    def metrics(self) -> pl.LazyFrame:
        """The Metric events of all replicas: tick, replica, name, value."""
        return self._scan("metrics.parquet")

    @cached_property
    def _files(self) -> dict[str, list[Path]]:
        """The sealed files of each event type; what a killed run wrote after its last seal is left out."""
        files: dict[str, list[Path]] = {}
        for segment in self.manifest.get("segments", ()):
            files.setdefault(segment["event"], []).append(self.path / segment["file"])
        return files

    @property
    def recorded(self) -> list[str]:
        """The names of the event types in the folder."""
        return sorted(self._files)

    def events(self, event: str | type) -> pl.LazyFrame:
        """The recorded events of one type, by name or class: tick, replica, then its columns."""
        name = event if isinstance(event, str) else event.__name__
        if name not in self._files:
            raise NotRecorded(
                f"{self.path}: no {name} events, recorded are {', '.join(self.recorded) or 'none'}"
            )
        return pl.scan_parquet(self._files[name])

    @cached_property
    def arrays(self) -> dict[str, NDArray[np.float64]]:
        """The series as arrays (R, Q) by column name: what facts and figures take."""
        return series_arrays(self.series.collect())

    @cached_property
    def quarters(self) -> dict[str, NDArray[np.float64]]:
        """What comparisons take, (R, Q) by name: the series, or where there are none means of the metrics."""
        if (self.path / "series.parquet").is_file():
            return self.arrays
        return metric_arrays(self.metrics.collect(), self.periods[1])

    @property
    def numbers(self) -> list[int]:
        """The replica number of each replica index: what keys its noise. A repeated number is an arm."""
        replicas = next(iter(self.quarters.values())).shape[0]
        return list(self.manifest.get("numbers", range(replicas)))

    @property
    def ticks_per_year(self) -> int:
        """How many ticks the world's year has."""
        return int(self.manifest.get("ticks_per_year", 48))

    @property
    def calendar(self) -> dict[str, int]:
        """The world's units of time in ticks, the longest first."""
        return dict(self.manifest.get("calendar", {"year": self.ticks_per_year, "tick": 1}))

    @property
    def periods(self) -> tuple[int, int]:
        """The short and the long period of the world's metrics, in ticks."""
        short, long = self.manifest.get("periods", [max(1, self.ticks_per_year // n) for n in (12, 4)])
        return int(short), int(long)


def series_arrays(frame: pl.DataFrame) -> dict[str, NDArray[np.float64]]:
    """Return a series frame as arrays (R, Q) by column name; RunError unless it is rectangular."""
    missing = [name for name in ("replica", "quarter", *UNITS) if name not in frame.columns]
    if missing:
        raise RunError(f"series: columns {', '.join(missing)} are missing")
    if frame.is_empty():
        raise RunError("series: no rows, a run has to last a quarter at least")
    frame = frame.sort("replica", "quarter")
    replicas, quarters = frame["replica"].n_unique(), frame["quarter"].n_unique()
    if len(frame) != replicas * quarters or frame.select("replica", "quarter").is_duplicated().any():
        raise RunError(
            f"series: {len(frame)} rows for {replicas} replicas and {quarters} quarters, "
            f"valid is one row for each of the {replicas * quarters}"
        )
    return {name: frame[name].cast(pl.Float64).to_numpy().reshape(replicas, quarters) for name in UNITS}


def metric_arrays(frame: pl.DataFrame, ticks: int) -> dict[str, NDArray[np.float64]]:
    """Return means of metrics over spans of so many ticks, (R, Q) by name.

    What comes after the last whole span is left out. NaN where a metric was never defined; RunError when no
    span is whole.
    """
    spans = 0 if frame.is_empty() else (int(str(frame["tick"].max())) + 1) // ticks
    if spans == 0:
        raise RunError(f"metrics: no quarter of {ticks} ticks, a run has to last that long at least")
    means = (
        frame.with_columns(pl.col("value").fill_nan(None), span=pl.col("tick") // ticks)
        .filter(pl.col("span") < spans)
        .group_by("name", "replica", "span")
        .agg(pl.col("value").mean())
    )
    found = {}
    for (name,), rows in means.sort("name").group_by("name", maintain_order=True):
        values = found[str(name)] = np.full((1 + int(str(frame["replica"].max())), spans), np.nan)
        values[rows["replica"].to_numpy(), rows["span"].to_numpy()] = rows["value"].to_numpy()
    return found
