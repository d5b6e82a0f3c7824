"""The Walrasian equilibrium with utility sum w log(c + x), where an agent may do without a good: tatonnement.

Prices rise by the ratio of what is demanded to what there is, both counted with the c of those who like the
good: p_g <- p_g sum_i (c_g + x_ig) / (E_g + n_g c_g), and by a power of it that doubles while no price turns.
Demand is exact at every step (`markets.barter.demand`) and all goods are gross substitutes, so that groping
leads to equilibrium (Arrow, Block and Hurwicz 1959, Econometrica 27, 82-109, in continuous time).

As long as nobody changes what it does without, the economy is Cobb-Douglas in c + x, and its prices are a
stationary vector (`markets.barter.walras`): a step goes there instead where that leaves less excess demand.
"""

import numpy as np
from numpy.typing import NDArray

from markets.barter.clearing import EXCESS, Clearing, Terms, certified, value
from markets.barter.demand import demand_into
from markets.barter.parties import Parties, gather
from markets.barter.stationary import apart, eliminate, stationary
from streams.jit import jit

ENOUGH = 2e-14  # of a price is the largest step at which prices have stopped to move
FARTHEST = 1.0  # that a step made longer than that ratio moves a log price


def corners(
    endowment: NDArray, preference: NDArray, present: NDArray | None = None, terms: Terms | None = None
) -> Clearing:
    """The Walrasian `Clearing` at `terms.floor`, after `terms.iterations` price steps at most.

    Where holdings and tastes do not join all goods it may be one of many. Where no price is found at which
    demand is supply to `EXCESS`, nobody trades, and the certificate says so. Raises ValueError for a good
    that nobody who takes part likes, which has no price.
    """
    parties = gather(endowment, preference, present)
    terms = terms or Terms()
    floor = terms.floors(parties.supply.shape[1])
    price, iterations, allocation, level = equilibrium(parties, floor, terms.iterations)
    return certified(parties, allocation, price, level, iterations, floor)


def equilibrium(parties: Parties, floor: NDArray, most: int) -> tuple[NDArray, ...]:
    """Price, iterations, allocation and level of spending of `corners`; raises ValueError as it
    does."""
    count = likers(parties.preference, parties.scale)
    for r, g in np.argwhere((parties.supply > 0.0) & (count == 0))[:1]:
        raise ValueError(f"replica {r}: nobody likes good {g} (valid: goods that one at least likes)")
    price, iterations = grope(*parties, floor, count, most)
    allocation, level = buy(*parties, price, floor)
    bought = np.where(parties.scale[..., None] > 0.0, allocation, 0.0).sum(axis=1)
    failed = ~(np.abs(bought - parties.supply) <= EXCESS * parties.supply).all(axis=1)
    allocation[failed] = parties.endowment[failed]
    return price, iterations, allocation, level


@jit
def likers(preference, scale):
    """How many who take part like each good, (replica, good)."""
    replicas, agents, goods = preference.shape
    count = np.zeros((replicas, goods))
    for r in range(replicas):
        for i in range(agents):
            for g in range(goods):
                if scale[r, i] > 0.0 and preference[r, i, g] > 0.0:
                    count[r, g] += 1.0
    return count


@jit
def grope(endowment, preference, scale, supply, floor, count, most):
    """Equilibrium `price` (replica, good) and the `iterations` (replica,) it took."""
    replicas, goods = supply.shape
    price = np.full((replicas, goods), np.nan)
    iterations = np.zeros(replicas, np.int64)
    for r in range(replicas):
        held = np.flatnonzero(supply[r])
        if len(held) == 0:
            continue
        start = count[r][held] / (supply[r] + count[r] * floor)[held]
        price[r][held] = start / start.sum()
        pace = 1.0
        rise, excess = pressure(r, price, endowment, preference, scale, supply, floor, count)
        while excess > ENOUGH and iterations[r] < most:
            iterations[r] += 1
            now, step = price[r].copy(), rise
            left = np.inf
            if jump(r, price, held, endowment, preference, scale, supply, floor):
                rise, left = pressure(r, price, endowment, preference, scale, supply, floor, count)
            if left >= excess:
                now *= step ** min(pace, max(1.0, FARTHEST / np.abs(np.log(step)).max()))
                price[r] = now / now[held].sum()
                rise, left = pressure(r, price, endowment, preference, scale, supply, floor, count)
                pace = 1.0 if ((rise - 1.0) * (step - 1.0) < 0.0).any() else 2.0 * pace
            excess = left
    return price, iterations


@jit
def pressure(r, price, endowment, preference, scale, supply, floor, count):
    """The factors (good,) by which prices rise, and the largest of them less 1."""
    agents, goods = endowment.shape[1:]
    bundle, wanted = np.empty(goods), np.zeros(goods)
    for i in range(agents):
        if scale[r, i] > 0.0:
            worth = value(r, i, price, endowment, supply)
            demand_into(bundle, worth, r, i, preference, price, supply, floor)
            wanted += bundle
    rise, excess = np.ones(goods), 0.0
    for g in range(goods):
        if supply[r, g] > 0.0:
            shift = count[r, g] * floor[g]
            rise[g] = (wanted[g] + shift) / (supply[r, g] + shift)
            excess = max(excess, abs(rise[g] - 1.0))
    return rise, excess


@jit
def jump(r, price, held, endowment, preference, scale, supply, floor):
    """Move `price` of replica `r` to where nobody changes what it does without; return if it could."""
    agents, goods = endowment.shape[1:]
    flow, brought = np.zeros((goods, goods)), supply[r].copy()
    bundle, sold, share = np.empty(goods), np.zeros(goods), np.zeros(goods)
    for i in range(agents):
        if scale[r, i] == 0.0:
            continue
        worth = value(r, i, price, endowment, supply)
        demand_into(bundle, worth, r, i, preference, price, supply, floor)
        tasted = 0.0
        for g in held:
            buys = bundle[g] > 0.0 or (floor[g] == 0.0 and preference[r, i, g] > 0.0)
            share[g] = preference[r, i, g] if buys else 0.0
            sold[g] = endowment[r, i, g] + (floor[g] if buys else 0.0)
            brought[g] += floor[g] if buys else 0.0
            tasted += share[g]
        if tasted > 0.0:
            for h in held:
                for g in held:
                    flow[h, g] += sold[h] * share[g] / tasted
    chain = np.empty((len(held), len(held)))
    for j in range(len(held)):
        for k in range(len(held)):
            chain[j, k] = flow[held[j], held[k]] / brought[held[j]]
    if apart(chain).any():
        return False
    eliminate(chain)
    found = stationary(chain) / brought[held]
    price[r][held] = found / found.sum()
    return True


@jit
def buy(endowment, preference, scale, supply, price, floor):
    """What agents buy at `price` for what they bring, and their `level` (replica, agent)."""
    replicas, agents, goods = endowment.shape
    allocation, level = np.empty(endowment.shape), np.zeros((replicas, agents))
    bundle = np.empty(goods)
    for r in range(replicas):
        for i in range(agents):
            if scale[r, i] == 0.0:
                allocation[r, i] = endowment[r, i]
                continue
            worth = value(r, i, price, endowment, supply)
            reached = demand_into(bundle, worth, r, i, preference, price, supply, floor)
            allocation[r, i] = bundle
            level[r, i] = reached / scale[r, i]
    return allocation, level
