"""What an agent's own taste and goods do to its own bundle at given prices.

A price taker buys x_g = m w_g / p_g - c_g of every good above its corner (`markets.barter.demand`), with the
level m = (worth + sum c p) / sum w over those goods, so that for a loss L_i(x_i), with u = dL_i/dx_i,

    s = sum_g u_g w_g / p_g / sum_g w_g,    dL/de_h = p_h s,    dL/dw_g = m (u_g / p_g - s).

This is the derivative of mechanisms whose prices have no closed form, less the agent's influence on prices.
"""

import numpy as np
from numpy.typing import NDArray

from markets.barter.clearing import value
from markets.barter.demand import demand_into
from markets.barter.gradient import Pair, floats
from markets.barter.parties import gather
from streams.jit import jit


def price_taking_gradient(
    price: NDArray,
    wealth: NDArray,
    preference: NDArray,
    upstream: NDArray,
    present: NDArray | None = None,
    floor: NDArray | float = 0.0,
) -> Pair:
    """DL_i/dw_i and dL_i/de_i (replica, agent, good) of agents who take `price` as given.

    `price` (replica, good). Agents spend the worth of `wealth` (replica, agent, good): the endowment, or,
    where a mechanism does not hand out equal worth, the allocation. `upstream` (replica, agent, good) is
    dL_i/dx_i, `floor` the c of the utility. Derivatives are those of w / sum w. Where a good has no price,
    and for an agent who stays out, nobody trades: dL/de is `upstream`. Raises ValueError for shapes that do
    not fit.
    """
    parties = gather(wealth, preference, present)
    floors = np.array(np.broadcast_to(np.asarray(floor, np.float64), parties.supply.shape[1:]))
    return respond(*parties, *floats(parties, price, upstream), floors)


@jit
def respond(wealth, preference, scale, supply, price, upstream, floor):
    """DL/dw and dL/de (replica, agent, good); see the module."""
    replicas, agents, goods = wealth.shape
    taste_slope, goods_slope = np.zeros(wealth.shape), np.zeros(wealth.shape)
    bundle = np.empty(goods)
    for r in range(replicas):
        held = np.flatnonzero(supply[r])
        priced = not np.isnan(price[r][held]).any()
        for i in range(agents):
            if scale[r, i] == 0.0 or not priced:
                goods_slope[r, i] = upstream[r, i]
                continue
            worth = value(r, i, price, wealth, supply)
            level = demand_into(bundle, worth, r, i, preference, price, supply, floor)
            slope, tasted = 0.0, 0.0
            for g in held:
                if bundle[g] > 0.0 or floor[g] == 0.0:
                    slope += upstream[r, i, g] * preference[r, i, g] / price[r, g]
                    tasted += preference[r, i, g]
            per_worth = slope / tasted if tasted > 0.0 else 0.0
            for g in held:
                goods_slope[r, i, g] = price[r, g] * per_worth
                if bundle[g] > 0.0 or floor[g] == 0.0:
                    taste_slope[r, i, g] = level * (upstream[r, i, g] / price[r, g] - per_worth)
    return taste_slope, goods_slope
