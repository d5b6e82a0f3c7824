"""A planner who maximises sum_i a_i u_i at the weights a_i = p.e_i, by the mirror step: exact in one.

The Walrasian allocation is the one that maximises the sum of utilities weighted by what each agent's
endowment is worth (Eisenberg and Gale 1959, Annals of Mathematical Statistics 30, 165-168, at those budgets).
The mirror step for entropy on every good, x_ig <- E_g x_ig f'_ig / sum_j x_jg f'_jg (Birnbaum, Devanur and
Xiao 2011, EC), gets there at once, as x_ig f'_ig = a_i w_ig does not depend on x.
"""

import numpy as np
from numpy.typing import NDArray

from markets.barter.clearing import Clearing, Terms, certified
from markets.barter.parties import gather
from markets.barter.walras import equilibrium_price, hand_out
from streams.jit import jit


def mirror(
    endowment: NDArray, preference: NDArray, present: NDArray | None = None, terms: Terms | None = None
) -> Clearing:
    """The planner's `Clearing` after one mirror step from equal shares; `terms` play no part.

    Raises ValueError as `walras` does, whose prices give the weights.
    """
    parties = gather(endowment, preference, present)
    price = equilibrium_price(parties)
    _, weight = hand_out(*parties, price)
    allocation = equal_shares(*parties)
    mirror_step(allocation, *parties[1:], weight)
    return certified(parties, allocation, price, weight, np.ones(len(price), np.int64))


@jit
def equal_shares(endowment, preference, scale, supply):
    """The same share (replica, agent, good) of all there is for everyone who takes part."""
    allocation = endowment.copy()
    for r in range(len(scale)):
        taking = (scale[r] > 0.0).sum()
        for i in range(scale.shape[1]):
            if scale[r, i] > 0.0:
                allocation[r, i] = supply[r] / taking
    return allocation


@jit
def mirror_step(allocation, preference, scale, supply, weight):
    """Multiply `allocation` by the slopes of the weighted utilities, and each good to its supply."""
    replicas, agents, goods = allocation.shape
    for r in range(replicas):
        total = np.zeros(goods)
        for i in range(agents):
            if scale[r, i] > 0.0:
                for g in range(goods):
                    if supply[r, g] > 0.0:
                        slope = weight[r, i] * (preference[r, i, g] * scale[r, i]) / allocation[r, i, g]
                        allocation[r, i, g] *= slope
                        total[g] += allocation[r, i, g]
        for i in range(agents):
            if scale[r, i] > 0.0:
                for g in range(goods):
                    if supply[r, g] > 0.0:
                        allocation[r, i, g] *= supply[r, g] / total[g]
