"""Tables of studies as CSV files, small enough to be kept with the code."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path


def write_table(rows: Sequence[Mapping[str, object]], file: Path) -> Path:
    """Write rows that share their keys to a CSV file, make its folder if need be, and return the file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", newline="", encoding="utf-8") as place:
        writer = csv.DictWriter(place, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return file
