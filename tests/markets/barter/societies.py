"""Small societies to trade in: drawn at random, by hypothesis, or by hand."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays


def drawn(seed, replicas=2, agents=4, goods=3):
    """Endowments and preferences (replica, agent, good), all positive."""
    draws = np.random.default_rng(seed)
    endowment = draws.uniform(0.1, 2.0, (replicas, agents, goods))
    return endowment, draws.dirichlet(np.ones(goods), (replicas, agents))


def edgeworth(a, b):
    """Two agents with one unit of one good each, who spend shares `a` and `b` on the first good."""
    return np.eye(2)[None], np.array([[[a, 1.0 - a], [b, 1.0 - b]]])


@st.composite
def societies(draw, replicas=2):
    """Endowments with zeros, possibly of whole goods and agents; all tastes positive; and who is present."""
    shape = (replicas, draw(st.integers(1, 5)), draw(st.integers(1, 4)))
    amount = st.one_of(st.just(0.0), st.floats(1e-3, 1e3))
    endowment = draw(arrays(np.float64, shape, elements=amount))
    weight = draw(arrays(np.float64, shape, elements=st.floats(1e-2, 1.0)))
    present = draw(arrays(np.bool_, shape[:2]))
    return endowment, weight / weight.sum(axis=2, keepdims=True), present


def same_bits(one, other):
    """Assert that two clearings are equal to the last bit."""
    for name, a, b in zip(one._fields, one, other):
        if name == "flows" and a is not None:
            same_bits(a, b)
        elif name == "flows":
            assert b is None
        else:
            same_numbers(a, b, name)


def same_numbers(a, b, name):
    """Assert that two arrays are equal, signs of zeros among it."""
    np.testing.assert_array_equal(a, b, err_msg=name)
    np.testing.assert_array_equal(np.signbit(a), np.signbit(b), err_msg=name)


def alone(clearing, r):
    """Replica `r` of a clearing, as a clearing."""
    flows = clearing.flows
    if flows is not None:
        mine = flows.replica == r
        flows = type(flows)(*(column[mine] for column in flows))
        flows = flows._replace(replica=np.zeros_like(flows.replica))
    return type(clearing)(*(column[r : r + 1] for column in clearing[:-1]), flows)


def next_in_ring(endowment):
    """Partners (replica, agent): everyone calls on the next slot."""
    replicas, agents = endowment.shape[:2]
    return np.tile((np.arange(agents) + 1) % max(agents, 1), (replicas, 1))
