"""Where compiled code is kept on the disk, and that what is read back is what was written.

It lies under `$SIMENGINE_CACHE`, else in the user's cache directory; where that cannot be written, in one
folder of the user's among the temporary ones.
"""

import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from hashlib import blake2b
from io import BytesIO
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numba.core.caching import FunctionCache, IndexDataCacheFile

from streams.dependencies import dependencies
from streams.loaded import ReadBack
from streams.notices import compiling

KEPT_FOLDERS = 200  # folders of source files whose compiled code is kept
MARK, SEAL_BYTES = b"sealed", 16

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
    for place in (user_cache, _temporary):
        try:
            folder = place() / "kernels" / name
            folder.mkdir(parents=True, exist_ok=True)
            if os.access(folder, os.W_OK | os.X_OK):
                _forget_old_folders(folder)
                return folder
        except (OSError, RuntimeError):  # RuntimeError: no home directory is known
            continue
    return Path(tempfile.mkdtemp(prefix="simengine-kernels-"))


def _temporary() -> Path:
    """A folder of this user's own among the temporary ones; PermissionError where another has its name."""
    user = getattr(os, "getuid", int)()
    folder = Path(tempfile.gettempdir()) / f"simengine-{user}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != user:
        raise PermissionError(folder)
    return folder


def _forget_old_folders(parent: Path) -> None:
    folders = list(parent.iterdir())
    if len(folders) > KEPT_FOLDERS:
        folders.sort(key=lambda folder: folder.stat().st_mtime, reverse=True)
        for folder in folders[KEPT_FOLDERS:]:
            shutil.rmtree(folder, ignore_errors=True)


def damaged(file: Path) -> bool:
    """Whether a file of compiled code is not what was written: its hash is another, or it has none."""
    data = file.read_bytes()
    body, mark, seal = data[: -SEAL_BYTES - len(MARK)], data[-SEAL_BYTES - len(MARK) :], data[-SEAL_BYTES:]
    return not mark.startswith(MARK) or _seal(body) != seal


def _seal(data: bytes) -> bytes:
    return blake2b(data, digest_size=SEAL_BYTES).digest()


class _Sealed(IndexDataCacheFile):
    """The files of one function: each ends with its hash, which `pickle` does not read."""

    def _load_index(self) -> Any:
        if os.path.exists(self._index_path):
            self._check(self._index_path)
        return super()._load_index()

    def _load_data(self, name: str) -> Any:
        self._check(self._data_path(name))
        return super()._load_data(name)

    def _check(self, path: str) -> None:
        if damaged(Path(path)):
            raise ValueError(f"{path}: damaged")

    @contextmanager
    def _open_for_write(self, path: str) -> Iterator[BytesIO]:
        with super()._open_for_write(path) as file:
            written = BytesIO()
            yield written
            file.write(written.getvalue() + MARK + _seal(written.getvalue()))


class Kept(FunctionCache):
    """Compiled code of one function on the disk, found again while all that it depends on is the same."""

    _impl_class = ReadBack

    def __init__(self, function: Any) -> None:
        super().__init__(function)
        self._cache_file.__class__ = _Sealed

    def _index_key(self, sig: Any, codegen: Any) -> Any:
        _used(self._cache_path)
        return *super()._index_key(sig, codegen), dependencies(self._py_func, sig)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """The code for a signature; None where it is to be compiled, which listeners are told."""
        try:
            found = super().load_overload(sig, target_context)
        except Exception:  # whatever a damaged file raises: what cannot be read is compiled again
            with suppress(OSError):
                self._cache_file.flush()
            found = None
        if found is None:
            compiling(self._py_func.__name__)
        return found

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep the code for a signature, where there is room."""
        with suppress(OSError):  # a full disk: the code of this process is not lost with it
            super().save_overload(sig, data)


@cache
def _used(folder: str) -> None:
    os.utime(folder)
