"""Numbers of live slots that are not finite: found when the books close, by column, replica and agent."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simengine.kernel.state import Columns, State
from streams.jit import jit


@jit
def _bad(bits, table, alive, exponent):
    """Row of `table` (offset, values per slot) and flat place of the first such number, or -1, -1."""
    replicas, slots = alive.shape
    for c in range(table.shape[0]):
        offset, count = table[c, 0], slots * table[c, 1]
        column = bits[offset : offset + replicas * count]
        found = False
        for i in range(column.size):  # which compiles to vector instructions: who lives is asked afterwards
            found |= column[i] & exponent == exponent
        if found:
            for i in range(column.size):
                if column[i] & exponent == exponent and alive[i // count, i % count // table[c, 1]]:
                    return c, i
    return -1, -1


class Finite:
    """The columns of float of one state, all but those declared `finite=False`."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._plans: list[tuple[str, Columns, list[str], tuple[Any, ...]]] | None = None

    def problems(self) -> list[str]:
        """What is not finite, the first of each population and type."""
        if self._plans is None:
            self._plans = [*self._planned()]
        return [self._named(*plan[:3], *at) for plan in self._plans if (at := _bad(*plan[3]))[0] >= 0]

    def _planned(self) -> Any:
        for name, member in self.state:
            if not isinstance(member, Columns):
                continue
            alive = member.alive.reshape(member.replicas, -1)
            for size, kind, exponent in (
                (4, np.uint32, np.uint32(0x7F800000)),
                (8, np.uint64, np.uint64(0x7FF0000000000000)),
            ):
                table, names = [], []
                for each, array in member.columns().items():
                    if array.dtype.kind == "f" and array.itemsize == size and member.spec(each).finite:
                        names.append(each)
                        offset = (array.ctypes.data - member.arena.ctypes.data) // size
                        table.append((offset, array.size // alive.size))
                if table:
                    yield name, member, names, (member.arena.view(kind), np.array(table), alive, exponent)

    def _named(self, name: str, member: Columns, names: list[str], row: int, place: int) -> str:
        array: NDArray[Any] = member.columns()[names[row]]
        replica, *slot = (int(i) for i in np.unravel_index(place, array.shape))
        who = f" of agent {slot[0]}" if slot and member.alive.ndim > 1 else ""
        value = array.reshape(-1)[place]
        return f"{name}.{names[row]}{who} in replica {replica} is {value}: valid is a finite number"
