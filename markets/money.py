"""Exact amounts of money: one rounding rule, checked multiplication, splits that lose no cent.

Amounts are int64 cents. NumPy and Numba turn NaN into a number and wrap overflows silently, so amounts that
come from float arithmetic pass through `to_cents` (or, rounded otherwise, `whole`), products of integers
through `multiply`, and shares through `split`. All functions are usable inside kernels.
"""

from typing import Any

import numpy as np
from numba import types
from numba.extending import overload
from numpy.typing import ArrayLike, NDArray

from streams.jit import jit
from streams.whole import LARGEST, whole

SPLITTABLE = 2**49  # cents; up to here the errors of all quotas in floats together stay below half a cent
FINE = 2.0**52  # larger totals are shared by weights in whole parts of this many, exactly
HEAVIEST = 1e280  # so that cents × weights are finite


def to_cents(amount: ArrayLike, what: str = "an amount of money") -> Any:
    """Whole cents nearest to `amount` (float cents, one or an array), halves to even: int64, same shape.

    Raises NotWhole, an OverflowError, for NaN, infinite amounts and amounts of 2**62 cents or more, by the
    name of `what` it is. In kernels: one float, without a name.
    """
    return whole(np.rint(np.asarray(amount, np.float64)), what)


@overload(to_cents)
def _to_cents_in_kernels(amount):
    if isinstance(amount, types.Float):
        return lambda amount: whole(np.rint(amount), "an amount of money")
    return None


@jit
def multiply(count: int, price: int) -> int:
    """`count` × `price` as int64; raises OverflowError when the product is 2**62 or more."""
    if not abs(float(count) * float(price)) < LARGEST:
        raise OverflowError("a product of integers is beyond 2**62")
    return count * price


@jit
def _quota(total, part, whole):
    """total × part // whole and what is left over, for 0 <= part <= whole < 2**61: bit by bit, no wrap."""
    quotient, rest = np.int64(0), np.int64(0)
    for bit in range(62, -1, -1):
        quotient, rest = 2 * quotient, 2 * rest
        if rest >= whole:
            quotient, rest = quotient + 1, rest - whole
        if (total >> bit) & 1:
            rest += part
            if rest >= whole:
                quotient, rest = quotient + 1, rest - whole
    return quotient, rest


@jit
def split(total: int, weights: NDArray[np.float64]) -> NDArray[np.int64]:
    """Share `total` cents in proportion to `weights` (n,) by largest remainder: int64 (n,) that sums to it.

    Every share is its quota rounded down or up; ties go to the lowest index. Of totals above 2**49 quotas are
    exact for weights rounded to a share of 2**-52. Raises ValueError for a total outside 0 … 2**62 and for
    weights that are negative, not finite or, with something to share, sum to zero.
    """
    if not 0 <= total <= LARGEST:
        raise ValueError("a total to split must be 0 to 2**62 cents")
    whole, lost = 0.0, 0.0
    for weight in weights:
        if not 0 <= weight <= HEAVIEST:
            raise ValueError("the weights of a split must be finite (at most 1e280) and >= 0")
        longer = whole + (weight - lost)  # Kahan's sum: its error does not grow with the number of weights
        lost = (longer - whole) - (weight - lost)
        whole = longer
    shares = np.zeros(len(weights), np.int64)
    if total == 0:
        return shares
    if whole == 0:
        raise ValueError("the weights of a split must not all be zero")
    remainders = np.zeros(len(weights))
    left = total
    parts = np.zeros(len(weights), np.int64)
    if total > SPLITTABLE:
        for i in range(len(weights)):
            parts[i] = np.int64(np.rint(weights[i] / whole * FINE))
    for i in range(len(weights)):
        if total > SPLITTABLE:
            shares[i], rest = _quota(total, parts[i], parts.sum())
            remainders[i] = float(rest)
        else:
            product = total * float(weights[i])
            remainders[i] = np.fmod(product, whole)
            shares[i] = np.int64(np.rint((product - remainders[i]) / whole))
        left -= shares[i]
    order = np.argsort(-remainders, kind="mergesort")
    for place in range(left):
        shares[order[place]] += 1
    return shares


@jit
def split_rows(totals: NDArray[np.int64], weights: NDArray[np.float64]) -> NDArray[np.int64]:
    """`split` for every replica: totals (R,) by weights (R, n), int64 (R, n)."""
    shares = np.empty(weights.shape, np.int64)
    for row in range(len(totals)):
        shares[row] = split(totals[row], weights[row])
    return shares
