"""Whatever is posted, the books conserve; what is refused leaves no trace."""

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from markets import Refused

PAYMENTS = ("wages", "purchases", "gifts", "taxes", "benefits", "interest", "dividends", "remittance")
CLAIMS = ("lending", "repayment", "default", "bills", "redemption", "open_market", "advances")

transfer = st.tuples(st.integers(0, 1), st.integers(0, 9), st.integers(0, 9), st.integers(0, 900))


def posts(flows):
    return st.lists(st.tuples(st.sampled_from(flows), st.lists(transfer, max_size=4)), max_size=12)


examples = settings(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def columns(books, flow, transfers, beyond=0):
    """Arguments of a post; slots modulo the sectors' sizes, plus `beyond` so that some are refused."""
    replica, payer, payee, amount = np.array(transfers, np.int64).reshape(-1, 4).T
    payer %= books.chart.size[books.flow_table[flow].payer] + beyond
    payee %= books.chart.size[books.flow_table[flow].payee] + beyond
    return replica.astype(np.int32), payer.astype(np.int32), payee.astype(np.int32), amount - beyond


@examples
@given(posts(PAYMENTS + CLAIMS), st.sampled_from([0, 0, 1]))
def test_any_sequence_of_posts_conserves_and_a_refused_one_changes_nothing(village, sequence, beyond):
    books = village()
    for flow, transfers in sequence:
        before = {name: column.copy() for name, column in books.columns().items()}
        try:
            books.post(flow, *columns(books, flow, transfers, beyond))
        except Refused:
            assert all(np.array_equal(before[name], column) for name, column in books.columns().items())
        assert books.verify() == []
        assert books.residual() == 0
        for replica in range(2):
            assert not books.matrix(replica).values[:, -1].any()
            assert not books.flows(replica).values[:, -1].any()


@examples
@given(posts(PAYMENTS), st.data())
def test_when_no_floor_binds_the_order_of_rows_does_not_matter(village, sequence, data):
    books, shuffled = (village(overdraft=("households", "firms", "banks", "government")) for _ in range(2))
    for flow, transfers in sequence:
        books.post(flow, *columns(books, flow, transfers))
        shuffled.post(flow, *columns(books, flow, data.draw(st.permutations(transfers))))
    assert all(np.array_equal(a, b) for a, b in zip(books.columns().values(), shuffled.columns().values()))


@examples
@given(posts(PAYMENTS + CLAIMS))
def test_a_replica_alone_equals_the_same_replica_in_company(village, sequence):
    together, alone = village(replicas=2), village(replicas=1)
    for flow, transfers in sequence:
        _, *rest = columns(alone, flow, transfers)
        outcomes = []
        for books, replica in ((together, 1), (alone, 0)):
            try:
                books.post(flow, replica, *rest)
                outcomes.append("booked")
            except Refused as refused:
                outcomes.append(str(refused).split("refused")[1])
        assert outcomes[0] == outcomes[1]
    for name, column in alone.columns().items():
        assert np.array_equal(column[0], together.columns()[name][1])
