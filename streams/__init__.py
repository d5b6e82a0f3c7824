"""What is seen: typed, columnar event streams, observers, metrics and recorders."""

from streams.batch import Batch
from streams.bus import Bus
from streams.event import Labels, col, declared, event, f4, f8, flag, i1, i2, i4, i8
from streams.guard import Failure
from streams.stream import Stream

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
