"""How a batch is built from what is published."""

import math
from typing import Any

import numpy as np

from streams.batch import Array, Batch, find_bounds, frozen, places
from streams.event import Column, EventType, Names, declared
from streams.ticked import TickedBatch

_REPLICA = np.dtype(np.int32)


def build(
    event: type,
    names: Names,
    replicas: int,
    tick: int,
    replica: Any,
    dense: Any,
    columns: dict[str, Any],
    ticks: Any = None,
) -> Batch:
    """A batch from what was published: columns are checked and made read-only.

    Fresh arrays are not copied, nor are views of read-only ones; other views may change later, so they are.
    `columns` is changed in place and belongs to the batch afterwards; `names` are those of the bus.
    A plain number (or a name, for a column of codes) stands for a column that holds it in every row. With
    `ticks` (rows,), the tick of each row, it is a batch of many ticks.
    """
    kind = declared(event)
    if columns.keys() != kind.columns.keys():
        wrong = sorted(columns.keys() ^ kind.columns.keys())
        valid = ", ".join(kind.columns)
        raise TypeError(f"{kind.name}: columns {wrong} are missing or unknown; valid: {valid}")
    if dense is None:
        columns["replica"] = rows = _rows(kind, replica, columns)
        bounds, shape = find_bounds(rows, replicas, kind.name), rows.shape
    else:
        bounds, shape = None, tuple(dense)
        some = range(replicas) if replica is None else replica
        if type(some) is not range or shape[0] != len(some) or some.stop > replicas:
            raise ValueError(
                f"{kind.name}: dense={shape} given; valid: ({replicas}, …) without replica=, "
                "or the number of replicas in a range"
            )
    flat = len(shape) == 1
    for name, column in kind.columns.items():
        value = columns[name]
        if type(value) is not np.ndarray:
            columns[name] = value = _plain(kind, column, value, names)
            if type(value) is not np.ndarray:
                continue
        if value.shape != shape:
            raise ValueError(f"{kind.name}.{name}: shape {value.shape} given; valid: {shape}")
        if flat and type(value.base) is not np.ndarray and value.dtype == column.dtype:
            value.setflags(False)  # type: ignore[call-arg]  # the common case, at half the price
        else:
            columns[name] = _owned(kind, name, value, column.dtype)
    if ticks is not None:
        at = _ticks(kind, ticks, shape, dense)
        return TickedBatch(event, at, replicas, columns, shape[0], names, bounds)
    size = math.prod(shape)
    if dense is not None and len(some) < replicas:
        agents = math.prod(shape[1:])
        implied = ("replica",) if len(shape) == 1 or "agent" in kind.columns else ("replica", "agent")
        for name in implied:
            columns[name] = places(name, some.start * agents, some.stop * agents, shape)
        dense = None  # it has the rows of some replicas only: no shape that others could rely on
    return Batch(event, tick, replicas, columns, size, names, None if dense is None else shape, bounds)


def _ticks(kind: EventType, ticks: Any, shape: tuple[int, ...], dense: Any) -> Array:
    given = np.asarray(ticks)
    if dense is not None or given.shape != shape:
        told = f"dense={dense}" if dense is not None else f"shape {given.shape}"
        raise ValueError(f"{kind.name}: ticks with {told} given; valid: rows, replica= and ticks {shape}")
    return _owned(kind, "tick", given, _REPLICA)


def _rows(kind: EventType, replica: Any, columns: dict[str, Any]) -> Array:
    if replica is None:
        raise TypeError(f"{kind.name}: give replica=, the replica of each row, or dense=(R, agents)")
    if type(replica) is not np.ndarray:
        size = max(np.size(value) for value in columns.values())
        replica = np.full(size, replica, np.int32) if np.ndim(replica) == 0 else np.asarray(replica)
    if replica.ndim != 1:
        raise ValueError(f"{kind.name}: replica has shape {replica.shape}; valid: (rows,)")
    return _owned(kind, "replica", replica, _REPLICA)


def _plain(kind: EventType, column: Column, value: Any, names: Names) -> Any:
    """A number for a constant column, an array for a sequence."""
    if type(value) is int and column.dtype.kind == "i":
        return value
    if type(value) is str:
        if column.labels is None:
            raise TypeError(f"{kind.name}.{column.name}: {value!r} given; valid: {column.dtype}")
        try:
            return names.of(column.labels).code(value)
        except ValueError as error:
            raise ValueError(f"{kind.name}.{column.name}: {error}") from None
    array = np.asarray(value)
    return array if array.ndim else _owned(kind, column.name, array, column.dtype).item()


def _owned(kind: EventType, name: str, array: Array, dtype: np.dtype[Any]) -> Array:
    """The array itself, read-only, or a copy if it is a view of something that may change."""
    if array.dtype != dtype:
        if not np.can_cast(array.dtype, dtype, "same_kind"):
            raise TypeError(f"{kind.name}.{name}: {array.dtype} given; valid: {dtype}")
        array = array.astype(dtype)
    elif type(array.base) is np.ndarray and array.base.flags.writeable:
        array = array.copy()
    frozen(array)
    return array if array.ndim < 2 else array.reshape(-1)
