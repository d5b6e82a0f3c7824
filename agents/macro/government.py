"""The government: purchases, public jobs, unemployment benefits, a progressive tax with a weak debt rule.

An action multiplies the rule's purchases, benefits and tax rate.
"""

import numpy as np
from numpy.typing import NDArray

from streams.jit import jit
from streams.whole import whole

PURCHASES = np.array([0.9, 1.0, 1.1])
BENEFITS = np.array([0.8, 1.0, 1.2])
TAXES = np.array([0.95, 1.0, 1.05])
HEADS = {"purchases": 3, "benefits": 3, "taxes": 3}
PURCHASE, BENEFIT, TAX = range(len(HEADS))  # where each head stands in `action`
NEUTRAL = (1, 1, 1)


def tax_rate(
    rest: NDArray[np.float64], debt_months: NDArray[np.float64], target_months: float, slope: float
) -> NDArray[np.float64]:
    """The base income-tax rate: the resting rate plus a weak answer to debt over monthly GDP.

    Arrays `(replica,)`, `slope` per year. Source: Bohn (1998), QJE 113: surpluses rise with debt.
    """
    return rest + slope / 12.0 * (debt_months - target_months)


@jit
def order_publicly(size, budget, left, first, seller, fallback, spend):
    """Write one order per firm into the order arrays, from position `first` on.

    A quarter of the monthly `budget` (replica,) is spent each week, at every firm by its `size` (replica,
    firm, summing to one), never more than is `left` (replica,); there is no fallback.
    """
    for r in range(size.shape[0]):
        free = left[r]
        for j in range(size.shape[1]):
            cents = min(whole(np.rint(0.25 * budget[r] * size[r, j]), "a public order"), free)
            free -= cents
            seller[r, first + j], fallback[r, first + j], spend[r, first + j] = j, -1, cents


@jit
def benefits(h, wage_level, replacement, floor, months, clock):
    """Unemployment benefits `(replica, household)` in cents; spells age by `clock` months.

    `replacement` (replica,) of the wage level for the first `months` of a spell, the `floor` share
    after them. Source: US unemployment insurance, 26 weeks.
    """
    paid = np.zeros(h.employer.shape, np.int64)
    for r in range(paid.shape[0]):
        for i in range(paid.shape[1]):
            if h.employer[r, i] < 0:
                rate = replacement[r] if h.spell[r, i] < months else min(floor, replacement[r])
                paid[r, i] = whole(np.rint(rate * wage_level[r] * h.skill[r, i]), "a benefit")
                h.spell[r, i] += clock
    return paid
