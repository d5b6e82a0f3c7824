import json
import re
from html.parser import HTMLParser

import pytest

from analysis import Run
from analysis.macro.report import write_report
from tests.analysis.macro.synthetic import economy, snapshots, write_run

MATRIX = {
    "rows": ["DEPOSITS", "BILLS", "LOANS"],
    "columns": ["households", "banks"],
    "values": [[240_000_00, -240_000_00], [0, 0], [-90_000_00, 90_000_00]],
}


class Tags(HTMLParser):
    """Open tags that were never closed, and every address a browser would load."""

    def __init__(self, page):
        super().__init__()
        self.open, self.addresses = [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        if tag not in ("meta", "img"):
            self.open.append(tag)
        self.addresses += [value for name, value in attributes if name in ("src", "href")]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report") / "run"
    write_run(
        folder,
        economy(3, 100),
        snapshots(20),
        command="python -m simengine run --set a=<b>",
        data_sheet={"LEARNED": "nothing", "ASSUMED": "a Taylor-type rule"},
        balance_sheet=MATRIX,
    )
    write_report(Run(folder), random_policy=41.0)
    return folder


@pytest.fixture(scope="module")
def page(folder):
    return (folder / "report.html").read_text()


def test_the_folder_holds_what_was_promised(folder):
    names = {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}
    figures = ["scorecard", "macro_variables", "policy_transmission", "balance_sheets", "distributions"]
    assert {"report.html", "scorecard.json", *(f"figures/{name}.png" for name in figures)} <= names
    payload = json.loads((folder / "scorecard.json").read_text())
    assert payload["controls"]["random_policy"] == 41.0


def test_the_page_is_well_formed_and_loads_nothing_from_elsewhere(page):
    tags = Tags(page)
    assert tags.open == []
    assert sum(address.startswith("data:image/png;base64,") for address in tags.addresses) == 5
    assert all(address.startswith(("#", "data:")) for address in tags.addresses)
    assert "url(" not in page


def test_what_users_wrote_is_escaped(page):
    assert "a=&lt;b&gt;" in page
    assert "<b>}" not in page


def test_every_fact_is_listed_with_misses_first(page):
    shares = [int(share) for share in re.findall(r"</span>(\d+) %</td><td><abbr", page)]
    assert len(shares) == 50
    assert shares == sorted(shares)


def test_accounts_show_what_columns_sum_up_to_and_that_rows_leave_nothing_over(page):
    assert "<th class='n'>residual</th>" in page
    row = re.search(r"<td>deposits</td>(.*?)</tr>", page).group(1)
    assert re.findall(r">([^<>]+)</td>", row) == ["+240.0", "−240.0", "0"]
    assert "<td>bills</td>" not in page  # a row of zeros is left out
    total = re.search(r"<tr class='sum'><td>net worth</td>(.*?)</tr>", page).group(1)
    assert re.findall(r">([^<>]+)</td>", total) == ["+150.0", "−150.0", "0"]


def test_the_data_sheet_and_the_controls_are_shown(page):
    assert "a Taylor-type rule" in page
    for text in ("US 1960–84: 96", "US 1985–2019: 84", "random policy: 41"):
        assert text in page


def test_a_bare_run_still_has_a_report(tmp_path):
    folder = write_run(tmp_path / "bare", economy(1, 20))
    assert "report.html" in write_report(Run(folder))
    page = (folder / "report.html").read_text()
    assert "balance_sheets: no Balance events recorded" in page
    assert "the bands are made for histories of 100 quarters" in page
    assert "Data sheet" not in page
    assert Tags(page).open == []
