"""Compiled kernels: `@jit`, the only way code of this distribution is compiled.

    from streams.jit import jit

    @jit
    def add_interest(balance, rate): ...

Compiled code is kept on the disk. Numba keys what it keeps on the file that holds a function, not on the
functions it calls or the constants it reads in other files, so that editing a callee would leave its callers
returning the old result. Here the key follows them, in whatever package they are (`streams.dependencies`).

Code lies under `$SIMENGINE_CACHE`, else in the user's cache directory, else (when that cannot be written) in
one that is deleted at the end. Kernels run on one thread, take read-only arrays and have no explicit
signatures.
"""

import atexit
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numba
import numpy as np
from numba.core.caching import FunctionCache

from streams.dependencies import dependencies

KEPT_FOLDERS = 200  # folders of source files whose compiled code is kept

Kernel = TypeVar("Kernel", bound=Callable[..., Any])
settings: Any = numba.config


def user_cache() -> Path:
    """`$SIMENGINE_CACHE`, or the user's cache directory of this platform."""
    if chosen := os.environ.get("SIMENGINE_CACHE"):
        return Path(chosen).expanduser()
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
        return Path(local) / "simengine" / "Cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "simengine"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "simengine"


def cache_folder() -> Path:
    """A writable folder for compiled code of this compiler; bounds-checked code has its own."""
    name = f"numba-{numba.__version__}-numpy-{np.__version__}" + ("-bounds" if settings.BOUNDSCHECK else "")
    try:
        folder = user_cache() / "kernels" / name
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(folder)
        _forget_old_folders(folder)
    except (OSError, RuntimeError):  # RuntimeError: no home directory is known
        folder = Path(tempfile.mkdtemp(prefix="simengine-kernels-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _forget_old_folders(parent: Path) -> None:
    folders = list(parent.iterdir())
    if len(folders) > KEPT_FOLDERS:
        folders.sort(key=lambda folder: folder.stat().st_mtime, reverse=True)
        for folder in folders[KEPT_FOLDERS:]:
            shutil.rmtree(folder, ignore_errors=True)


FOLDER = cache_folder()


class _Kept(FunctionCache):
    """Compiled code of one function on the disk, found again while all that it depends on is the same."""

    def _index_key(self, sig: Any, codegen: Any) -> Any:
        _used(self._cache_path)
        return *super()._index_key(sig, codegen), dependencies(self._py_func, sig)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        try:
            return super().load_overload(sig, target_context)
        except Exception:  # whatever a damaged file raises: what cannot be read is compiled again
            self.flush()
            return None


@cache
def _used(folder: str) -> None:
    os.utime(folder)


def leaf(function: Kernel) -> Kernel:
    """`jit` for what allocates no array: its calls are inlined and count no references, ten times faster."""
    return jit(function, _nrt=False, forceinline=True)


def jit(function: Kernel, **options: Any) -> Kernel:
    """Compile `function` for one thread on its first call and keep the code in `FOLDER`.

    Division by zero gives inf or nan as in NumPy, and overflow of integers wraps silently: check before.
    """
    compiled: Any = numba.njit(error_model="numpy", **options)(function)
    before = settings.CACHE_DIR
    settings.CACHE_DIR = str(FOLDER)
    try:
        compiled._cache = _Kept(function)
        return compiled
    finally:
        settings.CACHE_DIR = before
