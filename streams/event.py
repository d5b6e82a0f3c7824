"""Event types: a class whose annotations are columns, and what its docstring says.

    @event
    class Shipment:
        \"\"\"Goods on their way from a firm to a household.\"\"\"

        firm: i4 = col("slot", "who sends")
        weight: f8 = col("kg", "gross weight")

`tick` and `replica` are columns of every event; a dense snapshot of a population also has `agent`.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar, get_args, get_type_hints, overload

import numpy as np

i1: TypeAlias = np.int8
i2: TypeAlias = np.int16
i4: TypeAlias = np.int32
i8: TypeAlias = np.int64
f4: TypeAlias = np.float32
f8: TypeAlias = np.float64
flag: TypeAlias = np.bool_

RESERVED = frozenset(
    {
        *("tick", "replica", "replicas", "dense", "event", "shape", "columns", "bounds", "counts"),
        *("only", "total", "add", "grid", "of", "part", "span", "stretch", "where", "rows", "frame"),
        *("ticks", "by_tick", "in_time", "label"),
    }
)

EVENTS: dict[str, type] = {}
"""Every event type of this process by `path_of` it."""

C = TypeVar("C", bound=type)


class Labels:
    """Names behind the integer codes of a column: a fixed list, or one that grows, on each bus by itself."""

    def __init__(self, names: Iterable[str] = (), grows: bool = False):
        self.names = list(names)
        self.grows = grows
        self._codes = {name: code for code, name in enumerate(self.names)}

    def code(self, name: str) -> int:
        """The integer for `name`. An unknown name is added when the list grows, else a ValueError."""
        code = self._codes.get(name)
        if code is None:
            if not self.grows:
                raise ValueError(f"unknown name {name!r}; valid: {', '.join(self.names)}")
            code = self._codes[name] = len(self.names)
            self.names.append(name)
        return code

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __getitem__(self, code: int) -> str:
        return self.names[code]


class Names:
    """The names that one bus has given codes to: those that columns declare, and its own where these grow."""

    def __init__(self) -> None:
        self._own: dict[Labels, Labels] = {}

    def of(self, labels: Labels) -> Labels:
        """What stands behind the codes of columns declared with `labels`."""
        if not labels.grows:
            return labels
        if labels not in self._own:
            self._own[labels] = Labels(labels.names, grows=True)
        return self._own[labels]


@dataclass(frozen=True)
class Column:
    """One column of an event type; `labels` names the codes of a column of codes."""

    name: str
    dtype: np.dtype[Any]
    unit: str
    doc: str
    labels: Labels | None = None


@dataclass(frozen=True)
class EventType:
    """What `@event` learned about a class; `series` says that it is recorded of every replica."""

    name: str
    doc: str
    columns: dict[str, Column]
    series: bool


@dataclass(frozen=True)
class _Declared:
    unit: str
    doc: str
    labels: Labels | None


def col(unit: str, doc: str = "", labels: Labels | Iterable[str] | None = None) -> Any:
    """Declare a column of an event class: its unit, its meaning, and the names of its codes, if any."""
    if labels is not None and not isinstance(labels, Labels):
        labels = Labels(labels)
    return _Declared(unit, doc, labels)


@overload
def event(cls: C) -> C: ...
@overload
def event(*, series: bool = ...) -> Callable[[C], C]: ...
def event(cls: Any = None, *, series: bool = False) -> Any:
    """Make a class an event type; `@event(series=True)` marks the type whose columns are the run's series."""
    if cls is None:
        return lambda cls: _declare(cls, series)
    return _declare(cls, series)


def _declare(cls: C, series: bool) -> C:
    doc = (cls.__doc__ or "").strip()
    if not doc and sys.flags.optimize < 2:  # python -OO leaves none
        raise TypeError(f"event {cls.__name__}: a docstring is required")
    columns: dict[str, Column] = {}
    for name, kind in get_type_hints(cls).items():
        declared = getattr(cls, name, None)
        if not isinstance(declared, _Declared):
            raise TypeError(f"event {cls.__name__}.{name}: write {name}: {kind.__name__} = col(unit, doc)")
        if name in RESERVED or name.startswith("_"):
            raise TypeError(f"event {cls.__name__}: column name {name!r} is reserved")
        columns[name] = Column(name, dtype_of(kind), declared.unit, declared.doc, declared.labels)
    if not columns:
        raise TypeError(f"event {cls.__name__}: declare at least one column, as in amount: i8 = col('cent')")
    for column in columns.values():
        setattr(cls, column.name, column)
    EVENTS[path_of(cls)] = cls
    cls.__event__ = EventType(cls.__name__, doc, columns, series)  # type: ignore[attr-defined]
    return cls


def dtype_of(annotation: Any) -> np.dtype[Any]:
    """The type of a column annotated with a NumPy scalar or an `NDArray` of one; TypeError for others."""
    scalar = (get_args(annotation) or (annotation,))[-1]
    scalar = (get_args(scalar) or (scalar,))[0]  # NDArray[X] became an alias with the argument X in NumPy 2.5
    if not (isinstance(scalar, type) and issubclass(scalar, np.generic)):
        raise TypeError(f"annotation {annotation!r}: valid is a NumPy scalar type or an NDArray of one")
    return np.dtype(scalar)


def path_of(event: type) -> str:
    """Where a class is defined, which tells two of one name apart: module:name."""
    return f"{event.__module__}:{event.__qualname__}"


def declared(event: type) -> EventType:
    """What is declared about an event class; TypeError for a class that is not one."""
    try:
        found: EventType = event.__dict__["__event__"]
    except (KeyError, AttributeError):
        raise TypeError(f"{event!r} is not an event type: decorate a class with @event") from None
    return found
