"""Action tables, declared as numbers with a unit, so that reports can say what a policy does."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Action(NamedTuple):
    """What the choices of a head do: `values` (choices,), by index, in a `unit` that reads after a number."""

    values: NDArray[np.float64]
    unit: str
