"""Whatever is said to a book: never crossed, its memory adds up, no lot is lost, cuts do not matter."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from markets.order_book import OrderBooks
from markets.order_messages import (
    ACCEPTED,
    AUCTION,
    BUY,
    CALL,
    CANCEL,
    CANCELLED,
    DECREMENT,
    LIMIT,
    MARKET,
    PENDING,
    REPLACE,
    REPLACED,
    RESTING,
    SELL,
    SLIDE,
    STOP,
    STOP_LIMIT,
    UNCROSS,
    messages,
)  # fmt: skip
from tests.markets.order_audit import audit, crossed
from tests.markets.order_differences import TOLD
from tests.markets.random_flow import random_flow

sides, prices, lots = st.integers(BUY, SELL), st.integers(96, 104), st.integers(1, 9)
modes, owners, numbers = st.integers(0, DECREMENT), st.integers(0, 2), st.integers(0, 15)
seeds = st.integers(0, 2**32 - 1)


class OneBook(RuleBasedStateMachine):
    """A small book under any messages, and what an owner knows of each order from the answers alone."""

    def __init__(self):
        super().__init__()
        self.books = OrderBooks(orders=10, levels=4)
        self.books.rules["band_bp"] = 300
        self.open, self.waiting, self.sides = {}, set(), {}

    def say(self, **message):
        answer = self.books.submit(messages(**message))
        number, status, left = message["number"], answer.status[0], int(answer.left[0])
        if message["kind"] < CANCEL and status in (RESTING, PENDING):
            self.sides[number] = message["side"]
            self.waiting |= {number} if status == PENDING else set()
        if status in (RESTING, PENDING, REPLACED):
            self.open[number] = left
        for fill in answer.fills:
            if fill["side"] == AUCTION:
                self.told(int(fill["taker"]), self.open[int(fill["taker"])] - int(fill["quantity"]))
            self.told(int(fill["maker"]), int(fill["maker_left"]))
        for end in answer.ends:
            self.waiting.discard(int(end["number"]))
            self.told(int(end["number"]), int(end["left"]) if end["status"] == RESTING else 0)
        self.open = {number: left for number, left in self.open.items() if left}
        return answer

    def told(self, number, left):
        """What is open of an order never grows but by a replace."""
        self.open[number] = min(left, self.open.get(number, 0))

    @rule(
        kind=st.sampled_from([LIMIT, LIMIT, LIMIT, MARKET, STOP, STOP_LIMIT]),
        side=sides, tif=st.integers(0, SLIDE), prevention=modes, price=prices, quantity=lots,
        peak=st.integers(0, 4), trigger=prices, owner=owners, number=numbers,
    )  # fmt: skip
    def an_order_trades_what_is_not_left(self, **message):
        live = message["number"] in self.open
        answer = self.say(**message)
        assert not (live and answer.status[0] in (RESTING, PENDING))
        if message["kind"] in (LIMIT, MARKET) and message["prevention"] != DECREMENT and not live:
            mine = answer.fills[answer.fills["taker"] == message["number"]]
            assert mine["quantity"].sum() + answer.left[0] == message["quantity"]

    @rule(number=numbers)
    def a_cancel_gives_back_what_was_open(self, number):
        left = self.open.pop(number, 0)
        self.waiting.discard(number)
        answer = self.say(kind=CANCEL, number=number)
        assert (int(answer.status[0]) == CANCELLED, int(answer.left[0])) == (left > 0, left)

    @rule(number=numbers, price=prices, quantity=lots, trigger=st.sampled_from([0, 97, 103]))
    def a_replace_is_of_a_live_order(self, **message):
        live = message["number"] in self.open
        answer = self.say(kind=REPLACE, **message)
        assert live or answer.status[0] != REPLACED

    @rule(kind=st.sampled_from([CALL, UNCROSS]))
    def a_phase_is_accepted(self, kind):
        assert self.say(kind=kind, number=0).status[0] == ACCEPTED

    @invariant()
    def the_memory_adds_up(self):
        audit(self.books)

    @invariant()
    def what_owners_were_told_is_what_rests(self):
        for side in (BUY, SELL):
            mine = [n for n in self.open if self.sides[n] == side and n not in self.waiting]
            assert sum(self.open[n] for n in mine) == self.books.ladder(0, side)[2].sum()

    @invariant()
    def it_is_crossed_in_a_call_at_most(self):
        assert self.books.phase(0) or not crossed(self.books, 0)


OneBook.TestCase.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
test_a_book_under_any_messages = OneBook.TestCase


def played(flow, parts):
    """What books say of messages in these parts, with the message's place in the whole."""
    books = flow.opened(OrderBooks)
    found, first = [], 0
    for part in parts:
        answer = books.submit(part)
        for rows in (answer.fills, answer.ends, answer.touches):
            rows["message"] += first
        found.append(answer)
        first += len(part)
        audit(books)
    return {name: np.concatenate([getattr(answer, name) for answer in found]) for name in TOLD}


@given(seeds, st.lists(st.integers(0, 400), max_size=30))
@settings(max_examples=25, deadline=None)
def test_any_cuts_of_a_batch_give_the_same_answers_of_each_book(seed, cuts):
    flow = random_flow(seed, 400)
    rows = np.concatenate(flow.batches)
    # one book after the other, as the whole batch is carried out too
    rows = rows[np.argsort(rows["book"], kind="stable")]
    whole, cut = played(flow, [rows]), played(flow, np.split(rows, sorted(cuts)))
    for name in TOLD:
        assert (whole[name] == cut[name]).all(), name


def by_book(answer, rows, books):
    """What was said of each book, without the messages' places."""
    for book in range(books):
        mine = rows["book"] == book
        yield [getattr(answer, name)[mine].tolist() for name in ("status", "reason", "left")]
        for written in (answer.fills, answer.ends, answer.touches):
            yield written[list(written.dtype.names[1:])][written["book"] == book].tolist()


@given(seeds, seeds)
@settings(max_examples=25, deadline=None)
def test_any_order_of_symbols_gives_the_same_answers_of_each(seed, mixing):
    flow, rng, books = random_flow(seed, 400), np.random.default_rng(mixing), 5
    flow.sizes.update(replicas=1, symbols=books, orders=400)
    rows = np.concatenate(flow.batches)
    rows["book"] = rng.integers(books, size=len(rows))
    rows["number"] = rows["number"] % 2**32 * books + rows["book"]
    order = np.argsort(rng.permutation(books)[rows["book"]], kind="stable")
    mixed = rows[order]
    rules = {name: np.resize(values, books) for name, values in flow.rules.items()}
    found = []
    for batch in (rows, mixed):
        flow.rules = rules
        found.append(list(by_book(flow.opened(OrderBooks).submit(batch), batch, books)))
    assert found[0] == found[1]


@given(seeds, st.integers(0, 6))
@settings(max_examples=25, deadline=None)
def test_books_written_back_go_on_with_the_same_answers(seed, after):
    flow = random_flow(seed, 500)
    first, second = flow.opened(OrderBooks), OrderBooks(**flow.sizes)
    for batch in flow.batches[:after]:
        first.submit(batch)
    kept = {name: column.copy() for name, column in first.columns().items()}
    told = [first.submit(batch) for batch in flow.batches[after:]]
    for name, column in second.columns().items():
        column[:] = kept[name]
    audit(second)
    for answer, batch in zip(told, flow.batches[after:]):
        again = second.submit(batch)
        for name in TOLD:
            assert (getattr(again, name) == getattr(answer, name)).all(), name
    assert all((second.columns()[name] == column).all() for name, column in first.columns().items())
