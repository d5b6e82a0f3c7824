"""What is seen: typed, columnar event streams, observers, metrics and recorders.

What compiles code is imported when it is first used: who reads a recording needs no compiler.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from streams.event import Labels, col, declared, event, f4, f8, flag, i1, i2, i4, i8

if TYPE_CHECKING:
    from streams.batch import Batch
    from streams.bus import Bus
    from streams.guard import Failure
    from streams.stream import Stream

_MODULE_OF = {
    "Batch": "streams.batch",
    "Bus": "streams.bus",
    "Failure": "streams.guard",
    "Stream": "streams.stream",
}

__all__ = [
    "Batch",
    "Bus",
    "Failure",
    "Labels",
    "Stream",
    "col",
    "declared",
    "event",
    "f4",
    "f8",
    "flag",
    "i1",
    "i2",
    "i4",
    "i8",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'streams' has no attribute {name!r}")
    return getattr(import_module(_MODULE_OF[name]), name)
