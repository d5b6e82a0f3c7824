"""Observations, checked: one array of features, or several by name, some of a length that differs by row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simengine.kernel.errors import KernelError
from simengine.kernel.selection import all_finite, left_out

if TYPE_CHECKING:
    from simengine.kernel.asks import Ask

MASK = "_mask"
"""What the name of a mask ends with: `heard_mask` (rows, most) says which entries of `heard` are there."""


def checked(seen: Any, ask: Ask) -> Any:
    """What was observed for an ask; KernelError for the first array that is not as it must be.

    Valid is float32 (rows, features), or a dict of float32 arrays (rows, …); beside one of variable length
    (rows, most, …) stands a bool array `<name>_mask` (rows, most), and what it leaves out is 0.
    """
    if not isinstance(seen, dict):
        _numbers(seen, ask, "", 2)
        return _own(seen)
    for name, array in seen.items():
        of = name.removesuffix(MASK)
        if of != name and of in seen:
            _mask(array, seen[of], ask, name)
        else:
            _numbers(array, ask, name, None)
    return {name: _own(array) for name, array in seen.items()}


def _own(array: NDArray[Any]) -> NDArray[Any]:
    """An array that is nobody else's: what a policy writes into it must not reach the state."""
    return array if array.flags.owndata else array.copy()


def _numbers(array: Any, ask: Ask, name: str, axes: int | None) -> None:
    fits = isinstance(array, np.ndarray) and array.dtype == np.float32 and array.ndim >= 1
    if not fits or len(array) != len(ask) or array.ndim != (axes or array.ndim):
        valid = f"({len(ask)}, features)" if axes else f"({len(ask)}, ...)"
        raise _misfit(array, ask, name, f"{valid} float32")
    if not all_finite(array.reshape(-1)):
        bad = np.argwhere(~np.isfinite(array))
        raise _refused(array, ask, name, tuple(int(i) for i in bad[0]), "a finite number")


def _mask(mask: Any, array: NDArray[np.float32], ask: Ask, name: str) -> None:
    if not isinstance(mask, np.ndarray) or mask.dtype != np.bool_ or mask.shape != array.shape[:2]:
        raise _misfit(mask, ask, name, f"{array.shape[:2]} bool")
    width = int(np.prod(array.shape[2:], dtype=np.int64))
    if left_out(array.reshape(mask.size, width), mask.reshape(-1)):
        return
    beyond = np.argwhere((array != 0.0) & ~mask.reshape(*mask.shape, *(1,) * (array.ndim - 2)))
    place = tuple(int(i) for i in beyond[0])
    raise _refused(array, ask, name.removesuffix(MASK), place, f"0 where {name} is False")


def _misfit(array: Any, ask: Ask, name: str, valid: str) -> KernelError:
    given = f"{array.shape} {array.dtype}" if isinstance(array, np.ndarray) else f"{array!r:.40}"
    what = f"{given} as {name}" if name else given
    return KernelError(f"{ask.population}: observe gave {what}: valid is {valid}")


def _refused(array: Any, ask: Ask, name: str, place: tuple[int, ...], valid: str) -> KernelError:
    row, *inner = place
    where = " ".join(filter(None, [name, ", ".join(map(str, inner))]))
    return KernelError(
        f"{ask.population}: observation {where} of agent {ask.agent[row]} in replica {ask.replica[row]} "
        f"is {array[place]}: valid is {valid}",
        int(ask.replica[row]),
    )
