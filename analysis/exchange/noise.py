"""What noise alone shows: the yardstick's own zero."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from analysis.exchange.history import Histories
from analysis.exchange.measures.impact import Parents
from analysis.exchange.statistics import STATISTICS
from analysis.inference import uniforms

Floats = NDArray[np.float64]

DRAWS = 200
"""How many histories of noise say how often it passes a gate."""

ORDERS, DISTANCES, LAGS, PAIRS = 2000, 40, 10, 200_000


@cache
def noise(days: int) -> Histories:
    """Independent normal returns, volume and spreads; coins for signs, idle large orders, a flat book."""
    closes = np.exp(np.cumsum(0.01 * _normal(0, days), axis=1))
    volume, spread, range_ = (np.exp(0.3 * _normal(seed, days)) for seed in (1, 2, 3))
    return Histories(
        closes,
        volume=volume,
        spread=spread * closes,
        range=range_,
        sign_lags=np.exp2(np.arange(float(LAGS))),
        sign_products=_normal(4, LAGS) * PAIRS**0.5,
        sign_pairs=np.full((DRAWS, LAGS), float(PAIRS)),
        profile=uniforms((DRAWS, DISTANCES), 5),
        parents=_orders(days),
    )


def _normal(seed: int, count: int) -> Floats:
    return ndtri(uniforms((DRAWS, count), seed))


def _orders(days: int) -> tuple[Parents, ...]:
    """Large orders of Pareto sizes on random days, by each history, that prices know nothing of."""
    begun, side, rank, length = (uniforms((DRAWS, ORDERS), seed) for seed in (6, 7, 8, 9))
    columns = (
        (days * begun).astype(np.int64),
        np.sign(side - 0.5),
        5e-3 * rank ** (-1 / 1.5),
        0.01 * _normal(10, ORDERS),
        length,
    )
    return tuple(Parents(*each) for each in zip(*columns))


@cache
def noise_statistics(days: int) -> dict[str, Floats]:
    """Every statistic of noise that a gate may ask for, by name."""
    histories = noise(days)
    known = {name: each for name, each in STATISTICS.items() if each.gate and not each.lacks(histories)}
    return {name: each.of(histories) for name, each in known.items()}
