"""One thread: small batches run 3 to 25 times slower on two, and how work is split shows in last bits."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager, nullcontext

VARIABLES = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")


def one_thread() -> None:
    """Set the thread counts that numerical libraries read when first imported, whatever was exported."""
    os.environ.update(dict.fromkeys(VARIABLES, "1"))


def exactly() -> AbstractContextManager[None]:
    """A context within which torch does the same whatever its user has set, where it is loaded."""
    if "torch" not in sys.modules:
        return nullcontext()
    from agents.exact import exact

    return exact()
