"""How good an allocation is: surplus captured, distance from Walras, dispersion of marginal rates, losers.

All at utility sum w log(c + x) of the preferences given, declared or true, and a floor c, 0 for Cobb-Douglas,
one number or one per good; arrays in, (replica,) out.
"""

import numpy as np
from numpy.typing import NDArray

from markets.barter.clearing import LOSS, Terms, gain
from markets.barter.corners import equilibrium
from markets.barter.parties import Parties, gather
from markets.barter.walras import equilibrium_price, hand_out
from streams.jit import jit

LEAST = 1e-12  # a surplus, relative to welfare, or a trade, relative to what is held, that is rounding


def surplus_captured(
    endowment: NDArray,
    allocation: NDArray,
    preference: NDArray,
    present: NDArray | None = None,
    floor: float | NDArray = 0.0,
) -> NDArray[np.float64]:
    """The share of the surplus of the Walrasian equilibrium that `allocation` captures: 1 for
    Walras.

    Welfare is U(x) = exp(sum_i a_i u_i(x_i) / sum a) at the weights a_i of the equilibrium, at floor 0 the
    budgets p.e_i, where it is homogeneous of degree 1 and finite where an agent lacks a good; the share is
    (U(x) - U(e)) / (U(x*) - U(e)), nan where there is nothing to capture. Raises ValueError as `walras` or,
    with a floor, `corners` does.
    """
    parties, floors = gather(endowment, preference, present), _floors(floor, endowment)
    best, weight = _equilibrium(parties, floors)
    allocation = np.ascontiguousarray(allocation, np.float64)
    now, before = (
        efficiency(bundle, best, weight, *parties[1:], floors) for bundle in (allocation, parties.endowment)
    )
    surplus = 1.0 - before  # of welfare at best
    return np.divide(now - before, surplus, np.full_like(surplus, np.nan), where=surplus > LEAST)


def walras_distance(
    endowment: NDArray,
    allocation: NDArray,
    preference: NDArray,
    present: NDArray | None = None,
    floor: float | NDArray = 0.0,
) -> NDArray[np.float64]:
    """Return |x - x*| / |e - x*|: 0 for Walras, 1 for no trade, nan where Walras does not trade.

    Raises ValueError as `surplus_captured` does.
    """
    parties = gather(endowment, preference, present)
    best, _ = _equilibrium(parties, _floors(floor, endowment))
    missed, whole, size = (norms(x) for x in (allocation - best, parties.endowment - best, parties.endowment))
    return np.divide(missed, whole, np.full_like(whole, np.nan), where=whole > LEAST * size)


def _floors(floor: float | NDArray, goods: NDArray) -> NDArray[np.float64]:
    return Terms(floor=floor).floors(np.shape(goods)[-1])


def _equilibrium(parties: Parties, floors: NDArray[np.float64]) -> tuple[NDArray, NDArray]:
    """Allocation and weights (replica, agent) of the Walrasian equilibrium at this floor."""
    if not floors.any():
        return hand_out(*parties, equilibrium_price(parties))
    _, _, allocation, weight = equilibrium(parties, floors, Terms().iterations)
    return allocation, weight


def norms(bundles: NDArray) -> NDArray[np.float64]:
    """The Euclidean norm (replica,) of `bundles` (replica, agent, good)."""
    return np.sqrt((bundles * bundles).reshape(len(bundles), -1).sum(axis=1))


def mrs_dispersion(
    allocation: NDArray,
    preference: NDArray,
    present: NDArray | None = None,
    floor: float | NDArray = 0.0,
) -> NDArray[np.float64]:
    """The dispersion of marginal rates of substitution across agents: 0 where all gains are realised.

    The standard deviation over agents of the log of the rate, root mean square over pairs of the goods there
    are. Agents who have no finite rates, since they dislike a good or lack one at floor 0, are left out.
    """
    return disperse(*gather(allocation, preference, present), _floors(floor, allocation))


def losers(
    endowment: NDArray,
    allocation: NDArray,
    preference: NDArray,
    present: NDArray | None = None,
    floor: float | NDArray = 0.0,
) -> NDArray[np.int64]:
    """How many agents `allocation` leaves worse off than `endowment`."""
    parties, now = gather(endowment, preference, present), np.ascontiguousarray(allocation, np.float64)
    return lost(*parties, now, _floors(floor, endowment), LOSS)


@jit
def efficiency(bundles, best, budget, preference, scale, supply, floor):
    """U(bundles) / U(best) (replica,); see `surplus_captured`."""
    replicas, agents, _ = bundles.shape
    found = np.ones(replicas)
    for r in range(replicas):
        total, whole = 0.0, 0.0
        for i in range(agents):
            if budget[r, i] > 0.0:
                total += budget[r, i] * gain(r, i, best, bundles, preference, scale, supply, floor)
                whole += budget[r, i]
        if whole > 0.0:
            found[r] = np.exp(total / whole)
    return found


@jit
def disperse(allocation, preference, scale, supply, floor):
    """The dispersion (replica,); see `mrs_dispersion`."""
    replicas, agents, goods = allocation.shape
    found = np.zeros(replicas)
    slope = np.empty((agents, goods))
    for r in range(replicas):
        held = np.flatnonzero(supply[r])
        counted = 0
        for i in range(agents):
            mean, finite = 0.0, scale[r, i] > 0.0
            for g in held:
                slope[counted, g] = np.log(preference[r, i, g] / (floor[g] + allocation[r, i, g]))
                finite = finite and np.isfinite(slope[counted, g])
                mean += slope[counted, g] / len(held)
            if finite:
                slope[counted] -= mean
                counted += 1
        if counted > 0 and len(held) > 1:
            for g in held:
                found[r] += slope[:counted, g].var()
            found[r] = np.sqrt(2.0 * found[r] / (len(held) - 1))
    return found


@jit
def lost(endowment, preference, scale, supply, allocation, floor, loss):
    """The number (replica,) of agents whose utility falls by more than `loss`."""
    replicas, agents, _ = endowment.shape
    found = np.zeros(replicas, np.int64)
    for r in range(replicas):
        for i in range(agents):
            if scale[r, i] > 0.0:
                gained = gain(r, i, endowment, allocation, preference, scale, supply, floor)
                if gained < -loss:
                    found[r] += 1
    return found
