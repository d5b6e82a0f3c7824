"""What a barter market did, and the certificate that says whether it is what it claims to be.

The certificate is computed from the allocation, never from what a solver believes of itself. It holds, and
the market has `converged`, when

- the Frank-Wolfe gap of f(x) = sum_i a_i u_i(x_i) under conservation,
  sum_g E_g max_i df/dx_ig - <grad f, x>, is at most 1e-8 of <grad f, x>: no feasible allocation has a larger
  f by more than the gap (Jaggi 2013, ICML), so x is Pareto-efficient;
- excess demand is at most 1e-10 of supply, for every good: goods handed out are goods brought, and, where one
  price clears the market, demand at that price and at the endowments' worth is supply;
- no agent loses more than 1e-12 of declared utility u_i(x) = sum_g w_ig log(c_g + x_g). An agent without a
  good that it likes, at c_g = 0, has u_i(e_i) = -inf and gains by definition.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from markets.barter.demand import demand_into
from markets.barter.parties import Parties
from streams.jit import jit

GAP, EXCESS, LOSS = 1e-8, 1e-10, 1e-12  # the largest that the certificate passes


class Flows(NamedTuple):
    """Long-form rows of who gave what to whom: int32 but `amount`, above 0, and `price`, of a unit.

    The prices of all goods that have one sum to 1; nan where there are none.
    """

    replica: NDArray[np.int32]
    giver: NDArray[np.int32]
    receiver: NDArray[np.int32]
    good: NDArray[np.int32]
    amount: NDArray[np.float64]
    price: NDArray[np.float64]


class Clearing(NamedTuple):
    """A cleared market: who has what, at what price, and the certificate.

    `allocation` (replica, agent, good); agents who stay out keep their endowment. `price` (replica, good)
    sums to 1 over the goods that have one; nan for a good that nobody brings, and where no price was formed.
    `gap` and `excess` are relative, `least_gain` is the smallest gain in declared utility of an agent
    whose utility was finite, 0 if there is none; `iterations` int64 and `converged` bool; all (replica,).
    `flows` says who gave what to whom where agents met one by one, and is None where all trade with all.
    """

    allocation: NDArray[np.float64]
    price: NDArray[np.float64]
    gap: NDArray[np.float64]
    excess: NDArray[np.float64]
    least_gain: NDArray[np.float64]
    iterations: NDArray[np.int64]
    converged: NDArray[np.bool_]
    flows: Flows | None = None


@dataclass(frozen=True)
class Terms:
    """What some mechanisms need to know beyond who brings and likes what.

    `floor` c of the utility sum w log(c + x), one number or one per good: `corners` (>= 0), `nash` (> 0).
    `partners` (replica, agent, K) or (replica, agent): whom each agent calls on, the best first, -1 for
    nobody, or `edges` (replica, edge, 2): who meets whom, in order, and how many `rounds` of that:
    `pairwise`. `iterations` at most, of mechanisms that iterate.
    `rate` of the gradient steps: `projected`.
    """

    floor: float | NDArray[np.float64] = 1.0
    partners: NDArray[np.integer] | None = None
    edges: NDArray[np.integer] | None = None
    rounds: int = 1
    iterations: int = 10_000
    rate: float = 0.1

    def floors(self, goods: int) -> NDArray[np.float64]:
        """The floor of every good, (good,). Raises ValueError if one is negative or infinite."""
        floors = np.array(np.broadcast_to(np.asarray(self.floor, np.float64), (goods,)))
        if not ((floors >= 0.0) & (floors < np.inf)).all():
            raise ValueError(f"floor is {self.floor} (valid: finite numbers >= 0)")
        return floors


def certified(
    parties: Parties,
    allocation: NDArray[np.float64],
    price: NDArray[np.float64],
    weight: NDArray[np.float64],
    iterations: NDArray[np.int64],
    floor: NDArray[np.float64] | None = None,
    priced: bool = True,
) -> Clearing:
    """Return `allocation` and `price` as a `Clearing` with its certificate.

    `weight` (replica, agent) are the a_i of f; `floor` (good,) the c of the utility, 0 if None;
    `priced` says whether demand at `price` must equal supply.
    """
    if floor is None:
        floor = np.zeros(price.shape[1])
    gap, excess, least = certify(*parties, allocation, price, weight, floor, priced)
    converged = (gap <= GAP) & (excess <= EXCESS) & (least >= -LOSS)
    return Clearing(allocation, price, gap, excess, least, iterations, converged)


@jit
def certify(endowment, preference, scale, supply, allocation, price, weight, floor, priced):
    """Return `gap`, `excess` and `least_gain`, each (replica,); see the module."""
    replicas, agents, goods = endowment.shape
    gap, excess, least = np.zeros(replicas), np.zeros(replicas), np.zeros(replicas)
    handed, wanted, steepest, bundle = np.empty(goods), np.empty(goods), np.empty(goods), np.empty(goods)
    for r in range(replicas):
        handed[:], wanted[:], steepest[:] = 0.0, 0.0, 0.0
        inner, smallest = 0.0, np.inf
        for i in range(agents):
            if scale[r, i] == 0.0:
                continue
            for g in range(goods):
                if supply[r, g] > 0.0:
                    x = allocation[r, i, g]
                    handed[g] += x if x >= 0.0 else np.nan
                    slope = weight[r, i] * (preference[r, i, g] * scale[r, i])
                    if slope != 0.0:
                        slope /= floor[g] + x
                        steepest[g] = max(steepest[g], slope)
                        inner += slope * x if x != 0.0 else 0.0
            gained = gain(r, i, endowment, allocation, preference, scale, supply, floor)
            smallest = smaller(smallest, gained)
            if priced:
                worth = value(r, i, price, endowment, supply)
                demand_into(bundle, worth, r, i, preference, price, supply, floor)
                for g in range(goods):
                    wanted[g] += bundle[g]
        bound = 0.0
        for g in range(goods):
            if supply[r, g] > 0.0:
                bound += supply[r, g] * steepest[g]
                excess[r] = larger(excess[r], abs(handed[g] - supply[r, g]) / supply[r, g])
                if priced:
                    excess[r] = larger(excess[r], abs(wanted[g] - supply[r, g]) / supply[r, g])
        if bound != 0.0 or inner != 0.0:
            gap[r] = (bound - inner) / inner
        if smallest < np.inf or np.isnan(smallest):
            least[r] = smallest
    return gap, excess, least


@jit
def larger(a, b):
    """The larger of two numbers, nan if one is."""
    return b if b > a or np.isnan(b) else a


@jit
def smaller(a, b):
    """The smaller of two numbers, nan if one is."""
    return b if b < a or np.isnan(b) else a


@jit
def value(r, i, price, bundle, supply):
    """What agent `i` of `bundle` (replica, agent, good) has, at the prices there are."""
    worth = 0.0
    for g in range(price.shape[1]):
        if supply[r, g] > 0.0:
            worth += price[r, g] * bundle[r, i, g]
    return worth


@jit
def gain(r, i, before, after, preference, scale, supply, floor):
    """Agent `i`'s gain in utility from `before` to `after`, inf where it was -inf before."""
    total = 0.0
    for g in range(len(floor)):
        if supply[r, g] > 0.0 and preference[r, i, g] > 0.0:
            start = floor[g] + before[r, i, g]
            if start == 0.0:
                return np.inf
            end = floor[g] + after[r, i, g]
            if end != start:
                total += preference[r, i, g] * np.log(end / start)
    return total * scale[r, i]
