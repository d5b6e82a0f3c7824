"""Moving a stretch of an array within itself, in compiled code, at the speed of memory."""

from typing import Any

from numba.core import cgutils, types
from numba.extending import intrinsic
from numba.np.arrayobj import make_array


@intrinsic
def shift(typing: Any, array: Any, to: Any, first: Any, count: Any) -> Any:
    """Move `count` elements of a contiguous array from place `first` on to place `to` on, in memory's order.

    They may overlap. Nothing is checked.
    """

    def move(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        kind = signature.args[0]
        data = make_array(kind)(context, builder, given[0]).data
        size = context.get_abi_sizeof(context.get_data_type(kind.dtype))
        target, source = (builder.gep(data, [place]) for place in given[1:3])
        cgutils.raw_memmove(builder, target, source, given[3], size)
        return context.get_dummy_value()

    return types.void(array, types.int64, types.int64, types.int64), move
