"""How a central bank decides and what its decisions cost, from what it saw at its meetings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.inference import Interval, resamples

Floats = NDArray[np.float64]

MEETING = "meeting_"
"""What the names of series of meetings, (R, M), begin with."""

LOSS = "central_bank_loss"
MEETINGS_PER_QUARTER = 2


class Reaction(NamedTuple):
    """Smoothing of a quarter, long-run responses to inflation and output gap, and the R² of the fit."""

    smoothing: Interval
    inflation: Interval
    output: Interval
    r_squared: float

    @property
    def responses(self) -> tuple[Interval, Interval, Interval]:
        """Smoothing, response to inflation, response to the output gap."""
        return self.smoothing, self.inflation, self.output


def loss(series: Mapping[str, Floats], gap_weight: float) -> Floats:
    """Mean (inflation − target)² + weight gap² over the meetings of each history, (R,) squared points.

    The steadiness of the rate is left out.
    """
    missed = series[MEETING + "inflation"] - series[MEETING + "target"]
    return np.asarray((missed**2 + gap_weight * series[MEETING + "output_gap"] ** 2).mean(axis=1))


def reaction(series: Mapping[str, Floats], seed: int = 0) -> Reaction:
    """The reaction function estimated by least squares over all meetings of all histories.

    `i = c + rho i' + (1 - rho) (a (pi - pi*) + b y)`: `i` the rate decided, `i'` the one before, both less
    the target pi*, so that a rule of that form is found exactly. `smoothing` is rho of a quarter, a and b are
    the responses. Intervals (95 %, percentile) redraw whole histories. Source: Clarida, Gali and Gertler
    (2000), QJE 115, without expectations.
    """
    aim = series[MEETING + "aim"]
    y = series[MEETING + "decided"] - aim
    seen = (
        np.ones_like(aim),
        series[MEETING + "before"] - aim,
        series[MEETING + "inflation"] - aim,
        series[MEETING + "output_gap"],
    )
    x = np.stack(seen, axis=-1)
    products = np.concatenate([np.einsum("rmi,rmj->rij", x, x), np.einsum("rmi,rm->ri", x, y)[..., None]], -1)
    draws = resamples(len(x), seed=seed)
    counts = np.stack([(draws == history).sum(axis=1) for history in range(len(x))], axis=1)
    every = np.vstack([np.ones(len(x), np.int64), counts])
    sums = np.tensordot(every, products, axes=1)
    fitted = np.linalg.solve(sums[..., :-1], sums[..., -1:])[..., 0]
    rho = fitted[:, 1]
    smoothing, inflation, output = (
        _interval(values, len(x))
        for values in (
            np.sign(rho) * np.abs(rho) ** MEETINGS_PER_QUARTER,
            fitted[:, 2] / (1.0 - rho),
            fitted[:, 3] / (1.0 - rho),
        )
    )
    left = y - x @ fitted[0]
    explained = 1.0 - float((left**2).sum() / ((y - y.mean()) ** 2).sum())
    return Reaction(smoothing, inflation, output, explained)


def _interval(values: Floats, histories: int) -> Interval:
    """The estimate, first of `values`, with the percentiles of the others."""
    low, high = np.quantile(values[1:], (0.025, 0.975))
    sides = ((values[1:] <= 0).sum() + 1, (values[1:] >= 0).sum() + 1)
    p = min(1.0, 2.0 * min(sides) / len(values))
    return Interval(values[0], low, high, np.asarray(p), np.asarray(histories))
