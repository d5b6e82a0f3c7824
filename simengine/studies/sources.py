"""The source behind a world, so that no kept result outlives the code that it came from."""

from __future__ import annotations

import ast
import sys
import sysconfig
from collections.abc import Iterator
from functools import cache
from hashlib import blake2b
from importlib.util import find_spec, resolve_name
from pathlib import Path

from simengine.registry import world_class

PACKAGES = ("streams", "markets", "agents", "analysis", "simengine")


@cache
def source_digest(world: str) -> str:
    """Sixteen hexadecimal digits of this distribution's source and of all that the world imports besides."""
    root, digest = Path(__file__).parents[2], blake2b(digest_size=8)
    ours = {path for package in PACKAGES for path in (root / package).rglob("*.py")}
    for path in sorted(ours | files_behind(world_class(world).__module__)):
        name = path.relative_to(root) if path.is_relative_to(root) else path.name
        digest.update(f"{name}\n".encode() + path.read_bytes())
    return digest.hexdigest()


@cache
def files_behind(module: str) -> frozenset[Path]:
    """The files of a module and of what it imports, and so on; of installed libraries its own alone."""
    own, waiting, seen, files = module.partition(".")[0], [module], {module}, set()
    while waiting:
        name = waiting.pop()
        path = _file(name)
        installed = path is not None and _installed(path)
        if path is None or path.suffix != ".py" or (installed and name.partition(".")[0] != own):
            continue
        files.add(path)
        found = set(_imported(name, path)) - seen
        seen |= found
        waiting += found
    return frozenset(files)


def _installed(path: Path) -> bool:
    """Whether a file is a library's: of this environment, or of one that it builds on."""
    libraries = [Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib", "platlib")]
    within = any(path.is_relative_to(library) for library in libraries)
    return within or not {"site-packages", "dist-packages"}.isdisjoint(path.parts)


def _file(module: str) -> Path | None:
    loaded = getattr(sys.modules.get(module), "__file__", None)
    try:
        spec = None if loaded or module == "__main__" else find_spec(module)
    except Exception:  # a name that is no module, or a package that cannot be imported
        return None
    origin = loaded or (spec.origin if spec else None)
    return Path(origin) if origin and Path(origin).is_file() else None


def _imported(module: str, path: Path) -> Iterator[str]:
    """Names of modules, and some that are none, that a file's import statements stand for."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = (
                resolve_name("." * node.level + (node.module or ""), package) if node.level else node.module
            )
            yield from (str(base), *(f"{base}.{alias.name}" for alias in node.names))
