"""Totals count from close to close, so that books may be kept for ever."""

import numpy as np
import pytest

from markets import Refused


def test_counters_that_go_round_stay_exact_when_the_books_are_closed(village):
    books = village(replicas=1, overdraft=("households",))
    most = 2**62 // (len(books.counters) + 1)
    rounds = 2**64 // most + 3
    for _ in range(rounds):
        books.post("gifts", 0, 0, 2, most)
        assert books.period()[0, books.counters.index("gifts")] == most
        assert books.verify() == []
        with pytest.raises(Refused, match="overflow: a flow turns over at most"):
            books.post("gifts", 0, 2, 0, 1)
        books.close()
        books.post("purchases", 0, 2, 0, most)
        books.post("wages", 0, 0, 0, most)
        assert books.flows(0)["purchases", "firms"] == most
        books.close()
    assert np.array_equal(books.balance, village(replicas=1).balance)


def test_books_whose_claims_outgrow_the_integers_cannot_be_closed(village):
    books = village(replicas=1, overdraft=("households",))
    most = 2**62 // (len(books.counters) + 1)
    for _ in range(15):
        books.post("gifts", 0, 0, 2, most)
        books.close()
    books.post("gifts", 0, 0, 2, most)
    with pytest.raises(OverflowError, match=r"close: claims of replica 0 sum to \d+ \(must be below 2\*\*62"):
        books.close()
