"""Whether state has room in this machine's memory, asked before any of it is laid out."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path

from simengine.kernel.errors import KernelError

POPULATED = 3
"""How many times its state a world holds while it is populated: twice was measured, of large ones."""


@cache
def memory() -> int:
    """The bytes that a process may have here: the machine's, or its container's."""
    found = [sys.maxsize]
    with suppress(OSError, ValueError, AttributeError):
        found.append(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    with suppress(OSError, ValueError):
        found.append(int(Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii")))
    return min(found)


def fits(state: int, what: str, replicas: int, setting: str) -> None:
    """KernelError where `state` bytes, of so many replicas, have no room while `what` is populated."""
    needed, there = POPULATED * state, memory()
    if needed > there:
        fewer = "replicas" if needed <= there * replicas else setting
        raise NoRoom(
            f"{what} need about {needed / 1e9:,.3g} GB while they are populated, this machine has "
            f"{there / 1e9:,.3g} GB: valid is a smaller number of {fewer}"
        )


class NoRoom(KernelError):
    """State that does not fit into this machine's memory."""
