"""A folder is data: what it names is imported where the person at work could have meant it, and nowhere else.

That is: the house's own, worlds that are installed as such, and code that Python finds by itself among the
person's own, as `run` would. What lies in the folder, the standard library, what is installed, and places
that only the folder knows, take `--trust`.
"""

from __future__ import annotations

import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from importlib.util import find_spec
from pathlib import Path

from simengine.errors import UserError

HOUSE = ("simengine", "streams", "markets", "agents", "analysis")

_folder: ContextVar[Path | None] = ContextVar("folder", default=None)
_trusting: ContextVar[bool] = ContextVar("trusting", default=False)


@contextmanager
def guarded(folder: Path) -> Iterator[None]:
    """While what a folder says is looked up."""
    token = _folder.set(folder)
    try:
        yield
    finally:
        _folder.reset(token)


@contextmanager
def trusting(yes: bool = True) -> Iterator[None]:
    """While folders may name anything: `with trusting(): ...`."""
    token = _trusting.set(yes)
    try:
        yield
    finally:
        _trusting.reset(token)


def looked_up() -> Path | None:
    """The folder that is not trusted and of which something is being looked up now; None for none."""
    return None if _trusting.get() else _folder.get()


def vet(path: str, kind: str) -> None:
    """UserError for `module:name` that a folder names and nobody here could have meant."""
    folder, module = looked_up(), path.partition(":")[0].partition(".")[0]
    if folder is None or module in HOUSE:
        return
    place = _place(module)
    libraries = [Path(sysconfig.get_path(name)).resolve() for name in ("stdlib", "purelib", "platlib")]
    if place is None:
        where = "which is not found here"
    elif place.is_relative_to(folder.resolve()):
        where = "which lies in it"
    elif any(place.is_relative_to(library) for library in libraries):
        where = "which is no code of yours"
    else:
        return
    raise UserError(f"{kind} {path!r}: named by {folder}, {where}: valid is your own, or --trust")


def _place(module: str) -> Path | None:
    """The file or folder of a module, which is not imported; None where it has none."""
    try:
        spec = find_spec(module)
    except (ImportError, ValueError):
        return None
    places = [] if spec is None else [spec.origin or "", *(spec.submodule_search_locations or ())]
    return next((Path(place).resolve() for place in places if place and Path(place).exists()), None)
