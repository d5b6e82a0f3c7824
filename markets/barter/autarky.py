"""No trade: everyone keeps what it brought. The arm against which gains from trade are measured."""

import numpy as np
from numpy.typing import NDArray

from markets.barter.clearing import Clearing, Terms, certified
from markets.barter.parties import gather
from markets.barter.walras import efficiency_weights


def autarky(
    endowment: NDArray, preference: NDArray, present: NDArray | None = None, terms: Terms | None = None
) -> Clearing:
    """The endowment (replica, agent, good) as a `Clearing` without prices; `terms` play no part.

    It has `converged` only where nobody could gain by trade.
    """
    parties = gather(endowment, preference, present)
    allocation = parties.endowment.copy()
    price = np.full(parties.supply.shape, np.nan)
    weight = efficiency_weights(parties, allocation)
    iterations = np.zeros(len(price), np.int64)
    return certified(parties, allocation, price, weight, iterations, priced=False)
