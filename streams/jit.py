"""Compiled kernels: `@jit`, the only way code of this distribution is compiled.

Numba keys its on-disk cache on the file that holds a function, not on the functions it calls or the
constants it reads in other files, so that editing a callee would leave its callers returning the old
result. Here the cache folder is named by a hash of every file with kernels, and of every file those
import names from; editing any of them starts a new folder.

    from streams.jit import jit

    @jit
    def add_interest(balance, rate): ...

The folder lies under `$SIMENGINE_CACHE`, else in the user's cache directory, else (when that cannot be
written) in a temporary one. Kernels run on one thread, take read-only arrays and have no explicit signatures.
"""

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar

import numba

PACKAGES = ("streams", "markets", "agents", "analysis", "simengine")
KEPT_FOLDERS = 20
_IMPORT = re.compile(rb"^from ([\w.]+) import", re.MULTILINE)

Kernel = TypeVar("Kernel", bound=Callable[..., Any])
settings: Any = numba.config


def kernel_files(root: Path, packages: tuple[str, ...] = PACKAGES) -> dict[str, bytes]:
    """Relative name and content of every file under `root` with kernels, or that such a file imports from."""
    texts: dict[str, bytes] = {}
    for package in packages:
        for folder, subfolders, names in os.walk(root / package):
            subfolders[:] = [name for name in subfolders if name != "__pycache__"]
            for name in names:
                if name.endswith(".py"):
                    path = os.path.join(folder, name)
                    with open(path, "rb") as file:
                        texts[os.path.relpath(path, root).replace(os.sep, "/")] = file.read()
    chosen = {name for name, text in texts.items() if b"@jit" in text}
    for name in tuple(chosen):
        for module in _IMPORT.findall(texts[name]):
            stem = module.decode().replace(".", "/")
            chosen.update({f"{stem}.py", f"{stem}/__init__.py"} & texts.keys())
    return {name: texts[name] for name in sorted(chosen)}


def fingerprint(root: Path, packages: tuple[str, ...] = PACKAGES) -> str:
    """Sixteen hexadecimal digits that change whenever a kernel, or a file it imports from, changes."""
    digest = blake2b(digest_size=8)
    for name, text in kernel_files(root, packages).items():
        digest.update(f"{name} {len(text)}\n".encode())
        digest.update(text)
    return digest.hexdigest()


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


def cache_folder(root: Path) -> Path:
    """A writable folder for compiled code of the distribution at `root`; bounds-checked code has its own."""
    name = fingerprint(root) + ("-bounds" if settings.BOUNDSCHECK else "")
    try:
        folder = user_cache() / "kernels" / name
        fresh = not folder.is_dir()
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(folder)
        os.utime(folder)
        if fresh:
            _forget_old_folders(folder.parent)
    except (OSError, RuntimeError):  # RuntimeError: no home directory is known
        folder = Path(tempfile.mkdtemp(prefix="simengine-kernels-"))
    return folder


def _forget_old_folders(parent: Path) -> None:
    used = sorted(parent.iterdir(), key=lambda folder: folder.stat().st_mtime, reverse=True)
    for folder in used[KEPT_FOLDERS:]:
        shutil.rmtree(folder, ignore_errors=True)


FOLDER = cache_folder(Path(__file__).resolve().parent.parent)


def leaf(function: Kernel) -> Kernel:
    """`jit` for what allocates no array: no references are counted, ten times faster where called often."""
    return jit(function, _nrt=False, forceinline=True)  # @jit: files with leaves are files with kernels


def jit(function: Kernel, **options: Any) -> Kernel:
    """Compile `function` for one thread on its first call and keep the code in `FOLDER`.

    Division by zero gives inf or nan as in NumPy, and overflow of integers wraps silently: check before.
    """
    before = settings.CACHE_DIR
    settings.CACHE_DIR = str(FOLDER)
    try:
        compiled: Any = numba.njit(cache=True, error_model="numpy", **options)(function)
        return compiled
    finally:
        settings.CACHE_DIR = before
