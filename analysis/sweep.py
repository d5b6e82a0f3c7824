"""What a sweep found: its long table as arrays, and its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analysis.pages import image, repeat, report_page

FIGURE, PAGE = "sweep", "report.html"
SAID_OF_FAILURES = 20  # lines of a page


class Outcome(NamedTuple):
    """One outcome at the points that told it: settings by column, (P,) each, and values (P, R)."""

    name: str
    unit: str
    settings: Mapping[str, NDArray[Any]]
    values: NDArray[np.float64]


@dataclass(frozen=True)
class Swept:
    """The long table of a sweep, and the unit of each setting by its column."""

    frame: pl.DataFrame
    settings: Mapping[str, str]

    @property
    def replicas(self) -> int:
        """How many runs a point has."""
        told = self.frame.filter(pl.col("outcome").is_not_null())
        return 0 if told.is_empty() else told.group_by("point", "outcome").len()["len"].item(0)

    @property
    def failed(self) -> pl.DataFrame:
        """The rows of points that failed."""
        return self.frame.filter(pl.col("failed").is_not_null())

    def outcomes(self) -> list[Outcome]:
        """Every outcome, in the order in which the table tells them."""
        told = self.frame.filter(pl.col("outcome").is_not_null())
        parts = told.partition_by("outcome", maintain_order=True)
        return [self._outcome(part) for part in parts]

    def _outcome(self, part: pl.DataFrame) -> Outcome:
        values = part["value"].fill_null(np.nan).to_numpy().reshape(-1, self.replicas)
        first = part.unique("point", maintain_order=True)
        settings = {name: first[name].to_numpy() for name in self.settings}
        return Outcome(part["outcome"][0], part["unit"][0], settings, values)


def report(swept: Swept, headline: str, manifest: Mapping[str, Any], folder: Path) -> list[str]:
    """Draw what a sweep found and write its page; the names of the files."""
    from analysis.figures import save
    from analysis.figures.sweep import sweep_figure

    title = f"{manifest['world']}: a sweep of {', '.join(swept.settings)}"
    figures = ""
    made = []
    if swept.replicas:
        file = save(sweep_figure(title, swept), folder / "figures" / f"{FIGURE}.png")
        figures = image(file, f"Every outcome over {', '.join(swept.settings)}.")
        made.append(str(file.relative_to(folder)))
    sections = [
        ("figures", "Outcomes", figures),
        ("failed", "Points that failed", _failures(swept)),
        ("table", "The table", _files(swept)),
        ("repeat", "Repeat this sweep", repeat(manifest)),
    ]
    page = report_page(title, manifest, f"<p>{escape(headline)}.</p>", sections)
    (folder / PAGE).write_text(page, encoding="utf-8")
    return [*made, PAGE]


def _failures(swept: Swept) -> str:
    rows = swept.failed
    if rows.is_empty():
        return ""
    names = ["point", *swept.settings, "failed"]
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>"
        for row in rows.select(names).head(SAID_OF_FAILURES).iter_rows()
    )
    more = f"<p>and {len(rows) - SAID_OF_FAILURES} more</p>" if len(rows) > SAID_OF_FAILURES else ""
    return f"<div class='wide'><table><tr>{head}</tr>{body}</table></div>{more}"


def _files(swept: Swept) -> str:
    columns = ", ".join(f"<code>{escape(name)}</code>" for name in swept.frame.columns)
    return (
        f"<p><code>sweep.parquet</code> and <code>sweep.csv</code> hold {len(swept.frame):,} rows, "
        f"one for each point, outcome and replica: {columns}. A value is the mean over the run.</p>"
    )
