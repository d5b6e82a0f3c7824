"""The Walrasian equilibrium of a Cobb-Douglas barter economy, in closed form.

Agent i spends the share w_ig of its worth p.e_i on good g. Total spending s_g = p_g E_g is therefore the
stationary vector of A_gh = sum_i w_ig e_ih / E_h, whose columns sum to 1: of a unit of worth in good h, A_gh
is spent on g. It is unique, and every price is above 0, iff A is irreducible. Source: Eaves (1985),
Mathematical Programming Study 23, 226-239 (Cobb-Douglas exchange as a linear system); Gale (1960), The Theory
of Linear Economic Models, ch. 8 (the linear exchange model).
"""

import numpy as np
from numpy.typing import NDArray

from markets.barter.clearing import Clearing, Terms, certified, value
from markets.barter.parties import Parties, gather
from markets.barter.stationary import apart, eliminate, stationary
from streams.jit import jit


def walras(
    endowment: NDArray, preference: NDArray, present: NDArray | None = None, terms: Terms | None = None
) -> Clearing:
    """The Walrasian `Clearing` at declared preferences (replica, agent, good); `terms` play no part.

    Raises ValueError, naming the replica and the goods, where A is reducible.
    """
    parties = gather(endowment, preference, present)
    price = equilibrium_price(parties)
    allocation, worth = hand_out(*parties, price)
    return certified(parties, allocation, price, worth, np.ones(len(price), np.int64))


def equilibrium_price(parties: Parties) -> NDArray[np.float64]:
    """The equilibrium prices (replica, good), see `Clearing`; raises ValueError as `walras` does."""
    price, separate = solve_prices(*parties)
    if separate.any():
        r = int(np.argmax(separate.any(axis=1)))
        others = np.flatnonzero(separate[r]).tolist()
        rest = np.flatnonzero(~separate[r] & (parties.supply[r] > 0.0)).tolist()
        raise ValueError(
            f"replica {r}: goods {rest} and {others} are separated, no price joins them "
            "(valid: holders of each like, through others at least, every other)"
        )
    return price


def efficiency_weights(parties: Parties, allocation: NDArray[np.float64]) -> NDArray[np.float64]:
    """The worth (replica, agent) of `allocation` at the prices at which its owners would trade on.

    If it is Pareto-efficient they would not, and these are the weights at which it maximises f (second
    welfare theorem); nan where holdings and tastes no longer join all goods.
    """
    price, _ = solve_prices(allocation, *parties[1:])
    return hand_out(allocation, *parties[1:], price)[1]


@jit
def solve_prices(endowment, preference, scale, supply):
    """Return `price` (replica, good), nan for none, and which goods are `separate` from the first."""
    replicas, goods = supply.shape
    price = np.full((replicas, goods), np.nan)
    separate = np.zeros((replicas, goods), np.bool_)
    for r in range(replicas):
        held = np.flatnonzero(supply[r])
        if len(held) == 0:
            continue
        chain = spending(endowment[r], preference[r], scale[r], supply[r], held)
        away = apart(chain)
        if away.any():
            separate[r][held] = away
            continue
        eliminate(chain)
        found = stationary(chain) / supply[r][held]
        price[r][held] = found / found.sum()
    return price, separate


@jit
def spending(endowment, preference, scale, supply, held):
    """The transpose of A as a chain (held, held): from a good that is sold to what is bought."""
    agents, goods = endowment.shape
    flow = np.zeros((goods, goods))
    share = np.empty(goods)
    for i in range(agents):
        if scale[i] == 0.0:
            continue
        for g in range(goods):
            share[g] = preference[i, g] * scale[i]
        for h in range(goods):
            sold = endowment[i, h]
            if sold > 0.0:
                for g in range(goods):
                    flow[h, g] += sold * share[g]
    chain = np.empty((len(held), len(held)))
    for j in range(len(held)):
        for k in range(len(held)):
            chain[j, k] = flow[held[j], held[k]] / supply[held[j]]
    return chain


@jit
def hand_out(endowment, preference, scale, supply, price):
    """What agents buy at `price` for what they bring, and the `worth` of that (replica, agent)."""
    replicas, agents, goods = endowment.shape
    allocation = np.empty(endowment.shape)
    worth = np.zeros((replicas, agents))
    for r in range(replicas):
        for i in range(agents):
            if scale[r, i] == 0.0:
                allocation[r, i] = endowment[r, i]
                continue
            worth[r, i] = value(r, i, price, endowment, supply)
            spent = worth[r, i] * scale[r, i]
            for g in range(goods):
                buys = supply[r, g] > 0.0
                allocation[r, i, g] = preference[r, i, g] * spent / price[r, g] if buys else 0.0
    return allocation, worth
