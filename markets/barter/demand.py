"""What an agent buys with utility sum_g w_g log(c_g + x_g) at given prices: exact, corners included.

The first-order condition is x_g = max(0, m w_g / p_g - c_g) with one level m of spending per unit of taste.
Good g enters at m = c_g p_g / w_g, so with the goods sorted by that level, the basket is the longest run of
goods whose common level, (worth + sum c p) / sum w, is above the last one's. With c = 0 this is Cobb-Douglas.
"""

import numpy as np

from streams.jit import jit


@jit
def demand_into(bundle, worth, r, i, preference, price, supply, floor):
    """Write what agent `i` buys with `worth` into `bundle` (good,); return its level m.

    `preference` (replica, agent, good) need not sum to 1; `price` (replica, good) is above 0, and
    `floor` (good,) is the c. A good without `supply` (replica, good) is neither liked nor bought.
    """
    goods = len(floor)
    tasted, spent, last = 0.0, worth, 0.0
    for g in range(goods):
        bundle[g] = np.inf
        if supply[r, g] > 0.0 and preference[r, i, g] > 0.0:
            bundle[g] = floor[g] * price[r, g] / preference[r, i, g]  # the level at which the good enters
            if bundle[g] == 0.0:
                tasted += preference[r, i, g]
            else:
                last = max(last, bundle[g])
    level = spent / tasted if tasted > 0.0 else 0.0
    entry = 0.0
    while entry < last:
        following = np.inf
        for g in range(goods):
            if bundle[g] > entry:
                following = min(following, bundle[g])
        if tasted > 0.0 and following >= level:
            break
        entry = following
        for g in range(goods):
            if bundle[g] == entry:
                tasted += preference[r, i, g]
                spent += floor[g] * price[r, g]
        level = spent / tasted
    for g in range(goods):
        bought = bundle[g] < level
        bundle[g] = max(level * preference[r, i, g] / price[r, g] - floor[g], 0.0) if bought else 0.0
    return level
