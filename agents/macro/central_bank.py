"""The central bank: an inertial Taylor rule, which smooths what the bank last decided.

An action adds or takes away up to five percentage points, in half points.
"""

import numpy as np
from numpy.typing import NDArray

RATE = np.linspace(-0.05, 0.05, 21)  # added to the rule's annual rate
HEADS = {"rate": 21}
NEUTRAL = (10,)
MEETINGS_PER_QUARTER = 2
RULES = {"taylor1993": (0.0, 1.5, 0.5)}
"""Rules by name -> responses (quarterly smoothing, inflation, output gap): Taylor (1993), CRCSPP 39."""

Floats = NDArray[np.float64]


def rule_rate(
    previous: Floats,
    neutral_real: Floats,
    inflation: Floats,
    target: Floats,
    output_gap: Floats,
    responses: tuple[float, float, float],
) -> Floats:
    """The rule's annual rate per replica, before shocks and floor.

    `i = rho i + (1 - rho) [r* + pi + (a - 1)(pi - pi*) + b y]` with `responses` = (quarterly rho, a, b);
    rates are annual fractions, `output_gap` is `y`, a share. Source: Clarida, Gali and Gertler (2000),
    QJE 115, who estimate it for expected inflation; Taylor (1993) with `rho` 0, `a` 1.5 and `b` .5.
    """
    rho_quarterly, response, output = responses
    desired = neutral_real + inflation + (response - 1.0) * (inflation - target) + output * output_gap
    rho = rho_quarterly ** (1.0 / MEETINGS_PER_QUARTER)
    return rho * previous + (1.0 - rho) * desired
