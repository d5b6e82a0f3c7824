"""What a caller hands to a post, checked and laid out for the kernel: long-form rows or a dense grid."""

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

INT32, INT64 = np.dtype(np.int32), np.dtype(np.int64)


class Transfers(NamedTuple):
    """Flat read-only arrays and how to walk them; see `markets.posting.book` for `offsets` and `steps`."""

    offsets: NDArray[np.int64]
    steps: tuple[int, ...]
    replica: NDArray[np.int32]
    payer: NDArray[np.int32]
    payee: NDArray[np.int32]
    amount: NDArray[np.int64]
    choices: tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]] | None = None

    def chosen(self, place: int) -> tuple[int, int, int]:
        """Units, instrument and currency of one transfer."""
        if self.choices is None:
            return int(self.amount[place]), 0, 0
        units, instrument, currency = (int(column[place]) for column in self.choices)
        return units, instrument, currency

    def stretch(self, place: Any) -> Any:
        """The stretch that a place, or an array of places, lies in."""
        return np.searchsorted(self.offsets, place, side="right") - 1

    def first(self, count: int) -> "Transfers":
        """The first `count` transfers as long-form rows."""
        place = np.arange(count)
        stretch, slots = self.stretch(place), (self.replica, self.payer, self.payee)
        replica, payer, payee = (
            frozen(at[stretch * self.steps[k] + place * self.steps[k + 1]]) for at, k in zip(slots, (0, 2, 4))
        )
        offsets = frozen(np.minimum(self.offsets, count))
        return Transfers(offsets, (0, 1) * 3, replica, payer, payee, self.amount[:count])

    def sums(self, replicas: int) -> NDArray[np.int64]:
        """The sum of the amounts of every replica, int64 (R,)."""
        if self.steps[:2] == (1, 0):  # dense: a stretch is a replica
            return self.amount.reshape(replicas, -1).sum(axis=1)
        sums = np.zeros(replicas, np.int64)
        rows = self.first(len(self.amount))
        inside = (rows.replica >= 0) & (rows.replica < replicas)
        np.add.at(sums, rows.replica[inside], rows.amount[inside])
        return sums


def lay_out(
    flow: Any,
    every: NDArray[np.int32],
    replica: Any,
    payer: Any,
    payee: Any,
    amount: Any,
    offsets: Any = None,
    choices: tuple[Any, Any, Any] | None = None,
) -> Transfers:
    """Transfers for the kernel, `every` being 0 … R - 1. Raises TypeError (dtype) and ValueError (shape)."""
    if not isinstance(amount, np.ndarray):
        amount = np.atleast_1d(np.asarray(amount))
    if amount.dtype != INT64:
        raise TypeError(f"{flow}: amount is {amount.dtype} (must be int64)")
    if amount.ndim == 1:
        shape = (1, amount.shape[0])
        offsets = _stretches(*shape) if offsets is None else frozen(offsets)
        replica, replica_steps = _slots(flow, "replica", replica, shape)
    elif replica is None and offsets is None and amount.ndim == 2 and amount.shape[0] == len(every):
        shape = amount.shape
        offsets, replica, replica_steps = _stretches(*shape), every, (1, 0)
    else:
        raise ValueError(
            f"{flow}: amount has shape {amount.shape} (valid: (n,), or ({len(every)}, n) without replica)"
        )
    payer, payer_steps = _slots(flow, "payer", payer, shape)
    payee, payee_steps = _slots(flow, "payee", payee, shape)
    steps, flat = replica_steps + payer_steps + payee_steps, _flat(amount)
    if choices is None:
        return Transfers(offsets, steps, replica, payer, payee, flat)
    units, instrument, currency = (0 if column is None else column for column in choices)
    columns = (
        _column(flow, "units", amount if choices[0] is None else units, amount.shape, INT64),
        _column(flow, "instrument", instrument, amount.shape, INT32),
        _column(flow, "currency", currency, amount.shape, INT32),
    )
    return Transfers(offsets, steps, replica, payer, payee, flat, columns)


@lru_cache(4096)
def _stretches(rows: int, columns: int) -> NDArray[np.int64]:
    return frozen(np.arange(rows + 1) * columns)


def check_offsets(flow: Any, offsets: Any, amount: Any, flows: int) -> None:
    """Raise ValueError unless `offsets` cut long-form rows into as many stretches for each of the flows."""
    if isinstance(offsets, np.ndarray) and offsets.dtype == INT64 and offsets.ndim == 1 and offsets.size > 1:
        ascends = (offsets[1:] >= offsets[:-1]).all()
        if ascends and (offsets[0], offsets[-1]) == (0, np.size(amount)) and (offsets.size - 1) % flows == 0:
            return
    raise ValueError(
        f"{flow}: offsets must be int64 (stretches + 1,), ascending from 0 to {np.size(amount)}, "
        f"stretches a multiple of {flows}"
    )


def _slots(
    flow: Any, what: str, slots: Any, shape: tuple[int, int]
) -> tuple[NDArray[np.int32], tuple[int, int]]:
    """Slots flat and read-only, and by how much their places advance with a stretch and with a transfer."""
    if not isinstance(slots, np.ndarray):
        if isinstance(slots, (int, np.integer)):
            return _single(int(slots)), (0, 0)
        slots = np.asarray(slots)
        if slots.dtype == INT64:  # a list of ints
            slots = slots.clip(-(2**31), 2**31 - 1).astype(np.int32)
    if slots.dtype != INT32:
        raise TypeError(f"{flow}: {what} is {slots.dtype} (must be int32 or one int)")
    rows, columns = shape
    if slots.shape == shape or (rows == 1 and slots.shape == (columns,)):
        return _flat(slots), (0, 1)
    if slots.shape == (columns,):
        return _flat(slots), (-columns, 1)
    if slots.shape == (rows, 1):
        return _flat(slots), (1, 0)
    raise ValueError(f"{flow}: {what} has shape {slots.shape}, amount {shape if rows > 1 else shape[1:]}")


def _column(flow: Any, what: str, values: Any, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Any:
    """Values of `dtype` or one int, flat: one for every transfer."""
    if isinstance(values, (int, np.integer)):
        values = np.array(values, dtype)
    if np.asarray(values).dtype != dtype:
        raise TypeError(f"{flow}: {what} is {np.asarray(values).dtype} (must be {dtype} or one int)")
    if np.shape(values) not in ((), shape, shape[-1:]):
        raise ValueError(f"{flow}: {what} has shape {np.shape(values)}, amount {shape}")
    return _flat(np.broadcast_to(values, shape).copy())


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
