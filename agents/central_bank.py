"""The central bank: an inertial Taylor rule in the unemployment gap.

An action adds up to five percentage points to the rule's rate, in half points.
"""

import numpy as np
from numpy.typing import NDArray

RATE = np.linspace(-0.05, 0.05, 21)  # added to the rule's annual rate
HEADS = {"rate": 21}
NEUTRAL = (10,)
MEETINGS_PER_QUARTER = 2

Floats = NDArray[np.float64]


def rule_rate(
    previous: Floats,
    neutral_real: Floats,
    inflation: Floats,
    target: Floats,
    slack: Floats,
    responses: tuple[float, float, float, float],
) -> Floats:
    """Return the rule's annual rate per replica, before shocks and floor.

    ``i = rho i + (1 - rho) [r* + pi + (a - 1)(pi - pi*) - b okun (u - u*)]`` with ``responses`` = (quarterly
    rho, a, b, okun); rates are annual fractions, ``slack`` is ``u - u*``. Source: Clarida, Gali and Gertler
    (2000), QJE 115, with the output gap read off unemployment by Okun's law.
    """
    rho_quarterly, response, output, okun = responses
    desired = neutral_real + inflation + (response - 1.0) * (inflation - target) - output * okun * slack
    rho = rho_quarterly ** (1.0 / MEETINGS_PER_QUARTER)
    return rho * previous + (1.0 - rho) * desired
