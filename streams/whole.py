"""Whole numbers out of floats, checked: NumPy and Numba turn what does not fit into another number.

    purse = whole(np.floor(cents), "a purse")        # also inside kernels, where `what` is a literal
"""

from typing import Any

import numpy as np
from numba import types
from numba.extending import overload
from numpy.typing import ArrayLike

LARGEST = 2**62
"""What no whole number reaches: sums of two still fit."""


class NotWhole(OverflowError):
    """A number that stands for no whole one: `what`, its value, and where in an array it was."""

    def __init__(self, what: str, value: float, place: tuple[int, ...] = ()) -> None:
        super().__init__(what, value, place)

    def __str__(self) -> str:
        what, value, place = self.args
        where = f" at {', '.join(map(str, place))}" if place else ""
        return f"{what}{where} is {value:.6g}: valid is a finite number between -2**62 and 2**62"


def whole(number: ArrayLike, what: str) -> Any:
    """`number`, a rounded float or an array of them, as int64; NotWhole where one has no such value."""
    numbers = np.asarray(number, np.float64)
    bad = ~(np.abs(numbers) < LARGEST)
    if bad.any():
        place = tuple(map(int, np.argwhere(bad)[0]))
        raise NotWhole(what, float(numbers[place]), place)
    return numbers.astype(np.int64)[()]


@overload(whole, prefer_literal=True)
def _whole_in_kernels(number, what):
    if not (isinstance(number, types.Float) and isinstance(what, types.StringLiteral)):
        return None
    said = what.literal_value

    def checked(number, what):
        if not abs(number) < LARGEST:  # also true for NaN
            raise NotWhole(said, number)
        return np.int64(number)

    return checked
