"""Barter in pairs, along the edges of a network: one bilateral Walrasian exchange after another.

Two agents with Cobb-Douglas tastes meet with what they hold just then. Agent 1 ends up with the share t of
what both are worth: with f_g its share of their good g, t = sum_g f_g (w_1g t + w_2g (1 - t)), so

    t = b / (b + d),    b = sum_g f_g w_2g,    d = sum_g (1 - f_g) w_1g,

what 2 spends on 1's goods and 1 on 2's. The price of g is (w_1g t + w_2g (1 - t)) / E_g. Both gain; if one
likes nothing of the other's, they part. Source: the two-person case of `markets.barter.walras`; Feldman
(1973), Review of Economic Studies 40, 463-473, for where such trades lead.
"""

import numpy as np
from numpy.typing import NDArray

from markets.barter.clearing import Clearing, Flows, Terms, certified
from markets.barter.parties import gather
from markets.barter.walras import efficiency_weights
from streams.jit import jit

FLOW = np.dtype([
    ("replica", np.int32), ("giver", np.int32), ("receiver", np.int32), ("good", np.int32),
    ("amount", np.float64), ("price", np.float64),
])  # fmt: skip
STILL = 1e-13  # of what a pair is worth: a smaller exchange is rounding and does not take place


def pairwise(
    endowment: NDArray, preference: NDArray, present: NDArray | None = None, terms: Terms | None = None
) -> Clearing:
    """The `Clearing` after `terms.rounds` of exchanges along `terms.partners` or `terms.edges`.

    All first calls come first, in the order of slots, then all second calls; edges are taken in their order.
    It stops after a round without an exchange. `price` is the mean of the exchanges' prices by turnover,
    nan where none took place, `flows` are theirs, in order; `converged` says whether nobody, partners or
    not, could gain any more. Raises ValueError without partners and for partners who do not exist.
    """
    parties = gather(endowment, preference, present)
    terms = terms or Terms()
    edges = calls(terms, parties.scale.shape)
    allocation = parties.endowment.copy()
    price, iterations, rows = trade(allocation, *parties[1:], edges, terms.rounds)
    weight = efficiency_weights(parties, allocation)
    found = certified(parties, allocation, price, weight, iterations, priced=False)
    return found._replace(flows=Flows(*(np.ascontiguousarray(rows[name]) for name in Flows._fields)))


def calls(terms: Terms, shape: tuple[int, ...]) -> NDArray[np.int64]:
    """Who calls on whom, (replica, call, 2) in order, of `shape` (replica, agent); see
    `pairwise`."""
    if (terms.partners is None) == (terms.edges is None):
        raise ValueError("pairwise barter needs partners (replica, agent, K) or edges (replica, edge, 2)")
    if terms.edges is not None:
        edges = np.ascontiguousarray(terms.edges, np.int64)
        fits = edges.ndim == 3 and (len(edges), edges.shape[2]) == (shape[0], 2)
    else:
        partners = np.asarray(terms.partners, np.int64)
        fits = partners.ndim in (2, 3) and partners.shape[:2] == shape
        if fits:
            called = np.swapaxes(partners if partners.ndim == 3 else partners[..., None], 1, 2)
            edges = np.stack([np.broadcast_to(np.arange(shape[1]), called.shape), called], axis=3)
            edges = edges.reshape(shape[0], called[:1].size if shape[0] else 0, 2)
    if not fits:
        name = "partners" if terms.edges is None else "edges"
        valid = f"{shape}, with K or without" if terms.edges is None else f"({shape[0]}, edge, 2)"
        raise ValueError(f"{name} have shape {np.shape(getattr(terms, name))} (valid: {valid})")
    for place in np.argwhere((edges < -1) | (edges >= shape[1]))[:1]:
        wrong, valid = edges[tuple(place)], f"0 to {shape[1] - 1}, -1 for nobody"
        raise ValueError(f"replica {place[0]}: there is no agent {wrong} to meet (valid: {valid})")
    return edges


@jit
def trade(allocation, preference, scale, supply, edges, rounds):
    """Carry out the exchanges in `allocation`; return mean prices (replica, good), rounds (replica,) and
    what changed hands, in order, as rows of `FLOW`."""
    replicas, _, goods = allocation.shape
    price, done = np.full((replicas, goods), np.nan), np.zeros(replicas, np.int64)
    rows, n, held = np.empty(edges.shape[0] * edges.shape[1] * goods, FLOW), 0, np.empty(goods)
    paid, quoted, turned = np.empty(goods), np.empty(goods), np.empty(goods)
    for r in range(replicas):
        quoted[:], turned[:] = 0.0, 0.0
        moved = True
        while moved and done[r] < rounds:
            moved = False
            done[r] += 1
            for k in range(edges.shape[1]):
                i, j = edges[r, k]
                if i < 0 or j < 0 or i == j or scale[r, i] == 0.0 or scale[r, j] == 0.0:
                    continue
                held[:] = allocation[r, i]
                turnover = exchange(r, i, j, allocation, preference, paid)
                if turnover > 0.0:
                    moved = True
                    for g in range(goods):
                        if paid[g] > 0.0:
                            quoted[g] += turnover * paid[g]
                            turned[g] += turnover
                            got = allocation[r, i, g] - held[g]
                            if got == 0.0:
                                continue
                            if n == len(rows):
                                longer = np.empty(2 * n, FLOW)
                                longer[:n] = rows
                                rows = longer
                            rows[n].replica, rows[n].good = r, g
                            rows[n].giver, rows[n].receiver = (j, i) if got > 0.0 else (i, j)
                            rows[n].amount, rows[n].price = abs(got), paid[g]
                            n += 1
        total = 0.0
        for g in range(goods):
            if turned[g] > 0.0:
                price[r, g] = quoted[g] / turned[g]
                total += price[r, g]
        price[r] /= total
    return price, done, rows[:n]


@jit
def exchange(r, i, j, allocation, preference, paid):
    """Let `i` and `j` trade in `allocation`, write prices (good,) to `paid`; return the turnover."""
    goods = len(paid)
    own, other, first, second = 0.0, 0.0, 0.0, 0.0
    for g in range(goods):
        both = allocation[r, i, g] + allocation[r, j, g]
        if both > 0.0:
            own += preference[r, i, g]
            other += preference[r, j, g]
            first += preference[r, j, g] * (allocation[r, i, g] / both)
            second += preference[r, i, g] * (allocation[r, j, g] / both)
    if first == 0.0 or second == 0.0:
        return 0.0
    first, second = first / other, second / own  # b and d
    spends_i, spends_j = first / (first + second) / own, second / (first + second) / other
    turnover, total = 0.0, 0.0
    for g in range(goods):
        paid[g] = 0.0
        both = allocation[r, i, g] + allocation[r, j, g]
        if both > 0.0:
            spent = preference[r, i, g] * spends_i + preference[r, j, g] * spends_j
            paid[g] = spent / both
            total += paid[g]
            turnover += 0.5 * abs(preference[r, i, g] * spends_i - paid[g] * allocation[r, i, g])
    if turnover <= STILL:
        return 0.0
    for g in range(goods):
        if paid[g] > 0.0:
            allocation[r, i, g] = preference[r, i, g] * spends_i / paid[g]
            allocation[r, j, g] = preference[r, j, g] * spends_j / paid[g]
            paid[g] /= total
    return turnover
