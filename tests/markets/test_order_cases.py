"""Faults that were reported of other order books: each case has the right outcome here."""

import pytest

from markets.order_book import OrderBooks
from tests.markets.order_cases import CASES, agrees, outcome, read
from tests.markets.reference_books import ReferenceBooks

BOOKS = {"kernel": OrderBooks, "reference": ReferenceBooks}


def test_there_are_all_the_cases_that_were_collected():
    assert len(CASES) == 45


@pytest.mark.parametrize("make", BOOKS.values(), ids=BOOKS)
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_case_comes_out_as_it_must(path, make):
    case = read(path)
    found = outcome(case, make)
    assert agrees(found, case["expect"]), (case["why"], found, case["expect"])
