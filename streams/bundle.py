"""A bundle: many arrays as one argument of a kernel, at the price of one.

    class Firms(Bundle, fields=("price", "wage")): ...

    @jit
    def reprice(f, index): ...  # f.price[r, j] *= index

    reprice(Firms(price, wage), 1.01)
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numba
import numpy as np
from numba.core import cgutils, types
from numba.core.datamodel import default_manager, models
from numba.extending import NativeValue, unbox
from numba.np.arrayobj import make_array, populate_array

from streams.batch import Array


class Bundle:
    """Arrays under the names that a subclass gives as `fields`; kernels see a named tuple of them.

    A real one costs every call .1 µs an array, which Numba unwraps each time. A bundle writes down once where
    its arrays lie, and a call reads that: .5 µs for forty. The arrays are attributes, and what iterating
    gives. Nobody can put another in an array's place; kernels write into them and never return one.
    """

    _fields: tuple[str, ...]

    def __init_subclass__(cls, fields: Sequence[str], **more: Any) -> None:
        super().__init_subclass__(**more)
        cls._fields = tuple(fields)

    def __init__(self, *arrays: Array) -> None:
        table = np.array(
            [word for each in arrays for word in (each.ctypes.data, *each.shape, *each.strides)], np.int64
        )
        vars(self).update(zip(self._fields, arrays, strict=True))
        vars(self).update(_arrays=arrays, _table=table, _address=table.ctypes.data)
        vars(self).update(_numba_type_=_BundleType(map(numba.typeof, arrays), type(self)))

    def __iter__(self) -> Iterator[Array]:
        return iter(self._arrays)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"{type(self).__name__} has no {name!r}; valid: {', '.join(self._fields)}")

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"{type(self).__name__}.{name} cannot be set: write {name}[...] = value")

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), self._arrays  # so that a copy notes where its own arrays lie


class _BundleType(types.NamedTuple):
    """What Numba calls a bundle."""


default_manager.register(_BundleType, models.TupleModel)


@unbox(_BundleType)
def _unwrap(kind: Any, bundle: Any, c: Any) -> Any:
    """The arrays of a bundle, made from its table by what runs before the kernel; nobody owns them."""
    word = c.context.get_value_type(types.intp)
    address = c.pyapi.object_getattr_string(bundle, "_address")
    table = c.builder.inttoptr(c.pyapi.long_as_longlong(address), word.as_pointer())
    c.pyapi.decref(address)
    value, place = c.context.get_constant_undef(kind), 0
    for i, column in enumerate(kind.types):
        row = [c.builder.load(cgutils.gep(c.builder, table, place + k)) for k in range(1 + 2 * column.ndim)]
        place += len(row)
        array = make_array(column)(c.context, c.builder)
        size = c.context.get_abi_sizeof(c.context.get_data_type(column.dtype))
        populate_array(
            array,
            data=c.builder.inttoptr(row[0], array.data.type),
            shape=cgutils.pack_array(c.builder, row[1 : 1 + column.ndim]),
            strides=cgutils.pack_array(c.builder, row[1 + column.ndim :]),
            itemsize=c.context.get_constant(types.intp, size),
            meminfo=None,
        )
        value = c.builder.insert_value(value, array._getvalue(), i)
    return NativeValue(value)
