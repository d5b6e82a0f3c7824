"""The ledger books whole batches by legs, refuses what cannot be, and says why."""

import numpy as np
import pytest

from markets import Flow, Ledger, Refused
from tests.markets.conftest import INSTRUMENTS, SECTORS


def rows(*values):
    return [np.array(column, np.int32) for column in values]


def test_a_payment_between_two_banks_moves_deposits_and_reserves(village):
    books = village()
    books.post("wages", *rows([1], [0], [1]), np.array([200]))
    assert books.read("deposits", "firms")[1].tolist() == [300, 500, 500]
    assert books.read("deposits", "households")[1].tolist() == [1000, 1200, 1000, 1000]
    assert books.read("deposits", "banks")[1].tolist() == [-2800, -2700]
    assert books.read("reserves", "banks")[1].tolist() == [1800, 2200]
    assert np.array_equal(books.balance[0], village().balance[0])


def test_a_payment_inside_one_bank_moves_no_reserves(village):
    books = village()
    books.post("wages", 0, 0, 2, 200)
    assert np.array_equal(books.read("reserves", "banks"), village().read("reserves", "banks"))
    assert np.array_equal(books.read("deposits", "banks"), village().read("deposits", "banks"))


def test_a_bank_that_pays_creates_deposits(village):
    books = village()
    before = books.read("deposits", "households").sum()
    books.post("dividends", 0, 0, 0, 50)
    assert books.read("deposits", "households").sum() == before + 50
    assert books.net_worth("banks")[0].tolist() == [
        300 + 300 + 800 + 2000 - 3000 - 50,
        300 + 800 + 2000 - 2500,
    ]


def test_a_government_that_pays_moves_treasury_to_reserves_to_deposits(village):
    books = village()
    books.post("benefits", 0, 0, 3, 70)
    assert books.read("treasury", "government")[0, 0] == 630
    assert books.read("treasury", "central_bank")[0, 0] == -630
    assert books.read("reserves", "banks")[0].tolist() == [2000, 2070]
    assert books.read("deposits", "households")[0, 3] == 1070


def test_lending_makes_a_loan_and_a_deposit_and_repaying_unmakes_both(village):
    books = village()
    books.post("lending", 0, 1, 2, 100)
    assert books.read("loans", "firms")[0, 2] == -400
    assert books.read("loans", "banks")[0].tolist() == [600, 400]
    assert books.read("deposits", "firms")[0, 2] == 600
    books.post("repayment", 0, 2, 1, 100)
    assert np.array_equal(books.balance, village().balance)


def test_a_default_cancels_the_loan_and_leaves_the_deposit(village):
    books = village()
    books.post("default", 0, 2, 0, 300)
    assert books.read("loans", "firms")[0, 2] == 0
    assert books.read("deposits", "firms")[0, 2] == 500
    assert books.net_worth("banks")[0, 0] == village().net_worth("banks")[0, 0] - 300


def test_bills_bring_money_to_the_treasury_and_open_market_purchases_bring_reserves(village):
    books = village()
    books.post("bills", 0, 0, 0, 100)
    assert books.read("bills", "government")[0, 0] == -1700
    assert books.read("treasury", "government")[0, 0] == 800
    assert books.read("reserves", "banks")[0, 0] == 1900
    books.post("open_market", 0, 0, 0, 900)
    assert books.read("bills", "central_bank")[0, 0] == 900
    assert books.read("reserves", "banks")[0, 0] == 2800


def test_dense_grids_equal_the_same_transfers_as_rows(village):
    dense, long = village(), village()
    payer = np.array([0, 1, 2, 3], np.int32)
    payee = np.array([[0, 1, 2, 0], [2, 1, 0, 2]], np.int32)
    amount = np.array([[5, 0, 7, 1], [2, 3, 0, 9]])
    dense.post("purchases", None, payer, payee, amount)
    long.post(
        "purchases",
        np.repeat(np.arange(2, dtype=np.int32), 4),
        np.tile(payer, 2),
        payee.ravel(),
        amount.ravel(),
    )
    assert all(np.array_equal(a, b) for a, b in zip(dense.columns().values(), long.columns().values()))


def test_slots_of_a_dense_grid_may_be_one_int_or_one_per_replica(village):
    books = village()
    books.post("benefits", None, 0, np.array([[1], [2]], np.int32), np.array([[10, 20], [30, 0]]))
    assert books.read("deposits", "households").tolist() == [
        [1000, 1030, 1000, 1000],
        [1000, 1000, 1030, 1000],
    ]


def test_transposed_and_read_only_arrays_are_fine(village):
    books = village()
    amount = np.array([[1, 2], [3, 4]]).T
    amount.flags.writeable = False
    books.post("purchases", None, np.array([0, 1], np.int32), 0, amount)
    assert books.read("deposits", "households")[:, :2].tolist() == [[999, 997], [998, 996]]


def test_several_flows_in_one_post_equal_a_post_of_each(village):
    merged, each = village(), village()
    replica, payer, payee = rows([0, 0, 0, 1, 1], [0, 1, 0, 2, 0], [1, 2, 0, 0, 3])
    amount = np.array([10, 20, 30, 40, 50])
    flows, offsets = ("purchases", "benefits"), np.array([0, 2, 3, 4, 5])
    merged.post(flows, replica, payer, payee, amount, offsets=offsets)
    for flow, places in (("purchases", [0, 1, 3]), ("benefits", [2, 4])):
        each.post(flow, replica[places], payer[places], payee[places], amount[places])
    assert all(np.array_equal(a, b) for a, b in zip(merged.columns().values(), each.columns().values()))


def test_a_refused_post_of_several_flows_names_the_guilty_one_and_books_nothing(village):
    books, before = village(), village()
    replica, payer, payee = rows([0, 0, 1, 1], [0, 0, 2, 0], [1, 0, 0, 3])
    with pytest.raises(
        Refused, match="benefits: transfer 0 of replica 1 refused: 0 -> 3 amount 701"
    ) as caught:
        books.post(
            ("purchases", "benefits"), replica, payer, payee, np.array([10, 700, 40, 701]),
            offsets=np.arange(5),
        )  # fmt: skip
    assert caught.value.replica == 1
    assert all(np.array_equal(a, b) for a, b in zip(books.columns().values(), before.columns().values()))


@pytest.mark.parametrize(
    "offsets", [None, [0, 2], [0, 1, 2], [0, 3, 2], np.array([0, 1, 3]), np.array([0, 2])]
)
def test_offsets_that_do_not_cut_the_rows_by_flow_are_refused(village, offsets):
    with pytest.raises(ValueError, match="ascending from 0 to 2, stretches a multiple of 2"):
        village().post(("purchases", "gifts"), 0, [0, 1], [1, 0], np.array([1, 2]), offsets=offsets)


def test_an_unknown_flow_among_several_is_named(village):
    with pytest.raises(KeyError, match="unknown flow 'gift': did you mean 'gifts'"):
        village().post(("purchases", "gift"), 0, [0], [1], np.array([1]), offsets=np.array([0, 1, 1]))


def test_a_zero_amount_is_skipped_unread(village):
    books = village()
    books.post("purchases", None, -1, 99, np.zeros((2, 3), np.int64))
    books.post("purchases", *rows([], [], []), np.zeros(0, np.int64))
    assert np.array_equal(books.balance, village().balance)


def test_a_payer_may_spend_what_an_earlier_row_brought(village):
    books = village()
    books.post("gifts", *rows([0, 0], [0, 1], [1, 2]), np.array([1000, 2000]))
    assert books.read("deposits", "households")[0].tolist() == [0, 0, 3000, 1000]
    with pytest.raises(Refused, match="households 0 have only 0 of deposits"):
        books.post("gifts", *rows([0, 0], [0, 1], [2, 0]), np.array([1, 1]))


@pytest.mark.parametrize(
    ("flow", "row", "amount", "message"),
    [
        (
            "purchases",
            (1, 2, 1),
            -5,
            "transfer 2 of replica 1 refused: 2 -> 1 amount -5 (amounts must be >= 0)",
        ),
        ("purchases", (2, 2, 1), 5, "transfer 2 of replica 2 refused: 2 -> 1 amount 5 (replicas are 0 to 1)"),
        (
            "purchases",
            (0, 4, 1),
            5,
            "transfer 2 of replica 0 refused: 4 -> 1 amount 5 (payers are households 0 to 3)",
        ),
        (
            "purchases",
            (0, 2, -1),
            5,
            "transfer 2 of replica 0 refused: 2 -> -1 amount 5 (payees are firms 0 to 2)",
        ),
        ("purchases", (0, 2, 1), 1001, "(households 2 have only 1000 of deposits before this post)"),
        (
            "purchases",
            (0, 2, 1),
            2**62,
            "(overflow: a flow turns over at most 288230376151711744, its part of 2**62, between two closes)",
        ),
        ("dividends", (0, 1, 0), 2001, "(banks 1 have only 2000 of reserves before this post)"),
        ("repayment", (0, 2, 1), 301, "(banks 1 have only 300 of loans before this post)"),
        ("default", (0, 2, 0), 301, "(firms 2 owe only 300 of loans before this post)"),
        ("redemption", (0, 0, 0), 701, "(government 0 have only 700 of treasury before this post)"),
    ],
)
def test_a_refused_post_says_why_and_leaves_the_books_untouched(village, flow, row, amount, message):
    books = village()
    replica, payer, payee = ([0, 0, at] for at in row)
    with pytest.raises(Refused) as refused:
        books.post(flow, *rows(replica, payer, payee), np.array([1, 2, amount]))
    assert str(refused.value).startswith(f"{flow}: transfer 2 of replica ")
    assert message in str(refused.value)
    assert all(np.array_equal(a, b) for a, b in zip(books.columns().values(), village().columns().values()))


def test_a_refused_dense_post_names_the_place_in_its_replica(village):
    books = village()
    amount = np.array([[1, 0, 3], [4, 5000, 6]])
    with pytest.raises(Refused, match="transfer 1 of replica 1 refused: 1 -> 0 amount 5000"):
        books.post("purchases", None, np.arange(3, dtype=np.int32), 0, amount)
    assert all(np.array_equal(a, b) for a, b in zip(books.columns().values(), village().columns().values()))


def test_arguments_of_the_wrong_type_or_shape_are_refused(village):
    books = village()
    one = np.zeros(1, np.int32)
    with pytest.raises(KeyError, match="unknown flow 'wage': did you mean 'wages'"):
        books.post("wage", one, one, one, np.ones(1, np.int64))
    with pytest.raises(TypeError, match="wages: amount is float64"):
        books.post("wages", one, one, one, np.ones(1))
    with pytest.raises(TypeError, match="wages: payer is int64"):
        books.post("wages", one, one.astype(np.int64), one, np.ones(1, np.int64))
    with pytest.raises(ValueError, match=r"wages: payee has shape \(1,\), amount \(2,\)"):
        books.post("wages", 0, 0, one, np.ones(2, np.int64))
    with pytest.raises(ValueError, match=r"wages: amount has shape \(3, 2\)"):
        books.post("wages", None, 0, 0, np.ones((3, 2), np.int64))
    with pytest.raises(TypeError, match="wages: replica is"):
        books.post("wages", None, 0, 0, np.ones(2, np.int64))


def test_a_control_total_catches_a_batch_that_lost_a_cent(village):
    books = village()
    books.post("dividends", None, 0, np.arange(3, dtype=np.int32), np.full((2, 3), 33), control=99)
    with pytest.raises(ValueError, match=r"amounts of replica 1 sum to 99 \(control total 100\)"):
        books.post(
            "dividends",
            None,
            0,
            np.arange(3, dtype=np.int32),
            np.full((2, 3), 33),
            control=np.array([99, 100]),
        )


def test_amounts_may_be_a_view_of_the_books_themselves(village):
    books = village(replicas=1)
    everybody = np.arange(4, dtype=np.int32)
    books.post("gifts", None, everybody, 3 - everybody, books.read("deposits", "households"))
    assert np.array_equal(books.balance, village(replicas=1).balance)
    with pytest.raises(Refused, match="3 -> 9"):
        books.post(
            "purchases",
            None,
            everybody,
            np.array([0, 1, 2, 9], np.int32),
            books.read("deposits", "households"),
        )
    assert np.array_equal(books.balance, village(replicas=1).balance)
    books.post("purchases", None, everybody, 0, books.read("deposits", "households"))
    assert not books.read("deposits", "households").any()


def test_views_are_read_only(village):
    books = village()
    for view in (books.read("deposits", "firms"), books.balance, books.incidence):
        with pytest.raises(ValueError, match="read-only"):
            view[0] = 1


def test_overdrafts_last_until_settlement(village):
    books = village(overdraft=("banks", "government"))
    books.post("benefits", 1, 0, 0, 900)
    books.post("dividends", 0, 1, 0, 2500)
    assert books.verify() == []
    assert books.check_settled() == [
        "replica 0: banks 1 hold -500 of reserves at settlement (must be >= 0)",
        "replica 1: government 0 hold -200 of treasury at settlement (must be >= 0)",
        "replica 1: central_bank 0 hold 200 of treasury at settlement (must be <= 0)",
    ]
    books.post("advances", 0, 0, 1, 500)
    books.post("remittance", 1, 0, 0, 200)
    assert books.check_settled() == []
    with pytest.raises(Refused, match="of deposits"):
        books.post("purchases", 0, 3, 0, 1001)


def test_homes_are_given_or_slot_modulo_banks(village):
    assert village().home("households").tolist() == [[0, 1, 0, 1]] * 2
    sectors, flows = SECTORS | {"households": 2, "banks": 3}, {"gifts": Flow("households", "households")}
    books = Ledger(2, sectors, INSTRUMENTS, flows, home={"households": [[2, 2], [0, 1]]})
    assert books.home("households").tolist() == [[2, 2], [0, 1]]
    with pytest.raises(ValueError, match=r"home: households at banks 0 to 3 \(valid: 0 to 2\)"):
        Ledger(1, sectors, INSTRUMENTS, flows, home={"households": [0, 3]})
    with pytest.raises(ValueError, match="home: unknown sector 'household'"):
        Ledger(1, sectors, INSTRUMENTS, flows, home={"household": [0, 0]})


def test_columns_written_back_restore_the_books(village):
    books, restored = village(), village()
    books.post("lending", 0, 1, 2, 100)
    books.close()
    books.post("wages", 1, 0, 1, 200)
    for name, column in restored.columns().items():
        assert column.shape[0] == 2
        column[:] = books.columns()[name]
    assert restored.verify() == []
    assert restored.flows(1)["wages", "households"] == 200
    assert restored.flows(0)["lending", "firms"] == 0


@pytest.mark.parametrize(
    ("flow", "message"),
    [
        (Flow("firms", "household"), "flow 'x': unknown sector 'household': did you mean 'households'?"),
        (
            Flow("banks", "firms", claim="loan"),
            "flow 'x': unknown kind of instrument 'loan': did you mean 'loans'?",
        ),
        (Flow("banks", "firms", claim="loans", cash=False), "without cash a debt of the payer is cancelled"),
        (Flow("households", "firms", cash=False), "without cash a debt of the payer is cancelled"),
    ],
)
def test_a_flow_that_cannot_be_is_refused_with_the_table(flow, message):
    with pytest.raises(ValueError) as refused:
        Ledger(1, SECTORS, INSTRUMENTS, {"x": flow})
    assert message in str(refused.value)


def test_opening_stocks_come_first_and_from_those_who_can_owe_them(village):
    books = village()
    with pytest.raises(ValueError, match="endow loans: firms cannot owe them to households"):
        books.endow("loans", "households", "firms", np.ones(1, np.int64))
    with pytest.raises(ValueError, match="endow bills: banks cannot owe them to firms"):
        books.endow("bills", "firms", "banks", np.ones(1, np.int64))
    books.post("gifts", 0, 0, 1, 1)
    with pytest.raises(ValueError, match="flows have been posted already"):
        books.endow("deposits", "households", "banks", np.full(4, 1))


def test_opening_deposits_are_owed_by_the_home_bank(village):
    books = village()
    assert books.read("deposits", "banks").tolist() == [[-3000, -2500]] * 2
    assert books.verify() == []
    assert books.residual() == 0
    assert books.balance[0, books.chart.number("deposits")].sum() == 0
