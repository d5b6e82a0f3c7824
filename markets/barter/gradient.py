"""What an agent's own taste and goods do to its own bundle, its influence on prices included.

With B = diag(E) - M, M_gh = sum_i w_ig e_ih, equilibrium prices solve B p = 0. A change of w_i and e_i moves
them by B dp = dw_i (p.e_i) + w_i (p.de_i) - p * de_i, so that for a loss L_i(x_i)

    dL/dw_ig = u_g m / p_g + y_g m,        m = p.e_i,  u = dL_i/dx_i,
    dL/de_ih = p_h (s + y.w_i - y_h),      s = sum_g u_g w_ig / p_g,
    B' y = q,                              q_h = dL/dp_h = e_ih s - u_h w_ih m / p_h^2,

one elimination for all agents of a replica, and one substitution each. As tastes are renormalised,
derivatives are those of w / sum w: w.(dL/dw) = 0, and softmax logits get w * dL/dw. Source: implicit
differentiation of A s = s (`markets.barter.walras`), solved as a Poisson equation of its chain.
"""

import numpy as np
from numpy.typing import NDArray

from markets.barter.clearing import value
from markets.barter.parties import Parties, gather
from markets.barter.stationary import eliminate, poisson_into
from markets.barter.walras import spending
from streams.jit import jit

Pair = tuple[NDArray[np.float64], NDArray[np.float64]]


def walras_gradient(
    price: NDArray,
    endowment: NDArray,
    preference: NDArray,
    upstream: NDArray,
    present: NDArray | None = None,
) -> Pair:
    """DL_i/dw_i and dL_i/de_i (replica, agent, good) at the Walrasian `price`, the others fixed.

    `upstream` (replica, agent, good) is dL_i/dx_i at the allocation of `walras`. Zero for a good that
    nobody brings, where the first unit brought would move prices by a jump. Of an agent who stays out, dL/de
    is `upstream`. Raises ValueError for shapes that do not fit.
    """
    parties = gather(endowment, preference, present)
    return differentiate(*parties, *floats(parties, price, upstream))


def floats(parties: Parties, price: NDArray, upstream: NDArray) -> Pair:
    """Return `price` and `upstream` for the kernel; raises ValueError for shapes that do not fit."""
    price, upstream = np.ascontiguousarray(price, np.float64), np.ascontiguousarray(upstream, np.float64)
    shapes = parties.supply.shape, parties.endowment.shape
    if (price.shape, upstream.shape) != shapes:
        raise ValueError(f"price and upstream have shapes {price.shape}, {upstream.shape} (valid: {shapes})")
    return price, upstream


@jit
def differentiate(endowment, preference, scale, supply, price, upstream):
    """DL/dw and dL/de (replica, agent, good); see the module."""
    replicas, agents, goods = endowment.shape
    taste_slope, goods_slope = np.zeros(endowment.shape), np.zeros(endowment.shape)
    effect = np.zeros(goods)  # y
    for r in range(replicas):
        held = np.flatnonzero(supply[r])
        chain = spending(endowment[r], preference[r], scale[r], supply[r], held)
        exits = eliminate(chain)
        unknown = np.empty(len(held))
        for i in range(agents):
            if scale[r, i] == 0.0:
                goods_slope[r, i] = upstream[r, i]
                continue
            worth = value(r, i, price, endowment, supply)
            per_worth = 0.0  # s
            for h in held:
                per_worth += upstream[r, i, h] * (preference[r, i, h] * scale[r, i]) / price[r, h]
            for k in range(len(held)):
                h = held[k]
                bought = preference[r, i, h] * scale[r, i] * worth / price[r, h]
                moved = endowment[r, i, h] * per_worth - upstream[r, i, h] * bought / price[r, h]
                unknown[k] = moved / supply[r, h]
            poisson_into(unknown, chain, exits)
            mean_effect, mean_slope = 0.0, 0.0
            for k in range(len(held)):
                h = held[k]
                effect[h] = unknown[k]
                share = preference[r, i, h] * scale[r, i]
                mean_effect += share * effect[h]
                taste_slope[r, i, h] = worth * (upstream[r, i, h] / price[r, h] + effect[h])
                mean_slope += share * taste_slope[r, i, h]
            for h in held:
                taste_slope[r, i, h] = (taste_slope[r, i, h] - mean_slope) * scale[r, i]
                goods_slope[r, i, h] = price[r, h] * (per_worth + mean_effect - effect[h])
    return taste_slope, goods_slope
