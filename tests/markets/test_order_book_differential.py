"""The kernel against the plain reference: the same answers, row by row, to any flow of messages."""

from collections import Counter

import numpy as np
import pytest

from markets.order_book import OrderBooks
from markets.order_messages import CALL, LIMIT, UNCROSS, messages
from tests.markets.order_differences import difference, fewest, first_difference
from tests.markets.order_features import features
from tests.markets.random_flow import random_flow
from tests.markets.reference_auction import auction_price
from tests.markets.reference_books import ReferenceBooks

MESSAGES = 1500
LEAST = 50  # of whatever can happen, in 90,000 messages


def tiny(**sizes):
    """Books whose answers must be drained every few rows."""
    return OrderBooks(**sizes, room=4)


@pytest.mark.parametrize("make", [OrderBooks, tiny], ids=["roomy", "tiny"])
@pytest.mark.parametrize("first", range(0, 40, 10))
def test_kernel_and_reference_answer_random_flows_alike(first, make):
    for key in range(first, first + 10):
        at, found = first_difference(random_flow(key, MESSAGES), ReferenceBooks, make)
        assert not at, (key, at, found)


def test_random_flows_contain_everything_that_can_happen():
    seen = Counter()
    for key in range(60):
        flow = random_flow(key, MESSAGES)
        for rows, answer in zip(flow.batches, flow.play(flow.opened(OrderBooks))):
            seen.update(features(rows, answer))
    assert {word: n for word, n in seen.items() if n < LEAST} == {}
    assert seen["trades"] > 5000


class Faulty(ReferenceBooks):
    """Books with a fault: of the fifth trade of a batch, what is left of the maker is wrong."""

    def submit(self, rows):
        answer = super().submit(rows)
        if len(answer.fills) > 4:
            answer.fills["maker_left"][4] += 1
        return answer


def test_a_fault_is_found_and_told_by_few_messages():
    flow = random_flow(2, MESSAGES)
    small, found = fewest(flow, ReferenceBooks, Faulty)
    assert found.startswith("fills[4]")
    assert sum(map(len, small.batches)) <= 12 < sum(map(len, flow.batches))
    assert first_difference(small, ReferenceBooks, Faulty)[0]


def test_auctions_of_fresh_books_come_out_as_by_trying_every_price():
    rng, books, each = np.random.default_rng(3), 400, 12
    kernel, reference = OrderBooks(symbols=books, orders=books * each), ReferenceBooks(1, books, books * each)
    tick = rng.integers(1, 6, books)
    middle = rng.integers(0, 150, books)
    for one in (kernel, reference):
        one.rules["tick"], one.rules["reference"] = tick, middle
    book = np.repeat(np.arange(books), each)
    orders = messages(
        kind=LIMIT, book=book, side=rng.integers(2, size=book.size), owner=rng.integers(3, size=book.size),
        price=rng.integers(1, 30, book.size) * tick[book], quantity=rng.integers(1, 9, book.size),
        peak=rng.integers(0, 4, book.size), number=np.arange(book.size),
    )  # fmt: skip
    call, uncross = (messages(kind=kind, book=np.arange(books)) for kind in (CALL, UNCROSS))
    rows = np.concatenate([call, orders, uncross])
    answers = reference.submit(rows), kernel.submit(rows)
    assert difference(reference, kernel, answers) == ""
    assert len(np.unique(answers[0].fills["book"])) > books / 2


def test_prices_that_can_matter_are_enough_to_try():
    rng = np.random.default_rng(5)
    for _ in range(300):
        tick = int(rng.integers(1, 4))
        bids, asks = (
            [(int(price) * tick, int(lots)) for price, lots in rng.integers(1, 40, (int(n), 2))]
            for n in rng.integers(0, 9, 2)
        )
        reference = int(rng.integers(0, 60 * tick))
        tried = [auction_price(bids, asks, tick, reference, every) for every in (True, False)]
        assert tried[0] == tried[1]
