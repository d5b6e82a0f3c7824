"""A recording, opened: manifest, series, metrics and events of a run folder as lazy frames."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from streams import sealed, segments
from streams.event import path_of


class RunError(ValueError):
    """A run folder that cannot be read: one line, saying what is missing and where."""


class NoReport(ValueError):
    """A run of which nothing can be reported: too short, or recorded without what its report is made of."""


class NotRecorded(RunError, NoReport):
    """What is asked of a run was not recorded."""


class Run:
    """A run folder, checked and opened.

    `run.series`, `run.metrics` and `run.events("Trade")` are polars LazyFrames, `run.manifest` is the
    parsed manifest.json, whose seal is checked. Opening compares every file the manifest lists with its hash:
    `DamagedSegment` names one that is missing or has changed; `verify=False` skips that. Links are refused.
    """

    def __init__(self, path: str | Path, verify: bool = True) -> None:
        self.path = Path(path)
        self.manifest: dict[str, Any] = self._read_manifest()
        if verify:
            listed = (*self.manifest.get("segments", ()), *self.manifest.get("tables", ()))
            segments.verify(self.path, listed)

    def __repr__(self) -> str:
        return f"Run({str(self.path)!r})"

    def _repr_html_(self) -> str:
        shown = ("world", "status", "years", "replicas", "seed", "digest", "command")
        said = {name: self.manifest[name] for name in shown if name in self.manifest}
        rows = said | {"folder": self.path, "events": ", ".join(self.recorded)}
        lines = (f"<tr><th>{name}</th><td>{escape(str(value))}</td></tr>" for name, value in rows.items())
        return f"<table>{''.join(lines)}</table>"

    def _read_manifest(self) -> dict[str, Any]:
        try:
            segments.refuse_links(self.path)
            return sealed.read_json(self.path / "manifest.json")
        except FileNotFoundError:
            raise RunError(f"{self.path}: no manifest.json, so this is not a run folder") from None
        except sealed.DamagedFile as error:
            raise RunError(str(error)) from None
        except OSError as error:
            raise RunError(f"{self.path}/manifest.json: cannot be read: {error.strerror}") from None

    def _scan(self, name: str) -> pl.LazyFrame:
        file = self.path / name
        if not file.is_file():
            why = "it is written when a run has finished"
            if self.manifest.get("status") == "finished":
                why = f"world {self.manifest.get('world')!r} has nothing for it"
            raise NotRecorded(f"{file}: not there; {why}")
        return pl.scan_parquet(file, glob=False)

    @property
    def series(self) -> pl.LazyFrame:
        """A row per replica and instant of the series: tick, replica and the columns of `units`."""
        return self._scan(segments.SERIES)

    @property
    def metrics(self) -> pl.LazyFrame:
        """The Metric events of all replicas: tick, replica, name, value."""
        return self._scan(segments.METRICS)

    @cached_property
    def _files(self) -> dict[str, list[Path]]:
        """The sealed files of each event type; what a killed run wrote after its last seal is left out."""
        files: dict[str, list[Path]] = {}
        for segment in self.manifest.get("segments", ()):
            files.setdefault(segment["event"], []).append(segments.path_of(self.path, segment))
        return files

    @property
    def recorded(self) -> list[str]:
        """The names of the event types in the folder."""
        return sorted(self._files)

    def rows(self, event: str) -> int:
        """How many events of a type were recorded."""
        return sum(segment["rows"] for segment in self.manifest["segments"] if segment["event"] == event)

    def events(self, event: str | type) -> pl.LazyFrame:
        """The recorded events of one type, by name, path or class: tick, replica, then its columns."""
        name = self._name(event)
        if name not in self._files:
            raise NotRecorded(
                f"{self.path}: no {name} events, recorded are {', '.join(self.recorded) or 'none'}"
            )
        return pl.scan_parquet(self._files[name], glob=False)

    def _name(self, event: str | type) -> str:
        """What an event type is called in the folder; RunError for a name that stands for two."""
        paths: dict[str, str] = self.manifest.get("types", {})
        asked = event if isinstance(event, str) else path_of(event)
        alike = {name: path for name, path in paths.items() if asked in (path, path.rpartition(":")[2])}
        if len(alike) > 1:
            both = " or ".join(alike.values())
            raise RunError(f"{self.path}: two event types are named {asked}: valid is {both}")
        return next(iter(alike), event if isinstance(event, str) else event.__name__)

    @property
    def metric_units(self) -> dict[str, str]:
        """The unit of every metric that the world declares, by name."""
        return dict(self.manifest.get("metrics", {}))

    @cached_property
    def units(self) -> dict[str, str]:
        """What each column of the series is measured in, as the world declares it."""
        schema = self.manifest.get("schema", {})
        events = self.manifest.get("series", ())
        return {name: column["unit"] for event in events for name, column in schema[event].items()}

    @cached_property
    def arrays(self) -> dict[str, NDArray[np.float64]]:
        """The series as arrays (R, Q) by column: what facts and figures take."""
        if not self.units:
            raise RunError(f"{self.path}: the manifest does not say which events are series")
        return series_arrays(self.series.collect(), tuple(self.units))

    def __getitem__(self, name: str) -> NDArray[np.float64]:
        """A series by name, (R, T): a run stands wherever its `arrays` do."""
        return self.arrays[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.arrays)

    def keys(self) -> Iterable[str]:
        """Names of its series."""
        return self.arrays.keys()

    @cached_property
    def ticks(self) -> NDArray[np.int64]:
        """The instants (Q,) at which `arrays` have values."""
        found = self.series.select(pl.col("tick").unique().sort()).collect()["tick"]
        return found.cast(pl.Int64).to_numpy()

    @cached_property
    def has_series(self) -> bool:
        """Whether the world published series, the run has finished and was long enough for one value."""
        file = self.path / segments.SERIES
        return file.is_file() and pl.scan_parquet(file, glob=False).select(pl.len()).collect().item() > 0

    @property
    def has_metrics(self) -> bool:
        """Whether metrics were measured and the run has finished."""
        return (self.path / segments.METRICS).is_file()

    @cached_property
    def histories(self) -> dict[str, NDArray[np.float64]]:
        """What comparisons take, (R, Q) by name: the series, or where there are none means of the metrics."""
        if self.has_series:
            return self.arrays
        return metric_arrays(self.metrics.collect(), self.periods[1])

    @cached_property
    def period(self) -> str:
        """The unit of time from one value of a history to the next; `step` where it has no name."""
        spacing = self.periods[1]
        if self.has_series and len(self.ticks) > 1:
            spacing = int(np.diff(self.ticks).min())
        return {ticks: unit for unit, ticks in self.calendar.items()}.get(spacing, "step")

    @property
    def numbers(self) -> list[int]:
        """The replica number of each replica index: what keys its noise. A repeated number is an arm."""
        if "numbers" in self.manifest:
            return list(self.manifest["numbers"])
        if not (self.has_series or self.has_metrics):
            return [self.replica]
        return list(range(len(next(iter(self.histories.values())))))

    @property
    def replica(self) -> int:
        """The index of the history whose events figures show: the first whose events are recorded."""
        chosen = self.manifest.get("scenario", {}).get("record", {}).get("replicas", "first")
        return 0 if isinstance(chosen, str) else int(min(chosen, default=0))

    @property
    def world(self) -> str:
        """The world, as the scenario names it."""
        return str(self.manifest.get("scenario", {}).get("world", self.manifest.get("world")))

    @property
    def ticks_per_year(self) -> int:
        """How many ticks the world's year has."""
        return int(self.manifest["ticks_per_year"])

    @property
    def calendar(self) -> dict[str, int]:
        """The world's units of time in ticks, the longest first."""
        return dict(self.manifest.get("calendar", {"year": self.ticks_per_year, "tick": 1}))

    @property
    def periods(self) -> tuple[int, int]:
        """The short and the long period of the world's metrics, in ticks."""
        short, long = self.manifest.get("periods", [max(1, self.ticks_per_year // n) for n in (12, 4)])
        return int(short), int(long)


def series_arrays(frame: pl.DataFrame, columns: Sequence[str]) -> dict[str, NDArray[np.float64]]:
    """Columns of a series frame as arrays (R, Q) by name; RunError unless it is rectangular.

    NaN at instants at which a column has no value, as where quarterly series stand beside monthly ones.
    """
    missing = [name for name in ("replica", "tick", *columns) if name not in frame.columns]
    if missing:
        raise RunError(f"series: columns {', '.join(missing)} are missing")
    if frame.is_empty():
        raise RunError("series: no rows, the run ended before their first instant")
    frame = frame.sort("replica", "tick")
    replicas, instants = frame["replica"].n_unique(), frame["tick"].n_unique()
    if len(frame) != replicas * instants or frame.select("replica", "tick").is_duplicated().any():
        raise RunError(
            f"series: {len(frame)} rows for {replicas} replicas and {instants} instants, "
            f"valid is one row for each of the {replicas * instants}"
        )
    return {name: frame[name].cast(pl.Float64).to_numpy().reshape(replicas, instants) for name in columns}


def metric_arrays(frame: pl.DataFrame, ticks: int) -> dict[str, NDArray[np.float64]]:
    """Means of metrics over spans of so many ticks, (R, Q) by name.

    What comes after the last whole span is left out. NaN where a metric was never defined; RunError when no
    span is whole.
    """
    spans = 0 if frame.is_empty() else (int(str(frame["tick"].max())) + 1) // ticks
    if spans == 0:
        raise RunError(f"metrics: no period of {ticks} ticks, a run has to last that long at least")
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
