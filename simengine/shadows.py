"""Whether what is imported under our names is ours: `agents`, for one, is a name that others use too."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path

PACKAGES = ("streams", "markets", "agents", "analysis", "simengine")
LIBRARIES = (
    "simpy", "reactivex", "numpy", "scipy", "networkx", "polars", "torch", "numba", "typer", "rich", "tqdm",
    "matplotlib", "cycler", "pydantic", "safetensors",
)  # fmt: skip
"""What is imported from other distributions, which a file beside the user may hide just as well."""


def shadowed(name: str, home: Path) -> str:
    """What is found in place of a package of ours, which lies in `home`; empty where it is ours."""
    found = _origin(name)
    if found == home / name / "__init__.py":
        return ""
    hint = " (openai-agents installs one: pip uninstall openai-agents)" if name == "agents" else ""
    return f"{found or 'nothing'} is found instead of {home / name}: rename or uninstall it{hint}"


def shadowed_packages(home: Path) -> Iterator[str]:
    """A line for each package of ours in whose place something else is found."""
    for name in PACKAGES:
        if said := shadowed(name, home):
            yield f"package {name}: {said}"


def hidden_libraries() -> Iterator[str]:
    """A line for each library that a file of the current folder hides."""
    here = Path.cwd()
    for name in LIBRARIES:
        for found in (here / f"{name}.py", here / name / "__init__.py"):
            if found.is_file() and _origin(name) == found.resolve():
                yield f"library {name}: {found} is found instead of it: rename it, or work in another folder"


def look_here() -> None:
    """Import from the current folder first, as `python -m` does, from the console script too."""
    if not {"", os.getcwd()} & set(sys.path):
        sys.path.insert(0, os.getcwd())


def _origin(name: str) -> Path | None:
    spec = sys.modules[name].__spec__ if name in sys.modules else importlib.util.find_spec(name)
    return Path(spec.origin).resolve() if spec and spec.origin else None
