"""Nash bargaining among all agents at once: max sum_i log(u_i(x_i) - u_i(e_i)) under conservation, x >= 0.

Whoever walks away leaves everyone with its endowment, so utility must be finite there: u is sum w log(c + x)
with a floor c > 0. Small beside what is held, it is Cobb-Douglas with a little left over for who holds none.
With a_i = 1 / (u_i(x_i) - u_i(e_i)) the solution maximises sum a_i u_i: it is Pareto-efficient, and the
slopes a_i du_i/dx_ig of those who hold a good are equal and are its price, at which bundles need not be worth
endowments. Sources: Nash (1950), Econometrica 18, 155-162; for the steps `markets.barter.interior`.
"""

import numpy as np
from numpy.typing import NDArray

from markets.barter.clearing import LOSS, Clearing, Terms, certified, gain
from markets.barter.corners import equilibrium
from markets.barter.interior import climb_inside
from markets.barter.parties import Parties, gather
from streams.jit import jit

STAKE = 1e-6  # of utility, the least that an agent has to gain: below it the steps are ill-conditioned


def nash(
    endowment: NDArray, preference: NDArray, present: NDArray | None = None, terms: Terms | None = None
) -> Clearing:
    """Return the Nash bargain `Clearing` at ``terms.floor`` > 0, after ``terms.iterations`` steps at most.

    Where nobody can gain, or `corners` finds no start, everyone keeps its endowment at the prices of
    `corners`; an agent whom no agreement of the others makes better off stays out. Where the steps end at a
    loss of somebody's, all have what they started from, which is no loss of anybody's, and the certificate
    says that it is no bargain. Raises ValueError for a floor of 0 and as `corners` does.
    """
    parties = gather(endowment, preference, present)
    terms = terms or Terms()
    floor = terms.floors(parties.supply.shape[1])
    if not (floor > 0.0).all():
        raise ValueError(f"floor is {terms.floor} (valid for nash: finite numbers > 0)")
    price, _, allocation, level = equilibrium(parties, floor, terms.iterations)
    scale, idle = share_out(*parties, allocation, floor)
    supply = np.where(scale[..., None] > 0.0, parties.endowment, 0.0).sum(axis=1)
    parties = Parties(parties.endowment, parties.preference, scale, supply)
    start = allocation.copy()
    weight, iterations = bargain(*parties, allocation, price, level, idle, floor, terms.iterations)
    found = certified(parties, allocation, price, weight, iterations, floor, priced=False)
    lost = ~(found.least_gain >= -LOSS)
    if not lost.any():
        return found
    allocation[lost] = start[lost]
    return certified(parties, allocation, price, weight, iterations, floor, priced=False)


@jit
def share_out(endowment, preference, scale, supply, allocation, floor):
    """Let everyone gain who can, in place; return a scale of 0 for who cannot, and which replica is idle.

    As long as it helps somebody, those who gain more than `STAKE` hand goods worth half their gain in utility
    to those who do not. Where nobody gains the replica is idle. Who cannot gain, or is idle, gets its
    endowment.
    """
    replicas, agents, goods = endowment.shape
    scale, idle = scale.copy(), np.zeros(replicas, np.bool_)
    gains, pool = np.zeros(agents), np.zeros(goods)
    for r in range(replicas):
        winners, before = 0, -1
        while True:
            winners, taking = 0, 0
            for i in range(agents):
                gains[i] = 0.0
                if scale[r, i] > 0.0:
                    taking += 1
                    gains[i] = gain(r, i, endowment, allocation, preference, scale, supply, floor)
                    winners += gains[i] > STAKE
            if winners == taking or winners <= max(before, 0):
                break
            before = winners
            pool[:] = 0.0
            for i in range(agents):
                if gains[i] > STAKE:
                    given = (1.0 - np.exp(-0.5 * gains[i])) * allocation[r, i]
                    allocation[r, i] -= given
                    pool += given
            for i in range(agents):
                if scale[r, i] > 0.0 and not gains[i] > STAKE:
                    allocation[r, i] += pool / (taking - winners)
        idle[r] = winners == 0
        for i in range(agents):
            if idle[r] or not gains[i] > STAKE:
                allocation[r, i] = endowment[r, i]
                if not idle[r]:
                    scale[r, i] = 0.0
    return scale, idle


@jit
def bargain(endowment, preference, scale, supply, allocation, price, level, idle, floor, most):
    """Move ``allocation`` to the Nash bargain and ``price`` to its slopes; return weights and iterations."""
    replicas = len(scale)
    weight, iterations = level.copy(), np.zeros(replicas, np.int64)
    for r in range(replicas):
        taking, held = np.flatnonzero(scale[r]), np.flatnonzero(supply[r])
        if idle[r] or len(taking) == 0:
            continue
        shape = (len(taking), len(held))
        x, e, w = np.empty(shape), np.empty(shape), np.empty(shape)
        for k in range(len(taking)):
            for j in range(len(held)):
                i, g = taking[k], held[j]
                x[k, j] = allocation[r, i, g] / supply[r, g]
                e[k, j] = endowment[r, i, g] / supply[r, g]
                w[k, j] = preference[r, i, g] * scale[r, i]
        slope, iterations[r] = climb_inside(x, e, w, floor[held] / supply[r][held], most)
        price[r] = np.nan
        price[r][held] = slope / supply[r][held]
        price[r][held] /= price[r][held].sum()
        for j in range(len(held)):
            total = x[:, j].sum()
            for k in range(len(taking)):
                allocation[r, taking[k], held[j]] = x[k, j] / total * supply[r, held[j]]
        for i in taking:
            weight[r, i] = 1.0 / gain(r, i, endowment, allocation, preference, scale, supply, floor)
    return weight, iterations
