"""What a caller hands to a post, checked and laid out for the kernel: long-form rows or a dense grid."""

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

INT32, INT64 = np.dtype(np.int32), np.dtype(np.int64)


class Transfers(NamedTuple):
    """Flat read-only arrays and how to walk them; see `markets.posting.book` for `grid`."""

    grid: tuple[int, ...]
    replica: NDArray[np.int32]
    payer: NDArray[np.int32]
    payee: NDArray[np.int32]
    amount: NDArray[np.int64]

    def first(self, count: int) -> "Transfers":
        """The first `count` transfers as long-form rows."""
        row, column = np.divmod(np.arange(count), self.grid[1])
        steps = (self.grid[2:4], self.grid[4:6], self.grid[6:8])
        slots = (self.replica, self.payer, self.payee)
        replica, payer, payee = (frozen(at[row * i + column * j]) for at, (i, j) in zip(slots, steps))
        return Transfers((1, count, 0, 1, 0, 1, 0, 1), replica, payer, payee, self.amount[:count])

    def sums(self, replicas: int) -> NDArray[np.int64]:
        """The sum of the amounts of every replica, int64 (R,)."""
        if self.grid[2:4] == (1, 0):  # dense: a row is a replica
            return self.amount.reshape(self.grid[:2]).sum(axis=1)
        sums = np.zeros(replicas, np.int64)
        rows = self.first(len(self.amount))
        inside = (rows.replica >= 0) & (rows.replica < replicas)
        np.add.at(sums, rows.replica[inside], rows.amount[inside])
        return sums


def lay_out(
    flow: str, every: NDArray[np.int32], replica: Any, payer: Any, payee: Any, amount: Any
) -> Transfers:
    """Transfers for the kernel, `every` being 0 … R - 1. Raises TypeError (dtype) and ValueError (shape)."""
    if not isinstance(amount, np.ndarray):
        amount = np.atleast_1d(np.asarray(amount))
    if amount.dtype != INT64:
        raise TypeError(f"{flow}: amount is {amount.dtype} (must be int64 cents)")
    if amount.ndim == 1:
        shape = (1, amount.shape[0])
        replica, *steps = _slots(flow, "replica", replica, shape)
    elif replica is None and amount.ndim == 2 and amount.shape[0] == len(every):
        shape, replica, steps = amount.shape, every, [1, 0]
    else:
        raise ValueError(
            f"{flow}: amount has shape {amount.shape} (valid: (n,), or ({len(every)}, n) without replica)"
        )
    payer, *payer_steps = _slots(flow, "payer", payer, shape)
    payee, *payee_steps = _slots(flow, "payee", payee, shape)
    return Transfers((*shape, *steps, *payer_steps, *payee_steps), replica, payer, payee, _flat(amount))


def _slots(flow: str, what: str, slots: Any, shape: tuple[int, int]) -> tuple[NDArray[np.int32], int, int]:
    """Slots flat and read-only, and their steps along the two axes of `shape`."""
    if not isinstance(slots, np.ndarray):
        if isinstance(slots, (int, np.integer)):
            return _single(int(slots)), 0, 0
        slots = np.asarray(slots)
        if slots.dtype == INT64:  # a list of ints
            slots = slots.clip(-(2**31), 2**31 - 1).astype(np.int32)
    if slots.dtype != INT32:
        raise TypeError(f"{flow}: {what} is {slots.dtype} (must be int32 or one int)")
    if slots.ndim == 1 and slots.shape[0] == shape[1]:
        return _flat(slots), 0, 1
    if slots.shape == shape:
        return _flat(slots), shape[1], 1
    if slots.shape == (shape[0], 1):
        return _flat(slots), 1, 0
    raise ValueError(f"{flow}: {what} has shape {slots.shape}, amount {shape if shape[0] > 1 else shape[1:]}")


@lru_cache(4096)
def _single(slot: int) -> NDArray[np.int32]:
    return frozen(np.array([slot], np.int32))


def frozen(array: Any) -> Any:
    """A read-only view."""
    view = array.view()
    view.setflags(False)
    return view


def _flat(array: Any) -> Any:
    """One-dimensional, in C order, read-only (one kind of argument, one compilation); a view if possible."""
    flat = array.ravel()
    flat.setflags(False)
    return flat
