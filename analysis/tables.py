"""Tables of studies as CSV files, small enough to be kept; the first line says what made them."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path


def write_table(
    rows: Sequence[Mapping[str, object]], file: Path, command: str, columns: Sequence[str] = ()
) -> Path:
    """Write rows that share their keys under a line `# command`, make the folder if need be, return the file.

    `columns` are the keys; without them those of the first row are.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", newline="", encoding="utf-8") as place:
        place.write(f"# {command}\n")
        writer = csv.DictWriter(place, fieldnames=list(columns or rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return file


def read_table(file: Path) -> tuple[str, list[dict[str, str]]]:
    """The command that made a table, empty where its first line names none, and the rows."""
    lines = file.read_text(encoding="utf-8").splitlines()
    named = bool(lines) and lines[0].startswith("#")
    return lines[0].lstrip("# ") if named else "", list(csv.DictReader(lines[named:]))
