"""What the benchmark times is the same work: the books that it compares trade the same lots."""

import pytest

from tests.markets.bench_orders import SortedBook, kernel, peer
from tests.markets.price_paths import PATHS, along


@pytest.mark.parametrize("path", PATHS)
def test_a_plain_sorted_book_trades_the_same_lots(path):
    rows = along(path, 4000, 200)
    _, lots, trades = kernel(rows)
    assert peer(SortedBook, rows)[1] == lots
    assert trades > 100
