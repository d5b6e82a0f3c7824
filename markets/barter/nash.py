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

SLIGHT = 1e-6  # is a gain whose inverse is too rough a number to weigh anyone by


def nash(
    endowment: NDArray, preference: NDArray, present: NDArray | None = None, terms: Terms | None = None
) -> Clearing:
    """The Nash bargain `Clearing` at `terms.floor` > 0, after `terms.iterations` steps at most.

    Where nobody can gain, or `corners` finds no start, everyone keeps its endowment at the prices of
    `corners`; an agent whom no agreement of the others makes better off stays out. The outcome is that of
    `corners`, by which nobody loses, where nobody gains more than `SLIGHT` by it, and, not certified, where
    the steps end with somebody worse off. Raises ValueError for a floor of 0 and as `corners` does.
    """
    parties = gather(endowment, preference, present)
    terms = terms or Terms()
    floor = terms.floors(parties.supply.shape[1])
    if not (floor > 0.0).all():
        raise ValueError(f"floor is {terms.floor} (valid for nash: finite numbers > 0)")
    price, _, allocation, level = equilibrium(parties, floor, terms.iterations)
    start_price, start = price.copy(), allocation.copy()
    scale, idle = share_out(*parties, allocation, floor)
    taking = among(parties, scale)
    iterations = bargain(*taking, allocation, price, idle, floor, terms.iterations)
    worse = ~(gains(*parties, allocation, floor) >= -LOSS).all(axis=1)
    allocation[worse], price[worse], scale[worse] = start[worse], start_price[worse], parties.scale[worse]
    taking = among(parties, scale)
    slopes = 1.0 / np.maximum(gains(*taking, allocation, floor), LOSS)
    weight = np.where(idle[:, None], level, slopes)
    return certified(taking, allocation, price, weight, iterations, floor, priced=False)


def among(parties: Parties, scale: NDArray[np.float64]) -> Parties:
    """Return `parties` of those whose `scale` (replica, agent) is above 0."""
    supply = np.where(scale[..., None] > 0.0, parties.endowment, 0.0).sum(axis=1)
    return parties._replace(scale=scale, supply=supply)


@jit
def gains(endowment, preference, scale, supply, allocation, floor):
    """Every agent's gain in utility (replica, agent), 0 for who stays out."""
    found = np.zeros(scale.shape)
    for r in range(scale.shape[0]):
        for i in range(scale.shape[1]):
            if scale[r, i] > 0.0:
                found[r, i] = gain(r, i, endowment, allocation, preference, scale, supply, floor)
    return found


@jit
def share_out(endowment, preference, scale, supply, allocation, floor):
    """Let everyone gain who can, in place; return a scale of 0 for who cannot, and which replica is idle.

    As long as it helps somebody, those who gain hand goods worth half their gain in utility to those who do
    not. Where nobody gains the replica is idle. Who cannot gain gets its endowment.
    """
    replicas, agents, goods = endowment.shape
    scale, idle = scale.copy(), np.zeros(replicas, np.bool_)
    gained, pool = np.zeros(agents), np.zeros(goods)
    for r in range(replicas):
        winners, before, most = 0, -1, 0.0
        while True:
            winners, taking, most = 0, 0, 0.0
            for i in range(agents):
                gained[i] = 0.0
                if scale[r, i] > 0.0:
                    taking += 1
                    gained[i] = gain(r, i, endowment, allocation, preference, scale, supply, floor)
                    winners += gained[i] > SLIGHT
                    most = max(most, gained[i])
            if winners == taking or winners <= max(before, 0):
                break
            before = winners
            pool[:] = 0.0
            for i in range(agents):
                if gained[i] > SLIGHT:
                    given = (1.0 - np.exp(-0.5 * gained[i])) * allocation[r, i]
                    allocation[r, i] -= given
                    pool += given
            for i in range(agents):
                if scale[r, i] > 0.0 and not gained[i] > SLIGHT:
                    allocation[r, i] += pool / (taking - winners)
        idle[r] = winners == 0 and before < 0
        for i in range(agents):
            if not gained[i] > LOSS and not (idle[r] and most > LOSS):
                allocation[r, i] = endowment[r, i]
                if not idle[r]:
                    scale[r, i] = 0.0
    return scale, idle


@jit
def bargain(endowment, preference, scale, supply, allocation, price, idle, floor, most):
    """Move `allocation` to the Nash bargain and `price` to its slopes; return iterations (replica,)."""
    replicas = len(scale)
    iterations = np.zeros(replicas, np.int64)
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
    return iterations
