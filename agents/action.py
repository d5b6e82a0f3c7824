"""Action tables, declared as numbers with a unit, so that reports can say what a policy does."""

from collections.abc import Mapping
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Action(NamedTuple):
    """What the choices of a head do: `values` (choices,), by index, in a `unit` that reads after a number."""

    values: NDArray[np.float64]
    unit: str


def table_digest(table: Mapping[str, Action]) -> str:
    """Sixteen hexadecimal digits of what the choices of a population's heads do, in this order."""
    said = [(head, action.values.tolist(), action.unit) for head, action in table.items()]
    return blake2b(repr(said).encode(), digest_size=8).hexdigest()
