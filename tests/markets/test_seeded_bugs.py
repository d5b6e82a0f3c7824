"""Twenty and more accounting bugs, each seeded into one event of a sound month, are caught at that event."""

import numpy as np
import pytest

from markets.money import multiply, split, to_cents

DEPOSITS, LOANS = 0, 1  # places in the village's table
HOUSEHOLDS, FIRMS, BANKS = (np.arange(n, dtype=np.int32) for n in (4, 3, 2))
SHARES = np.array([3.0, 2.0, 2.0, 4.0])
PRICES = np.array([10.4, 20.5, 30.5, 0.0])


def dense(*row):
    return np.tile(np.array(row, np.int64), (2, 1))


def pay_dividends(books, shares):
    books.post("dividends", None, 0, HOUSEHOLDS, np.tile(shares, (2, 1)), control=100)


def book_default(books, flow="default", amount=300):
    books.post(flow, None, 2, 0, dense(amount))


MONTH = {
    "lending": lambda books: books.post("lending", None, BANKS, 1, dense(100, 50)),
    "wages": lambda books: books.post("wages", None, [0, 1, 2, 2], HOUSEHOLDS, dense(200, 300, 250, 250)),
    "purchases": lambda books: books.post(
        "purchases", None, HOUSEHOLDS, 0, np.tile(to_cents(PRICES), (2, 1))
    ),
    "dividends": lambda books: pay_dividends(books, split(100, SHARES)),
    "taxes": lambda books: books.post(
        "taxes", None, HOUSEHOLDS, 0, books.read("deposits", "households") // 10
    ),
    "benefits": lambda books: books.post("benefits", None, 0, 3, dense(80)),
    "trade": lambda books: books.post("purchases", [0, 1], [1, 2], [1, 1], np.array([multiply(3, 40), 70])),
    "repayment": lambda books: books.post("repayment", None, [0, 1], BANKS, dense(60, 10)),
    "default": book_default,
}


def spend_everything_twice(books):
    seen = books.read("deposits", "households")[:, 3:].copy()
    books.post("purchases", None, 3, 1, seen)
    books.post("purchases", None, 3, 1, seen)


def tax_the_empty(books):
    books.post("purchases", None, 3, 0, books.read("deposits", "households")[:, 3:].copy())
    books.post("taxes", None, HOUSEHOLDS, 0, dense(100, 100, 100, 100))


def cast_nan(books):
    with np.errstate(invalid="ignore"):
        amount = np.array([10.4, np.nan]).astype(np.int64)
    books.post("purchases", 0, [0, 1], [0, 0], amount)


def wrap_int32(books):
    books.post(
        "purchases", 0, [0, 1], [0, 0], np.array([2**31 - 1, 7], np.int32) + np.array([1, 0], np.int32)
    )


def wrap_int64(books):
    wrapped = np.array([3_000_000_000]) * np.array([4_000_000_000])
    books.post("purchases", 0, [1], [1], wrapped)


def poke(name, at, change):
    """Write to the books behind their back."""

    def bug(books):
        books.columns()[name][at] += change

    return bug


def both(*bugs):
    return lambda books: [bug(books) for bug in bugs]


def write_back_an_old_copy(books):
    old = books.balance.copy()
    books.post("benefits", None, 0, 3, dense(80))
    books.columns()["balance"][:] = old


# name of the bug: (guilty event, what stands there instead, what the catch says)
BUGS = {
    "a refund as a negative purchase": (
        "purchases",
        lambda books: books.post("purchases", 0, [0, 1], [0, 0], np.array([10, -5])),
        "transfer 1 of replica 0 refused: 1 -> 0 amount -5",
    ),
    "slots of another sector": (
        "wages",
        lambda books: books.post("wages", None, HOUSEHOLDS, HOUSEHOLDS, dense(1, 1, 1, 1)),
        "transfer 3 of replica 0 refused: 3 -> 3 amount 1",
    ),
    "payer and payee swapped": (
        "purchases",
        lambda books: books.post("purchases", None, 0, HOUSEHOLDS, dense(10, 20, 30, 40)),
        "transfer 3 of replica 0 refused: 0 -> 3 amount 40",
    ),
    "a payer without funds": (
        "wages",
        lambda books: books.post("wages", None, 1, HOUSEHOLDS, dense(300, 300, 300, 300)),
        "firms 1 have only 650 of deposits",
    ),
    "spending twice what a stale view showed": (
        "purchases",
        spend_everything_twice,
        "households 3 have only 0 of deposits",
    ),
    "a write to a read-only view": (
        "benefits",
        lambda books: books.read("deposits", "households").__setitem__((0, 3), 80),
        "read-only",
    ),
    "amounts as floats": (
        "purchases",
        lambda books: books.post("purchases", None, HOUSEHOLDS, 0, np.tile(PRICES, (2, 1))),
        "amount is float64",
    ),
    "amounts that wrapped as int32": ("purchases", wrap_int32, "amount is int32"),
    "a product that wrapped as int64": ("trade", wrap_int64, "amounts must be >= 0"),
    "a product too large": (
        "trade",
        lambda books: books.post("purchases", 0, 1, 1, multiply(3_000_000_000, 4_000_000_000)),
        "beyond 2**62",
    ),
    "an amount too large": (
        "lending",
        lambda books: books.post("lending", None, BANKS, 1, dense(2**61, 2**61)),
        "overflow",
    ),
    "NaN rounded to cents": (
        "purchases", lambda books: to_cents(PRICES * np.nan), "an amount of money at 0 is nan"
    ),
    "NaN cast to an integer": ("purchases", cast_nan, "amounts must be >= 0"),
    "a payment to a dead slot": (
        "benefits",
        lambda books: books.post("benefits", None, 0, -1, dense(80)),
        "0 -> -1 amount 80 (payees are households 0 to 3)",
    ),
    "a loan without its deposit": (
        "lending",
        both(poke("balance", (0, LOANS, 7), 100), poke("balance", (0, LOANS, 5), -100)),
        "firms hold -1000 of loans, unexplained by the flows",
    ),
    "a deposit out of nothing": ("benefits", poke("balance", (1, DEPOSITS, 3), 80), "deposits sum to 80"),
    "a deposit moved between two households": (
        "trade",
        both(poke("balance", (0, DEPOSITS, 1), -70), poke("balance", (0, DEPOSITS, 2), 70)),
        "replica 0: balances were written other than by a post",
    ),
    "a household that changed banks without its deposit": (
        "trade",
        poke("issuer", (0, 0, 1), -1),
        "off what its customers hold",
    ),
    "an old copy written back": ("benefits", write_back_an_old_copy, "unexplained by the flows"),
    "a total corrected by hand": ("taxes", poke("turnover", (0, 3), 1), "unexplained by the flows"),
    "a default booked as cash": (
        "default",
        lambda books: book_default(books, flow="repayment"),
        "firms 2 have only 0 of deposits",
    ),
    "a write-off larger than the loan": (
        "default",
        lambda books: book_default(books, amount=301),
        "firms 2 owe only 300 of loans",
    ),
    "a remainder lost in a split": (
        "dividends",
        lambda books: pay_dividends(books, np.floor(100 * SHARES / SHARES.sum()).astype(np.int64)),
        "amounts of replica 0 sum to 99 (control total 100)",
    ),
    "a wrong flow": (
        "dividends",
        lambda books: books.post("dividend", None, 0, HOUSEHOLDS, dense(1, 2, 3, 4)),
        "unknown flow 'dividend': did you mean 'dividends'?",
    ),
    "a replica's number for its index": (
        "trade",
        lambda books: books.post("purchases", [16, 17], [1, 2], [1, 1], np.array([120, 70])),
        "replicas are 0 to 1",
    ),
    "columns of unequal length": (
        "trade",
        lambda books: books.post("purchases", [0, 1], [1], [1, 1], np.array([120, 70])),
        "payer has shape (1,), amount (2,)",
    ),
    "a tax from an empty account": ("taxes", tax_the_empty, "households 3 have only 0 of deposits"),
    "money made by the government": (
        "benefits",
        lambda books: books.post("benefits", None, 0, HOUSEHOLDS, dense(500, 500, 500, 500)),
        "government 0 have only",
    ),
    "opening stocks in mid-month": (
        "benefits",
        lambda books: books.endow("deposits", "households", "banks", dense(0, 0, 0, 80)),
        "flows have been posted already",
    ),
}


def first_alarm(books, month):
    """The first event after which something complains, and the complaint; (None, "") for a sound month."""
    for event, act in month.items():
        try:
            act(books)
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            return event, str(error)
        problems = [*books.verify(), *books.check_settled()]
        if problems:
            return event, problems[0]
    return None, ""


def test_a_sound_month_raises_no_alarm(village):
    assert first_alarm(village(), MONTH) == (None, "")


@pytest.mark.parametrize("name", BUGS)
def test_a_seeded_bug_is_caught_at_the_guilty_event(village, name):
    guilty, bug, message = BUGS[name]
    event, alarm = first_alarm(village(), {**MONTH, guilty: bug})
    assert event == guilty
    assert message in alarm


def test_at_least_twenty_bugs_are_seeded():
    assert len(BUGS) >= 20
