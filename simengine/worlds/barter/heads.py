"""What foragers decide, each head with the answer that an untrained one gives where that is a constant."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from agents.barter.forager import EFFORT_AT_REST, LEAST_WANTED, SHARE_EATEN_AT_REST
from simengine.kernel import Categorical, Head, Real, Simplex
from simengine.worlds.barter.config import BarterConfig


def heads(config: BarterConfig) -> dict[str, Head]:
    """The six heads of a forager, in the order in which a tick asks for them."""
    goods, (effort, eaten) = len(config.goods), map(logistic, (EFFORT_AT_REST, SHARE_EATEN_AT_REST))
    return {
        "message": Real(-1.0, 1.0, config.nets.message),  # said to all, numbers of no given meaning
        "attention": Simplex(config.attended),  # shares given to those it listens to
        "job": Categorical(len(config.jobs)),
        "effort": Real(0.0, 1.0, neutral=(effort,)),  # share of full effort
        "declared": Simplex(goods),  # preferences, to the market
        "eaten": Real(0.0, 1.0, goods, neutral=(eaten,) * goods),  # share of each good held
    }


def wanted(declared: NDArray[np.float64]) -> NDArray[np.float64]:
    """Preferences (R, N, goods) as the market takes them: whoever wants none of a good wants a trace of it.

    A market cannot join goods that nobody wants. Foragers' own networks always want a trace.
    """
    none = (declared < 0.5 * LEAST_WANTED).any(axis=2, keepdims=True)
    traced = LEAST_WANTED + (1.0 - declared.shape[2] * LEAST_WANTED) * declared
    return np.where(none, traced, declared)


def logistic(x: float) -> float:
    """The logistic function."""
    return 1.0 / (1.0 + math.exp(-x))
