"""A planner who maximises sum_i a_i u_i at the weights a_i = p.e_i, by projected gradient ascent: slow.

What `mirror` does in one step takes thousands in Euclidean geometry. Shares y_i = x_ig / E_g of every good
climb sum_i a_i w_ig log y_i by y <- P(y + rate * slope), with P the projection onto {y >= 0, sum y = 1}. The
rate is halved whenever a step overshoots: when the slope at its end points back to where it started. Source
of the projection: Duchi, Shalev-Shwartz, Singer and Chandra (2008), ICML, figure 1.
"""

import numpy as np
from numpy.typing import NDArray

from markets.barter.clearing import GAP, Clearing, Terms, certified
from markets.barter.mirror import equal_shares
from markets.barter.parties import gather
from markets.barter.walras import equilibrium_price, hand_out
from streams.jit import jit


def projected(
    endowment: NDArray, preference: NDArray, present: NDArray | None = None, terms: Terms | None = None
) -> Clearing:
    """The planner's `Clearing` after `terms.iterations` steps at most, from equal shares.

    The first rate is `terms.rate`, for shares of a good and weights that sum to 1. Raises ValueError as
    `walras` does, whose prices give the weights.
    """
    parties = gather(endowment, preference, present)
    terms = terms or Terms()
    price = equilibrium_price(parties)
    _, weight = hand_out(*parties, price)
    allocation = equal_shares(*parties)
    iterations = ascend(allocation, *parties[1:], weight, terms.rate, terms.iterations, 0.5 * GAP)
    return certified(parties, allocation, price, weight, iterations)


@jit
def ascend(allocation, preference, scale, supply, weight, rate, most, tolerance):
    """Move `allocation` uphill until every good's gap is within `tolerance`; return the steps."""
    replicas = len(scale)
    iterations = np.zeros(replicas, np.int64)
    for r in range(replicas):
        taking = np.flatnonzero(scale[r])
        for g in np.flatnonzero(supply[r]):
            wish = np.empty(len(taking))
            for k in range(len(taking)):
                wish[k] = weight[r, taking[k]] * preference[r, taking[k], g] * scale[r, taking[k]]
            share, steps = climb(wish / wish.sum(), rate, most, tolerance)
            iterations[r] = max(iterations[r], steps)
            for k in range(len(taking)):
                allocation[r, taking[k], g] = share[k] * supply[r, g]
    return iterations


@jit
def climb(wish, rate, most, tolerance):
    """The shares (agent,) that maximise sum `wish` log share, as found, and the steps it took."""
    share = np.full(len(wish), 1.0 / len(wish))
    slope = wish / share
    steps = 0
    while slope.max() - 1.0 > tolerance and steps < most:
        steps += 1
        ahead = project(share + rate * slope)
        forward = 0.0
        beyond = np.zeros(len(wish))
        for k in range(len(wish)):
            if wish[k] > 0.0:
                beyond[k] = wish[k] / ahead[k]
            if ahead[k] != share[k]:
                forward += (beyond[k] - 1.0) * (
                    ahead[k] - share[k]
                )  # shares sum to 1, whatever their last bits
        if forward >= 0.0:
            share, slope = ahead, beyond
        else:
            rate *= 0.5
    return share, steps


@jit
def project(point):
    """The point of the unit simplex that is nearest to `point` (agent,)."""
    ordered = np.sort(point)[::-1]
    total, excess = 0.0, 0.0
    for k in range(len(ordered)):
        total += ordered[k]
        if ordered[k] - (total - 1.0) / (k + 1) <= 0.0:
            break
        excess = (total - 1.0) / (k + 1)
    return np.maximum(point - excess, 0.0)
