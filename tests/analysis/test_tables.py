"""Tables: what is written is read, the command first; a table without one is read as well."""

from importlib.resources import files
from pathlib import Path

import pytest

from analysis.tables import read_table, write_table

ANALYSIS = Path(str(files("analysis")))
SOURCES = {"us_macro_facts.csv", "transmission_ranges.csv"}  # typed in, not made by a command
STUDIES = sorted(file for file in ANALYSIS.glob("*/data/*.csv") if file.name not in SOURCES)


def test_rows_are_read_as_they_were_written_under_the_command_that_made_them(tmp_path):
    rows = [{"name": "a, b", "value": 1.5}, {"name": 'with "quotes"', "value": ""}]
    file = write_table(rows, tmp_path / "new" / "table.csv", "the command")
    assert file.read_text().splitlines()[:2] == ["# the command", "name,value"]
    assert read_table(file) == ("the command", [{k: str(v) for k, v in row.items()} for row in rows])


def test_a_table_without_rows_keeps_its_columns(tmp_path):
    file = write_table([], tmp_path / "table.csv", "the command", ("name", "value"))
    assert file.read_text() == "# the command\nname,value\n"
    assert read_table(file) == ("the command", [])


def test_a_table_that_names_no_command_is_read_from_its_first_line(tmp_path):
    file = tmp_path / "table.csv"
    file.write_text("name,value\na,1\n")
    assert read_table(file) == ("", [{"name": "a", "value": "1"}])


@pytest.mark.parametrize("file", STUDIES, ids=lambda file: f"{file.parent.parent.name} {file.stem}")
def test_a_committed_table_names_the_command_that_made_it(file):
    command, rows = read_table(file)
    assert command.startswith("python -m simengine ")
    assert rows
    assert None not in rows[0]
