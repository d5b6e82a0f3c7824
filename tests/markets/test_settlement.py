"""A toy exchange: three currencies, a hundred shares, and every trade is money against units or nothing."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from markets import Flow, Instrument, Ledger, Refused
from markets.posting import BOOKED, CLEARING, HOLDING, settle_all, settle_one
from streams.jit import jit

SECTORS = {"traders": 5, "house": 1, "companies": 100, "mint": 1}
INSTRUMENTS = (
    *(
        Instrument(name, "mint", unit=unit, money_of=("traders", "house", "companies"), kind="cash")
        for name, unit in (("euro", "eurocent"), ("dollar", "cent"), ("franc", "rappen"))
    ),
    *(Instrument(f"share {n}", "companies", unit="share", kind="shares") for n in range(100)),
)
FLOWS = {
    "trades": Flow("traders", "traders", claim="shares", currency="cash"),
    "exchanges": Flow("traders", "traders", claim="cash", currency="cash"),
    "fees": Flow("traders", "house", currency="cash"),
    "dividends": Flow("companies", "traders", currency="cash"),
}
EURO, DOLLAR, FRANC = range(3)
examples = settings(
    max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def exchange():
    """Books in which every trader owns 1,000 of each currency and 50 of shares 0 and 99."""

    def make(replicas=2):
        books = Ledger(replicas, SECTORS, INSTRUMENTS, FLOWS)
        for currency in ("euro", "dollar", "franc"):
            books.endow(currency, "traders", "mint", np.full(5, 1000))
        for share in (0, 99):
            books.endow(f"share {share}", "traders", "companies", np.full(5, 50), issuer=share)
        return books

    return make


def same(books, others):
    return all(np.array_equal(a, b) for a, b in zip(books.columns().values(), others.columns().values()))


def test_a_trade_of_any_share_is_one_flow_that_moves_money_one_way_and_units_the_other(exchange):
    books = exchange()
    amount, units = np.array([300, 120]), np.array([3, 4])
    books.post(
        "trades",
        [0, 1],
        [0, 1],
        [1, 2],
        amount,
        units=units,
        instrument=np.array([99, 0], np.int32),
        currency=FRANC,
    )
    assert books.read("franc", "traders").tolist() == [
        [700, 1300, 1000, 1000, 1000],
        [1000, 880, 1120, 1000, 1000],
    ]
    assert books.read("share 99", "traders").tolist() == [[53, 47, 50, 50, 50], [50] * 5]
    assert books.read("share 0", "traders").tolist() == [[50] * 5, [50, 54, 46, 50, 50]]
    assert np.array_equal(books.read("euro", "traders"), exchange().read("euro", "traders"))
    assert books.verify() == []


def test_a_currency_can_be_bought_with_another(exchange):
    books = exchange()
    books.post("exchanges", 0, 0, 1, 110, units=100, instrument=EURO, currency=DOLLAR)
    assert books.read("dollar", "traders")[0, :2].tolist() == [890, 1110]
    assert books.read("euro", "traders")[0, :2].tolist() == [1100, 900]
    assert books.residual() == 0
    assert books.verify() == []


@pytest.mark.parametrize(
    ("amount", "units", "instrument", "currency", "message"),
    [
        (1001, 1, 0, EURO, "0 -> 1 amount 1001 units 1 (traders 0 have only 1000 of euro before this post)"),
        (10, 51, 99, EURO, "(traders 1 have only 50 of share 99 before this post)"),
        (10, 1, 1, EURO, "(traders 1 have only 0 of share 1 before this post)"),
        (10, 1, 100, EURO, "(instruments are 0 to 99, currencies 0 to 2: not 100, 0)"),
        (10, 1, 0, -1, "(instruments are 0 to 99, currencies 0 to 2: not 0, -1)"),
        (10, -1, 0, EURO, "(amounts must be >= 0)"),
        (10, 2**62, 0, EURO, "(overflow: a flow turns over at most"),
    ],
)
def test_money_and_units_are_booked_both_or_neither(exchange, amount, units, instrument, currency, message):
    books = exchange()
    with pytest.raises(Refused) as refused:
        books.post(
            "trades", 0, [2, 0], [3, 1], np.array([5, amount]), units=np.array([1, units]),
            instrument=np.array([0, instrument], np.int32), currency=np.array([EURO, currency], np.int32),
        )  # fmt: skip
    assert "trades: transfer 1 of replica 0 refused: " in str(refused.value)
    assert message in str(refused.value)
    assert same(books, exchange())


def test_units_that_are_missing_or_of_another_type_or_shape_are_refused(exchange):
    books, one = exchange(), np.ones(2, np.int64)
    with pytest.raises(ValueError, match="trades: units are missing"):
        books.post("trades", 0, [0, 1], [1, 2], one)
    with pytest.raises(TypeError, match="trades: units is float64"):
        books.post("trades", 0, [0, 1], [1, 2], one, units=np.ones(2))
    with pytest.raises(TypeError, match="trades: instrument is int64"):
        books.post("trades", 0, [0, 1], [1, 2], one, units=one, instrument=one)
    with pytest.raises(ValueError, match=r"trades: units has shape \(3,\), amount \(2,\)"):
        books.post("trades", 0, [0, 1], [1, 2], one, units=np.ones(3, np.int64))


def test_a_dense_post_may_choose_the_currency(exchange):
    books = exchange()
    amount = np.array([[10, 20, 0], [1, 2, 3]])
    books.post("fees", None, np.arange(3, dtype=np.int32), 0, amount, currency=np.array([0, 1, 2], np.int32))
    assert [books.read(name, "house")[:, 0].tolist() for name in ("euro", "dollar", "franc")] == [
        [10, 1], [20, 2], [0, 3],
    ]  # fmt: skip


def test_totals_are_kept_for_every_currency_and_every_share(exchange):
    books = exchange(replicas=1)
    assert len(books.counters) == (3 + 100) + (3 + 3) + 3 + 3
    books.post("trades", 0, 0, 1, 300, units=3, instrument=99, currency=DOLLAR)
    books.post("fees", 0, 0, 0, 7, currency=FRANC)
    turned_over = dict(zip(books.counters, books.period()[0].tolist()))
    assert {name: total for name, total in turned_over.items() if total} == {
        "trades dollar": 300, "trades share 99": 3, "fees franc": 7,
    }  # fmt: skip
    flows, changes = books.flows(0), books.changes(0)
    assert flows["change of money franc", "house"] == 7
    assert flows["change of money dollar", "traders"] == 0
    assert changes["net worth franc", "traders"] == -7
    assert changes["share 99", "traders"] == 0
    assert not changes.values[:, -1].any()


def test_balance_sheets_value_what_is_counted_in_a_currency_s_unit(exchange):
    books = exchange(replicas=1)
    sheet = books.matrix(0)
    assert sheet["net worth euro", "traders"] == 5000
    assert sheet.terms().rows == tuple(books.chart.names)
    assert sheet["share 99", "companies"] == -250
    assert books.net_worth("traders", "franc").tolist() == [[1000] * 5]
    with pytest.raises(ValueError, match=r"currency is None \(valid: euro, dollar, franc\)"):
        books.net_worth("traders")


@jit
def settle(books, routes, replica, payer, payee, amount, units, instrument, currency):
    return settle_one(books, routes[0], replica, payer, payee, amount, units, instrument, currency)


@jit
def settle_in_a_loop(books, routes, buyers, sellers, amounts, units, share, verdicts):
    trades, fees = routes[0], routes[1]
    for n in range(len(buyers)):
        pays = (trades, buyers[n], sellers[n], amounts[n], units[n], share, np.int64(1))
        costs = (fees, buyers[n], np.int64(0), np.int64(1), np.int64(1), np.int64(0), np.int64(1))
        verdicts[n], _, _ = settle_all(books, 0, (pays, costs))


def test_compiled_code_settles_several_transfers_all_or_none(exchange):
    compiled, posted = exchange(replicas=1), exchange(replicas=1)
    buyers, sellers = np.array([0, 1, 2, 0]), np.array([1, 2, 3, 2])
    amounts, units, verdicts = np.array([600, 1601, 40, 399]), np.array([6, 1, 51, 1]), np.zeros(4, np.int64)
    routes = compiled.compiled("trades", "fees")
    settle_in_a_loop(*routes, buyers, sellers, amounts, units, np.int64(99), verdicts)
    assert verdicts.tolist() == [BOOKED, CLEARING, HOLDING, CLEARING]  # the last: 399 are paid, but no fee
    posted.post("trades", 0, 0, 1, 600, units=6, instrument=99, currency=DOLLAR)
    posted.post("fees", 0, 0, 0, 1, currency=DOLLAR)
    assert same(compiled, posted)
    assert compiled.verify() == []


trade = st.tuples(
    st.sampled_from(["trades", "exchanges"]),
    st.integers(0, 1), st.integers(0, 4), st.integers(0, 5),
    st.integers(-1, 700), st.integers(-1, 40), st.sampled_from([0, 1, 2, 99, 100]), st.integers(0, 3),
)  # fmt: skip


@examples
@given(st.lists(trade, max_size=12))
def test_whatever_is_traded_every_instrument_is_conserved_and_what_is_refused_leaves_no_trace(
    exchange, sequence
):
    books = exchange()
    everything = books.balance.sum(axis=2)
    for flow, replica, payer, payee, amount, units, instrument, currency in sequence:
        before = {name: column.copy() for name, column in books.columns().items()}
        row = np.array([amount])
        try:
            books.post(
                flow, replica, payer, payee, row, units=units, instrument=instrument, currency=currency
            )
        except Refused:
            assert all(np.array_equal(before[name], column) for name, column in books.columns().items())
        assert books.verify() == []
        assert not everything.any()
        assert np.array_equal(books.balance.sum(axis=2), everything)
        assert books.read("euro", "traders").sum(axis=1).tolist() == [5000, 5000]
        assert books.read("share 99", "traders").sum(axis=1).tolist() == [250, 250]


@examples
@given(st.lists(trade, max_size=12))
def test_transfers_settled_one_by_one_equal_a_post_of_each(exchange, sequence):
    posted, compiled = exchange(), exchange()
    routes = {flow: compiled.compiled(flow) for flow in FLOWS}
    for flow, *numbers in sequence:
        replica, payer, payee, amount, units, instrument, currency = map(int, numbers)
        verdict, _ = settle(*routes[flow], replica, payer, payee, amount, units, instrument, currency)
        try:
            posted.post(
                flow, replica, payer, payee, np.array([amount]), units=units, instrument=instrument,
                currency=currency,
            )  # fmt: skip
        except Refused:
            assert verdict != BOOKED
        else:
            assert verdict == BOOKED
    assert same(posted, compiled)
