"""The file a calibration ends in: values with their evidence, as settings that `run --config` takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analysis.calibration import Free, Judgement, Search, Space
from simengine.studies.calibration import REPORT_REPLICAS, REPORT_SEED, Calibration

EDGE = 0.01  # of the range: closer to an end than this counts as lying on it


def result(
    calibration: Calibration,
    search: Search,
    own: Sequence[Judgement],
    noises: Sequence[int],
    report: Judgement,
    date: str,
    command: str,
    answer: str = "last mean",
    point: NDArray[np.float64] | None = None,
) -> str:
    """The commented TOML of a search: `own` are judged on its `noises`, `report` on fresh ones.

    `answer` names the candidate that is written, `point` (n,) in the unit box; else it is the search's mean.
    """
    space, settings = calibration.space, search.settings
    seeds = [calibration.seed + noise for noise in noises]
    length = f"x {calibration.years:g} years"
    means = [
        f"{name} {report.means[name]:.4g} (plausible {low:g} to {high:g})"
        for name, (low, high) in space.plausible.items()
    ]
    lines = [
        f"Calibrated values of the world {calibration.world}, {date}",
        f"command: {command}",
        f"searched: {len(space.free)} parameters, {len(search.screened)} screening points,"
        f" {search.generation} generations of {settings.population} on {calibration.replicas} {length}",
        f"search seed {settings.seed}, noise seeds {calibration.seed} to {calibration.seed + search.noise}",
        f"answer: its {answer}",
        f"score on its own seeds {', '.join(map(str, seeds))}: {np.mean([each.score for each in own]):.1f} % "
        f"(loss {np.mean([each.loss for each in own]):.2f})",
        f"score on seed {REPORT_SEED}, which it never saw, {REPORT_REPLICAS} {length}: {_score(report)}",
        *(["means there: " + ", ".join(means)] if means else []),
        f"use: python -m simengine run {calibration.world} --config THIS_FILE",
    ]
    return (
        "".join(f"# {line}\n" for line in lines)
        + "\n"
        + _tables(space, search.mean if point is None else point)
    )


def _score(judged: Judgement) -> str:
    error = "" if judged.se is None else f" ± {judged.se:.1f}"
    return f"{judged.score:.1f}{error} % (loss {judged.loss:.2f})"


def _tables(space: Space, point: NDArray[np.float64]) -> str:
    """The settings as TOML tables, every searched value with its range and evidence."""
    notes = {free.name: _evidence(free, share) for free, share in zip(space.free, point.tolist())}
    return "\n".join(_table((), space.settings(point), notes))


def _table(path: tuple[str, ...], tree: Mapping[str, Any], notes: Mapping[str, str]) -> list[str]:
    leaves = {key: value for key, value in tree.items() if not isinstance(value, Mapping)}
    lines = [f"[{'.'.join(path)}]"] if path and leaves else []
    for key, value in leaves.items():
        note = notes.get(".".join((*path, key)), "held fixed")
        lines.append(f"{key} = {_literal(value)}  # {note}")
    lines += [""] if leaves else []
    for key, value in tree.items():
        if isinstance(value, Mapping):
            lines += _table((*path, key), value, notes)
    return lines


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(value)


def _evidence(free: Free, share: float) -> str:
    edge = "; at its LOW end" if share < EDGE else "; at its HIGH end" if share > 1 - EDGE else ""
    known = "" if free.literature is None else f"literature {free.literature:g}: "
    return f"{free.low:g} to {free.high:g}{edge}; {known}{free.source}"


def write_history(search: Search, file: Path) -> None:
    """Write a row per generation: losses, scores in %, step; `fresh_`: of the mean as it met new noise."""
    if search.history:
        pl.DataFrame(search.history, infer_schema_length=None).write_csv(file)
