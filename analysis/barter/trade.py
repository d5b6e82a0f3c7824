"""What trade achieves: how far rates of substitution and prices come together, and how much is gained."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.barter.measure import Measure, compared, per_history

Floats = NDArray[np.float64]


def mrs_dispersion(
    taste: Floats, before: Floats, after: Floats, offset: float = 1.0, seed: int = 0
) -> Measure:
    """The spread of log marginal rates of substitution after trade, against that before it.

    Shares of taste and goods (replica, tick, agent, good) for utility Σ w log(offset + x); 0 where nobody
    could gain by another trade, unless somebody holds none of a good.
    """
    values = per_history(dispersion(taste, after, offset))
    null = per_history(dispersion(taste, before, offset))
    return compared("dispersion of substitution", values, null, "sd of log MRS", seed)


def dispersion(taste: Floats, goods: Floats, offset: float = 1.0) -> Floats:
    """The sd among agents of the log MRS, root mean square over pairs of goods: (…, N, G) to (…).

    For two goods that is the sd of the log of their MRS; for more it singles out no numeraire. NaN where a
    marginal utility is not finite.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        marginal = np.log(taste) - np.log(offset + goods)
        relative = marginal - marginal.mean(axis=-1, keepdims=True)
        variance = relative.var(axis=-2).sum(axis=-1)
    return np.sqrt(2.0 * variance / (taste.shape[-1] - 1))


def price_distance(
    prices: Floats, zero_intelligence: Floats, equilibrium: ArrayLike, seed: int = 0
) -> Measure:
    """The root mean square log distance of prices from equilibrium, against zero-intelligence traders.

    Prices (replica, tick) of one good in another, of the society and of traders who bid at random within
    their budgets; `equilibrium` (replica, tick) or a number. Source: Gode and Sunder (1993), JPE 101.
    """
    values, null = (_root_mean_square(x, equilibrium) for x in (prices, zero_intelligence))
    return compared("distance of prices", values, null, "log points", seed)


def price_convergence(
    prices: Floats, zero_intelligence: Floats, equilibrium: ArrayLike, seed: int = 0
) -> Measure:
    """The log of how many times nearer to equilibrium prices are in the last third than in the first.

    Arrays as in `price_distance`; the null is the same of zero-intelligence traders, whom the market itself
    disciplines.
    """
    third = prices.shape[1] // 3
    if third == 0:
        raise ValueError(f"price_convergence: {prices.shape[1]} ticks: valid are 3 or more")
    aim = np.broadcast_to(equilibrium, prices.shape)

    def nearer(x: Floats) -> Floats:
        early, late = (
            _root_mean_square(x[:, part], aim[:, part]) for part in (slice(third), slice(-third, None))
        )
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.log(early / late)

    return compared("convergence of prices", nearer(prices), nearer(zero_intelligence), "log", seed)


def surplus_captured(share: Floats, seed: int = 0) -> Measure:
    """The share of the gain that trade could bring that it brought, (replica, tick), as declared.

    There is no null: a Walrasian market takes all of it by construction.
    """
    return compared("surplus captured, as declared", per_history(share), None, "share", seed)


def walras_distance(distance: Floats, seed: int = 0) -> Measure:
    """Return ‖x − x*‖ / ‖e − x*‖, (replica, tick), as declared; 1 is no trade, and there is no null.

    In a Walrasian market it is 0 by construction.
    """
    return compared("distance from Walras, as declared", per_history(distance), None, "share", seed)


def _root_mean_square(prices: Floats, equilibrium: ArrayLike) -> Floats:
    return np.sqrt(per_history(np.log(prices / np.asarray(equilibrium)) ** 2))
