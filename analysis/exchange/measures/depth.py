"""Where a book is deepest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def hump(profile: Floats) -> float:
    """Price steps from the best price to the deepest level of a mean book, by distance (D,).

    Books are deepest some way off the best price: Bouchaud, Mézard and Potters (2002). NaN of an empty book
    and of one that is deepest at the end of what was looked at.
    """
    at = int(np.argmax(profile))
    return float(at) if profile[at] > 0 and at < len(profile) - 1 else float("nan")
