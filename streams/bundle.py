"""A bundle: many arrays as one argument of a kernel, at the price of one number.

    class Firms(Bundle, fields=("price", "wage")): ...

    @jit
    def reprice(f, index): ...  # f.price[r, j] *= index

    reprice(Firms(price, wage), 1.01)
"""

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import Any

import numba
import numpy as np
from numba.core import cgutils, types
from numba.core.datamodel import models, register_default
from numba.core.imputils import lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.extending import NativeValue, unbox
from numba.np.arrayobj import make_array, populate_array

from streams.batch import Array


class Bundle:
    """Arrays, or bundles of them, under the names that a subclass gives as `fields`.

    A named tuple costs every call .1 µs an array, which Numba unwraps each time, and every call inside
    compiled code a copy of all it holds. A bundle writes down once where its arrays lie; kernels are handed
    the place of that table and read from it what they use. The arrays are attributes, and what iterating
    gives. Nobody can put another in an array's place; kernels write into them and never return one.
    """

    _fields: tuple[str, ...]

    def __init_subclass__(cls, fields: Sequence[str], **more: Any) -> None:
        super().__init_subclass__(**more)
        cls._fields = tuple(fields)

    def __init__(self, *arrays: "Array | Bundle") -> None:
        table = np.array([word for each in arrays for word in _words(each)], np.int64)
        vars(self).update(zip(self._fields, arrays, strict=True))
        vars(self).update(_arrays=arrays, _table=table, _address=table.ctypes.data)
        kinds = tuple(map(numba.typeof, arrays))
        vars(self).update(_numba_type_=_BundleType(type(self), dict(zip(self._fields, kinds))))

    def __iter__(self) -> "Iterator[Array | Bundle]":
        return iter(self._arrays)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"{type(self).__name__} has no {name!r}; valid: {', '.join(self._fields)}")

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"{type(self).__name__}.{name} cannot be set: write {name}[...] = value")

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), self._arrays  # so that a copy notes where its own arrays lie


def _words(each: "Array | Bundle") -> tuple[int, ...]:
    """What a table says of an array, or of a bundle."""
    if isinstance(each, Bundle):
        return (each._address,)
    return each.ctypes.data, *each.shape, *each.strides


class _BundleType(types.Type):
    """What Numba calls a bundle: the types of its fields, and where its table speaks of each."""

    def __init__(self, owner: type, fields: dict[str, Any]) -> None:
        self.fields, self.places, place = fields, {}, 0
        for name, kind in fields.items():
            self.places[name] = place
            place += 1 if isinstance(kind, _BundleType) else 1 + 2 * kind.ndim
        what = ", ".join(f"{name}: {kind}" for name, kind in fields.items())
        short = blake2b(what.encode(), digest_size=8).hexdigest()  # names of compiled functions hold it
        super().__init__(f"{owner.__module__}.{owner.__qualname__}({short})")


@register_default(_BundleType)
class _Model(models.OpaqueModel):
    """In compiled code a bundle is where its table lies."""


@unbox(_BundleType)
def _unwrap(kind: Any, bundle: Any, c: Any) -> Any:
    address = c.pyapi.object_getattr_string(bundle, "_address")
    table = c.builder.inttoptr(c.pyapi.long_as_longlong(address), c.context.get_value_type(kind))
    c.pyapi.decref(address)
    return NativeValue(table)


@infer_getattr
class _Attribute(AttributeTemplate):
    key = _BundleType

    def generic_resolve(self, kind: Any, name: str) -> Any:  # type: ignore[override]
        return kind.fields.get(name)


@lower_getattr_generic(_BundleType)
def _read(context: Any, builder: Any, kind: Any, table: Any, name: str) -> Any:
    """A field as its table gives it: an array that nobody owns, or another bundle."""
    column, place = kind.fields[name], kind.places[name]
    words = builder.bitcast(table, context.get_value_type(types.intp).as_pointer())

    def word(k: int) -> Any:
        loaded = builder.load(cgutils.gep(builder, words, place + k))
        loaded.set_metadata("invariant.load", builder.module.add_metadata([]))
        return loaded

    if isinstance(column, _BundleType):
        return builder.inttoptr(word(0), context.get_value_type(column))
    n, array = column.ndim, make_array(column)(context, builder)
    size = context.get_abi_sizeof(context.get_data_type(column.dtype))
    populate_array(
        array,
        data=builder.inttoptr(word(0), array.data.type),
        shape=cgutils.pack_array(builder, [word(1 + k) for k in range(n)]),
        strides=cgutils.pack_array(builder, [word(1 + n + k) for k in range(n)]),
        itemsize=context.get_constant(types.intp, size),
        meminfo=None,
    )
    return array._getvalue()
