"""The exogenous processes of the macro world: one table of what each is called, moves and is pulled by."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.kernel import Columns
from streams.jit import jit


class Disturbance(NamedTuple):
    """A process: its name among the settings, the column of `Economy` it moves, the lever that adds to it."""

    name: str
    column: str
    lever: str | None


DISTURBANCES = (
    Disturbance("productivity", "productivity", "productivity"),
    Disturbance("confidence", "confidence", "confidence"),
    Disturbance("cost", "cost", "cost"),
    Disturbance("monetary", "monetary", None),
    Disturbance("government", "spending", "government"),
    Disturbance("wage", "wage_push", None),
    Disturbance("credit", "credit", None),
    Disturbance("target", "target_drift", None),
)
"""Every process, in the order of `Economy.process` and of the innovations drawn for them."""


def disturb(e: Any, levers: Columns, innovations: NDArray[np.float64], rho: NDArray[np.float64]) -> None:
    """Advance all processes by one month and add what levers pull; `innovations` (replica, process)."""
    _advance(e.process, innovations, rho)
    pulled = levers.columns()
    for k, (_, column, lever) in enumerate(DISTURBANCES):
        getattr(e, column)[:] = e.process[:, k] + (pulled[lever] if lever else 0.0)


@jit
def _advance(process, innovations, rho):
    for r in range(process.shape[0]):
        for k in range(process.shape[1]):
            process[r, k] = rho[k] * process[r, k] + innovations[r, k]
