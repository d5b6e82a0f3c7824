"""Balance sheets and transaction flows are exact by-products of posting."""

import numpy as np
import pytest


@pytest.fixture
def busy(village):
    books = village()
    books.post("wages", 0, 0, 1, 200)
    books.close()
    books.post("lending", 0, 1, 2, 100)
    books.post("purchases", None, np.arange(4, dtype=np.int32), 0, np.array([[10, 20, 30, 40], [1, 2, 3, 4]]))
    books.post("default", 0, 0, 0, 300)
    books.post("taxes", 0, 1, 0, 50)
    books.post("dividends", 0, 1, 0, 60)
    return books


def test_the_balance_sheet_shows_every_sector_and_sums_to_zero(busy):
    matrix = busy.matrix(0)
    assert matrix["deposits", "households"] == 4000 + 200 - 100 - 50 + 60
    assert matrix["loans", "firms"] == -(900 + 100 - 300)
    assert matrix["treasury", "central_bank"] == -750
    assert not matrix.values[:, -1].any()
    for sector in busy.chart.sectors:
        assert matrix["net worth", sector] == busy.net_worth(sector)[0].sum()


def test_transaction_flows_count_from_the_last_close_and_their_rows_sum_to_zero(busy):
    flows = busy.flows(0)
    assert flows["wages", "firms"] == 0
    assert flows["purchases", "households"] == -100
    assert flows["lending", "banks"] == -100
    assert flows["default", "banks"] == 0
    assert flows["change of money", "households"] == -100 - 50 + 60
    assert not flows.values[:, -1].any()
    assert busy.flows(1)["purchases", "firms"] == 10
    assert busy.period()[0].tolist()[:3] == [0, 100, 0]


def test_the_changes_since_the_close_are_the_difference_of_two_balance_sheets(village):
    books = village()
    books.post("wages", 0, 0, 1, 200)
    books.close()
    before = books.matrix(0).values
    books.post("bills", 0, 0, 0, 400)
    books.post("benefits", 0, 0, 3, 70)
    books.post("repayment", 0, 1, 1, 30)
    assert np.array_equal(books.changes(0).values, books.matrix(0).values - before)


def test_the_creation_table_says_which_flow_makes_or_destroys_money_and_debt(village):
    table = village().creation_table()
    created = {flow: {i: table[flow, i] for i in table.columns if table[flow, i]} for flow in table.rows}
    assert created == {
        "wages": {},
        "purchases": {},
        "gifts": {},
        "taxes": {"deposits": -1, "reserves": -1, "treasury": 1},
        "benefits": {"deposits": 1, "reserves": 1, "treasury": -1},
        "interest": {"deposits": -1},
        "dividends": {"deposits": 1},
        "lending": {"deposits": 1, "loans": 1},
        "repayment": {"deposits": -1, "loans": -1},
        "default": {"loans": -1},
        "bills": {"bills": 1, "reserves": -1, "treasury": 1},
        "redemption": {"bills": -1, "reserves": 1, "treasury": -1},
        "open_market": {"reserves": 1},
        "advances": {"reserves": 1, "advances": 1},
        "remittance": {"treasury": 1},
    }


def test_every_flow_creates_what_its_table_says(village):
    table = village().creation_table()
    for flow in table.rows:
        books = village(replicas=1)
        before = np.maximum(books.balance[0], 0).sum(axis=1)
        books.post(flow, 0, 0, 0, 10)
        created = np.maximum(books.balance[0], 0).sum(axis=1) - before
        assert created.tolist() == [10 * table[flow, i] for i in table.columns], flow


def test_a_matrix_prints_as_an_aligned_table(busy):
    lines = busy.matrix(0).table().splitlines()
    assert lines[0].split() == [
        "balance",
        "sheet",
        "households",
        "firms",
        "banks",
        "government",
        "central_bank",
        "sum",
    ]
    assert lines[1].split() == ["deposits", "4,110", "1,500", "-5,610", ".", ".", "."]
    assert len({len(line) for line in lines}) == 1
    assert busy.creation_table().table().splitlines()[6].split() == [
        "interest",
        "-1",
        ".",
        ".",
        ".",
        ".",
        ".",
    ]
