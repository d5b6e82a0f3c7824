"""Whether our top-level packages are ours: `agents`, for one, is a name that other distributions use."""

from __future__ import annotations

import importlib.util
import sys
import warnings
from pathlib import Path

PACKAGES = ("streams", "markets", "agents", "analysis", "simengine")


def shadowed(name: str, home: Path) -> str:
    """What stands in place of a package of ours, which lies in `home`; empty where it is ours."""
    spec = sys.modules[name].__spec__ if name in sys.modules else importlib.util.find_spec(name)
    origin = Path(spec.origin).resolve().parent if spec and spec.origin else None
    if origin == home / name:
        return ""
    hint = " (openai-agents installs one: pip uninstall openai-agents)" if name == "agents" else ""
    return f"{origin or 'not found'} instead of {home / name}: another distribution shadows it{hint}"


def warn_of_shadows(home: Path) -> None:
    """A RuntimeWarning for each of our packages that `import` would not find in `home`."""
    for name in PACKAGES[:-1]:
        if said := shadowed(name, home):
            warnings.warn(f"package {name}: {said}", RuntimeWarning, stacklevel=3)
