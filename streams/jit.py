"""Compiled kernels: `@jit`, the only way code of this distribution is compiled.

    from streams.jit import jit

    @jit
    def add_interest(balance, rate): ...

Compiled code is kept on the disk. Numba keys what it keeps on the file that holds a function, not on the
functions it calls or the constants it reads in other files, so that editing a callee would leave its callers
returning the old result. Here the key follows them, in whatever package they are (`streams.dependencies`).

Code lies where `streams.kept` says. Kernels run on one thread, take read-only arrays and have no explicit
signatures.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import numba

from streams.kept import Kept, cache_folder, settings

FOLDER = cache_folder()

Kernel = TypeVar("Kernel", bound=Callable[..., Any])


def leaf(function: Kernel) -> Kernel:
    """`jit` for what allocates no array: its calls are inlined and count no references, ten times faster."""
    return jit(function, _nrt=False, forceinline=True)


def branch(function: Kernel) -> Kernel:
    """`leaf` for what is large or called rarely: a call of its own, so that it is compiled once."""
    return jit(function, _nrt=False)


def jit(function: Kernel, **options: Any) -> Kernel:
    """Compile `function` for one thread on its first call and keep the code in `FOLDER`.

    Division by zero gives inf or nan as in NumPy, and overflow of integers wraps silently: check before.
    """
    compiled: Any = numba.njit(error_model="numpy", **options)(function)
    before = settings.CACHE_DIR
    settings.CACHE_DIR = str(FOLDER)
    try:
        compiled._cache = Kept(function)
        return compiled
    finally:
        settings.CACHE_DIR = before
