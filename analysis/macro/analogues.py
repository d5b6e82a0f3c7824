"""Conditioning simulated histories on an observed state: nearest analogues, adjusted by local regression.

Lorenz (1969) forecast from the futures of past states like the present one. A simulated economy has as
many pasts as one runs. The quarters whose state is nearest to the observed one, all in deviations from means,
stand for the economy at the origin: books, jobs, stocks and plans of each agree, for they were lived. What
distance is left between their states and the observed one is taken out of their futures by a linear
regression, as in approximate Bayesian computation (Beaumont, Zhang and Balding 2002); over all simulated
quarters, because at the edge of the ensemble, where deep recessions lie, slopes of neighbours are chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

COLUMNS = ("GDP growth", "inflation", "unemployment", "interest rate")
VARIABLES = COLUMNS[:2]  # what is forecast
STATE = (
    "GDP growth, mean of two quarters",
    "inflation, mean of two quarters",
    "unemployment",
    "change of unemployment over two quarters",
    "interest rate",
)
MEMORY = 2  # quarters before the present one that a state needs
SHARE = 0.05  # of the simulated quarters that stand for the observed one
FEWEST = 30


def observations(gdp: ArrayLike, prices: ArrayLike, unemployment: ArrayLike, rate: ArrayLike) -> Floats:
    """Return `COLUMNS` (..., quarter − 1, 4) of levels (..., quarter): log changes, % a year; rates, %."""
    levels = [np.asarray(series, dtype=np.float64) for series in (gdp, prices, unemployment, rate)]
    growth, inflation = (400.0 * np.diff(np.log(level)) for level in levels[:2])
    return np.stack([growth, inflation, levels[2][..., 1:], levels[3][..., 1:]], axis=-1)


def states(deviations: Floats) -> Floats:
    """Return `STATE` of every quarter but the first two: (..., quarter, 4) to (..., quarter − 2, 5)."""
    now, before, earlier = deviations[..., 2:, :], deviations[..., 1:-1, :], deviations[..., :-2, :]
    recent = 0.5 * (now + before)
    parts = [recent[..., 0], recent[..., 1], now[..., 2], now[..., 2] - earlier[..., 2], now[..., 3]]
    return np.stack(parts, axis=-1)


@dataclass(frozen=True)
class Analogues:
    """Simulated quarters to choose from: states (quarter, 5) and futures (quarter, horizon, variable).

    Both are deviations from the histories' means; `scale` (5,) are the states' standard deviations, `slopes`
    (5, horizon, variable) what a standard deviation of a state moves futures by.
    """

    states: Floats
    futures: Floats
    scale: Floats
    slopes: Floats

    @classmethod
    def of(cls, histories: Floats, horizons: Sequence[int]) -> Analogues:
        """Take every quarter of observations (replica, quarter, 4) whose futures lie inside its history.

        ValueError when there are fewer than `FEWEST`.
        """
        deviations = histories - histories.mean(axis=(0, 1))
        last = histories.shape[1] - max(horizons)
        known = states(deviations[:, :last]).reshape(-1, len(STATE))
        ahead = [deviations[:, MEMORY + h : last + h, : len(VARIABLES)] for h in horizons]
        futures = np.stack(ahead, axis=2).reshape(-1, len(horizons), len(VARIABLES))
        if len(known) < FEWEST:
            raise ValueError(f"analogues: {len(known)} simulated quarters with a future (at least {FEWEST})")
        scale = known.std(axis=0)
        given = np.column_stack([np.ones(len(known)), known / scale])
        slopes = np.linalg.lstsq(given, futures.reshape(len(known), -1), rcond=None)[0][1:]
        return cls(known, futures, scale, slopes.reshape(-1, *futures.shape[1:]))

    @property
    def nearest(self) -> int:
        """How many analogues make an ensemble."""
        return max(FEWEST, round(SHARE * len(self.states)))

    def forecast(self, deviations: Floats) -> Floats:
        """Futures (member, horizon, variable) of the last quarter of (quarter, 4), in deviations."""
        apart = (self.states - states(deviations[-MEMORY - 1 :])[0]) / self.scale
        chosen = np.argpartition((apart**2).sum(axis=1), self.nearest - 1)[: self.nearest]
        return self.futures[chosen] - np.tensordot(apart[chosen], self.slopes, axes=1)
