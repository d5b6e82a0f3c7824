"""The plain report: what any world with series or metrics can show of a run, as one page."""

from __future__ import annotations

from html import escape

import numpy as np
import polars as pl
from matplotlib.figure import Figure

from analysis.about import histories, lead, strikes
from analysis.comparison import arms_of
from analysis.figures import save
from analysis.figures.marks import Marks
from analysis.figures.through_time import Beside, Path, through_time
from analysis.lengths import length
from analysis.pages import data_sheet, image, repeat, report_page
from analysis.response import response
from analysis.run import NotRecorded, Run

FIGURE = "through_time"


def plain_report(run: Run) -> list[str]:
    """Draw every series, or without any every metric, write `report.html` and return the names of the files.

    NotRecorded when there are neither.
    """
    drawn = paths(run)
    if not drawn:
        raise NotRecorded(
            f"{run.path}: nothing to draw: world {run.world!r} has neither series nor metrics, "
            "or the run ended before the first of them"
        )
    title = _title(run, max(len(path.values) for path in drawn.values()))
    figures, shocked = response(run)
    figures[FIGURE] = file = save(_drawn(run, title, drawn), run.path / "figures" / f"{FIGURE}.png")
    sections = [
        ("response", "What the shock did", shocked),
        ("figures", "Through time", image(file, "Every number that the world measures, through the run.")),
        ("events", "Events", _events(run)),
        ("sheet", "Data sheet", data_sheet(run.manifest.get("data_sheet"))),
        ("repeat", "Repeat this run", repeat(run.manifest)),
    ]
    page = run.path / "report.html"
    page.write_text(report_page(title, run.manifest, lead(run), sections), encoding="utf-8")
    return [str(made.relative_to(run.path)) for made in (*figures.values(), page)]


def _drawn(run: Run, title: str, drawn: dict[str, Path]) -> Figure:
    """Every path through time; two arms beside each other, where all histories were measured."""
    struck, count = strikes(run), len(run.numbers)
    arms, marks = arms_of(run.numbers) if struck else None, Marks(strikes=struck)
    if arms is None or any(len(path.values) != count for path in drawn.values()):
        return through_time(title, drawn, marks)
    control, treated = (
        {name: path._replace(values=path.values[arm]) for name, path in drawn.items()} for arm in arms
    )
    return through_time(title, treated, marks, Beside(control, "without", "with the shock"))


def _title(run: Run, replicas: int) -> str:
    return f"{run.world}: {histories(replicas)} of {length(run.manifest['until'], run.calendar)}"


def paths(run: Run) -> dict[str, Path]:
    """Every series with its unit, or without any every metric, by name."""
    if run.has_series:
        years = (run.ticks + 1) / run.ticks_per_year
        return {name: Path(run.units[name], years, values) for name, values in run.arrays.items()}
    if not run.has_metrics:
        return {}
    metrics = run.metrics.collect().sort("name", "tick", "replica")
    replicas = 0 if metrics.is_empty() else 1 + int(str(metrics["replica"].max()))
    by_name = metrics.group_by("name", maintain_order=True)
    units, year = run.metric_units, run.ticks_per_year
    return {
        str(name): _metric(rows, replicas, year, units.get(str(name), "")) for (name,), rows in by_name
    }


def _metric(rows: pl.DataFrame, replicas: int, year: int, unit: str) -> Path:
    ticks, at = np.unique(rows["tick"].to_numpy(), return_inverse=True)
    values = np.full((replicas, len(ticks)), np.nan)
    values[rows["replica"].to_numpy(), at] = rows["value"].to_numpy()
    return Path(unit, (ticks + 1) / year, values)


def _events(run: Run) -> str:
    """A row per event type that was recorded: how many, and its columns with their units."""
    schema = run.manifest.get("schema", {})
    rows = "".join(
        f"<tr><td><code>{escape(name)}</code></td><td class='n'>{run.rows(name):,}</td>"
        f"<td>{' · '.join(_column(*column) for column in schema.get(name, {}).items())}</td></tr>"
        for name in run.recorded
    )
    head = "<tr><th>event</th><th class='n'>rows</th><th>columns</th></tr>"
    return f"<div class='wide'><table>{head}{rows}</table></div>" if rows else ""


def _column(name: str, declared: dict[str, str]) -> str:
    said = f"{declared['doc']}, {declared['unit']}" if declared["doc"] else declared["unit"]
    return f"<code>{escape(name)}</code> <span class='soft'>{escape(said)}</span>"
