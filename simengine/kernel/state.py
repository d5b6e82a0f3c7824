"""State, declared once: named columns (replica, agent, …) in one arena; checkpoint, digest and names follow.

class Firms(Columns):
    alive: b1
    price: i8 = column("cent", default=100)
    review: i8 = column("tick", "when the price is looked at next", default=NEVER)
    action: i8 = column("1", width=3)

firms = sim.state.add("firms", Firms(R, capacity=40, live=20, key="firms.capacity"))
firms.price[r, slot]
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from inspect import get_annotations
from math import prod
from typing import Any, ClassVar, Protocol, TypeVar, get_type_hints

import numpy as np
from numpy.typing import NDArray

from simengine.kernel.errors import KernelError, choose, whole
from simengine.kernel.room import fits
from streams.bundle import Bundle
from streams.event import dtype_of

b1 = NDArray[np.bool_]
i1 = NDArray[np.int8]
i2 = NDArray[np.int16]
i4 = NDArray[np.int32]
i8 = NDArray[np.int64]
u8 = NDArray[np.uint64]
f4 = NDArray[np.float32]
f8 = NDArray[np.float64]

NEVER = 2**62
"""The due tick of an agent that is not to be woken."""

_ALIGNMENT = 64
_RESERVED = ("replicas", "capacity", "key", "arena", "arrays", "Arrays")
_SCALARS: dict[Any, Any] = {bool: np.bool_, int: np.int64, float: np.float64}


@dataclass(frozen=True)
class Spec:
    """What is declared of a column: unit, meaning, opening value, values per agent, what is asked of it."""

    unit: str
    doc: str = ""
    default: Any = 0
    width: int | str | None = None
    finite: bool = True
    digested: bool = True


def column(
    unit: str,
    doc: str = "",
    *,
    default: Any = 0,
    width: int | str | None = None,
    finite: bool = True,
    digested: bool = True,
) -> Any:
    """Declare a column; `width` values per agent, or the name of the constructor's argument that gives it.

    Of a living agent its numbers must be finite when the books close, unless `finite` is False. What only
    checks other columns is kept in checkpoints and is no part of the digest: `digested` is False.
    """
    return Spec(unit, doc, default, width, finite, digested)


class Structural(Protocol):
    """Anything with arrays (R, …) by name may be state: the ledger, for one."""

    def columns(self) -> dict[str, NDArray[Any]]:
        """The live, writable arrays by name."""


Member = TypeVar("Member", bound=Structural)


def _dtype(name: str, hint: Any) -> np.dtype[Any]:
    if hint in _SCALARS:
        return np.dtype(_SCALARS[hint])
    try:
        return dtype_of(hint)
    except TypeError:
        raise KernelError(
            f"column {name!r} is annotated {hint!r}: valid are b1, i1, i2, i4, i8, u8, f4, f8"
        ) from None


class Columns:
    """Columns of one population, (R, N) or (R, N, width) in one arena; without capacity (R,) or (R, width).

    Columns are never rebound (`firms.price[...] = x`, not `firms.price = x`); undeclared names are refused.
    `live` slots are alive at the start in every replica; `key` names the config key that sets the capacity.
    `arrays` is a bundle of the columns, for compiled kernels; its type is the class's `Arrays`.
    """

    alive: b1
    replicas: int
    capacity: int
    key: str
    arena: NDArray[np.uint8]
    arrays: Any
    Arrays: ClassVar[Any]
    _specs: dict[str, Spec]
    _arrays: dict[str, NDArray[Any]]

    def __init__(
        self, replicas: int, capacity: int | None = None, live: int = 0, key: str = "capacity", **widths: int
    ) -> None:
        name = type(self).__name__
        slots = whole(capacity, f"{name}: {key}", 1) if capacity is not None else 1
        if not 0 <= live <= slots:
            raise KernelError(f"{name}: live is {live}: valid is 0 to {slots}, the capacity ({key})")
        self._put("replicas", whole(replicas, f"{name}: replicas", 1))
        self._put("capacity", slots)
        self._put("key", key)
        declared = self._declared()
        known = [spec.width for spec, _ in declared.values() if isinstance(spec.width, str)]
        for width in widths:
            if width not in known:
                raise KernelError(f"{name}: {choose('width', width, known)}")
        shapes = {each: self._shape(each, spec, capacity, widths) for each, (spec, _) in declared.items()}
        self._lay_out({each: (shapes[each], dtype) for each, (_, dtype) in declared.items()})
        self._put("_specs", {each: spec for each, (spec, _) in declared.items()})
        self._put("arrays", self.Arrays(*self._arrays.values()))
        for each, spec in self._specs.items():
            self._arrays[each][...] = spec.default
        if "alive" not in declared:
            self._put("alive", np.ones((self.replicas, slots), np.bool_))
            self.alive.flags.writeable = False
        elif capacity is None:
            self.alive[...] = True
        else:
            self.alive[:, :live] = True

    def __init_subclass__(cls) -> None:
        names = dict.fromkeys(name for owner in cls._owners() for name in get_annotations(owner))
        place = {"__module__": cls.__module__, "__qualname__": f"{cls.__qualname__}.Arrays"}
        cls.Arrays = type("Arrays", (Bundle,), place, fields=names)  # compiled code is kept under this name

    @classmethod
    def _owners(cls) -> list[type]:
        return [owner for owner in reversed(cls.__mro__) if owner not in (Columns, object)]

    def _put(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)

    def spec(self, name: str) -> Spec:
        """What is declared of a column."""
        return self._specs[name]

    @classmethod
    def _declared(cls) -> dict[str, tuple[Spec, np.dtype[Any]]]:
        hints = get_type_hints(cls)
        found: dict[str, tuple[Spec, np.dtype[Any]]] = {}
        for owner in cls._owners():
            for name in get_annotations(owner):
                if hasattr(Columns, name) or name in _RESERVED or name.startswith("_"):
                    raise KernelError(
                        f"{cls.__name__}: a column cannot be named {name!r}: choose another name"
                    )
                spec = owner.__dict__.get(name, Spec("1", default=0))
                if not isinstance(spec, Spec):
                    raise KernelError(f"{cls.__name__}.{name} is {spec!r}: valid is column(unit, ...)")
                found[name] = spec, _dtype(name, hints[name])
        return found

    def _shape(self, name: str, spec: Spec, capacity: int | None, widths: dict[str, int]) -> tuple[int, ...]:
        slots = () if capacity is None else (self.capacity,)
        if spec.width is None:
            return (self.replicas, *slots)
        width = widths.get(spec.width) if isinstance(spec.width, str) else spec.width
        if width is None:
            raise KernelError(
                f"{type(self).__name__}: column {name!r} needs its width: give {spec.width}=..."
            )
        return (self.replicas, *slots, whole(width, f"{type(self).__name__}.{name}: width", 1))

    def _lay_out(self, plan: dict[str, tuple[tuple[int, ...], np.dtype[Any]]]) -> None:
        offsets: dict[str, int] = {}
        end = 0
        for name, (shape, dtype) in plan.items():
            offsets[name] = end
            end += -(-prod(shape) * dtype.itemsize // _ALIGNMENT) * _ALIGNMENT
        what = f"{type(self).__name__}: {self.replicas} replicas of {self.capacity} slots"
        fits(end, what, self.replicas, self.key)
        arena = np.zeros(end, np.uint8)
        arrays: dict[str, NDArray[Any]] = {}
        for name, (shape, dtype) in plan.items():
            size = prod(shape) * dtype.itemsize
            arrays[name] = arena[offsets[name] : offsets[name] + size].view(dtype).reshape(shape)
            self._put(name, arrays[name])
        self._put("arena", arena)
        self._put("_arrays", arrays)

    def __setattr__(self, name: str, value: Any) -> None:
        if self.__dict__.get(name) is value and value is not None:
            return  # `firms.price += 1` wrote in place and hands the same array back
        if name in self._arrays:
            raise KernelError(f"{type(self).__name__}.{name} is never rebound: write {name}[...] = value")
        raise KernelError(f"{type(self).__name__}: {choose('column', name, self._arrays)}")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        raise AttributeError(f"{type(self).__name__}: {choose('column', name, self._arrays)}")

    def columns(self) -> dict[str, NDArray[Any]]:
        """The live arrays by name, in the order they were declared."""
        return dict(self._arrays)

    def specs(self) -> dict[str, Spec]:
        """Unit, meaning, opening value and width of each column."""
        return dict(self._specs)

    def birth(self, replica: int) -> int:
        """Open the lowest free slot of a replica with every column at its default, and return it."""
        free = np.flatnonzero(~self.alive[replica])
        if not free.size:
            raise KernelError(
                f"{type(self).__name__}: all {self.capacity} slots of replica {replica} are taken: "
                f"raise {self.key}"
            )
        slot = int(free[0])
        for name, spec in self._specs.items():
            self._arrays[name][replica, slot] = spec.default
        self.alive[replica, slot] = True
        return slot


class State:
    """Every piece of state of one simulation, by name."""

    def __init__(self, replicas: int) -> None:
        self.replicas = replicas
        self._members: dict[str, Structural] = {}

    def add(self, name: str, member: Member) -> Member:
        """Make `member` part of the state (checkpointed, digested) under a name of its own; returns it."""
        if not name.isidentifier() or name in self._members:
            raise KernelError(
                f"state {name!r} cannot be added: valid is an identifier not yet among {list(self._members)}"
            )
        for each, array in member.columns().items():
            where = f"state {name}.{each}"
            if array.shape[:1] != (self.replicas,):
                raise KernelError(
                    f"{where} has shape {array.shape}: its first axis must be the {self.replicas} replicas"
                )
            if not (array.flags.c_contiguous and array.flags.writeable):
                raise KernelError(f"{where} is not a writable C-contiguous array: checkpoints write into it")
            if array.dtype.kind not in "biuf" or array.dtype.itemsize > 8:
                raise KernelError(
                    f"{where} is {array.dtype}: valid are bool, int8-int64, uint8-uint64, float32, float64"
                )
        size = sum(array.nbytes for array in (*self.arrays().values(), *member.columns().values()))
        fits(size, f"states up to {name}", self.replicas, getattr(member, "key", name))
        self._members[name] = member
        return member

    def __getitem__(self, name: str) -> Any:
        if name not in self._members:
            raise KernelError(choose("state", name, self._members))
        return self._members[name]

    def __iter__(self) -> Iterator[tuple[str, Structural]]:
        return iter(self._members.items())

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Every array by `member/column`: what a checkpoint holds."""
        return {f"{name}/{each}": array for name, member in self for each, array in member.columns().items()}

    def owner(self, array: NDArray[Any]) -> tuple[str, Columns]:
        """The name `firms.review` and the columns a declared array belongs to; another array is refused."""
        for name, member in self:
            if isinstance(member, Columns):
                for each, own in member.columns().items():
                    if own is array:
                        return f"{name}.{each}", member
        raise KernelError(
            f"due(...) of an array {np.shape(array)} that is no declared column: add it with sim.state.add"
        )
