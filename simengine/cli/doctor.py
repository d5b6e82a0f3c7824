"""`doctor`: what this machine and environment are like, and what is wrong with them."""

from __future__ import annotations

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Annotated

import typer

from simengine.cli.say import as_json, table
from simengine.shadows import PACKAGES, shadowed
from simengine.threads import VARIABLES

DISTRIBUTION = "simengine-econ"
MARK = {True: "ok", False: "WRONG"}

Finding = tuple[bool, str, str]


def doctor(json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Check versions, shadowed packages, threads, the cache folder and the GPU."""
    found = [*interpreter(), *dependencies(), *packages(), *threads(), cache_folder(), graphics()]
    if json:
        as_json([{"ok": good, "what": what, "found": said} for good, what, said in found])
    else:
        table((MARK[good], what, said) for good, what, said in found)
    if not all(good for good, _, _ in found):
        raise typer.Exit(1)


def interpreter() -> list[Finding]:
    """Python's version and where the environment is."""
    number = platform.python_version()
    good = sys.version_info >= (3, 11)
    said = f"{number} on {platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    return [(good, "python", said if good else f"{said}: needs 3.11 or newer")]


def dependencies() -> list[Finding]:
    """Every direct dependency with its version; a missing one is wrong."""
    try:
        needed = [line for line in requires(DISTRIBUTION) or [] if "extra ==" not in line]
    except PackageNotFoundError:
        return [(False, DISTRIBUTION, "not installed: run make test, or pip install -c constraints.txt -e .")]
    found = [(True, DISTRIBUTION, version(DISTRIBUTION))]
    for line in needed:
        name = next(part for part in line.replace(">", " ").replace("=", " ").replace("<", " ").split())
        try:
            found.append((True, name, version(name)))
        except PackageNotFoundError:
            found.append((False, name, f"missing: pip install -c constraints.txt '{line}'"))
    return found


def packages() -> list[Finding]:
    """Our five packages, each imported from the folder that holds `simengine`; another's is named."""
    home = Path(__file__).resolve().parents[2]
    found = ((name, shadowed(name, home)) for name in PACKAGES)
    return [(not said, f"package {name}", said or "ours") for name, said in found]


def threads() -> list[Finding]:
    """Thread counts of the numerical libraries; more than one is slower for small batches."""
    counts = {name: os.environ.get(name, "unset") for name in VARIABLES}
    said = ", ".join(f"{name}={count}" for name, count in counts.items())
    return [(True, "threads", said)]


def cache_folder() -> Finding:
    """Where compiled kernels are kept, whether they can be, and what of them is damaged."""
    try:
        from streams.jit import FOLDER
        from streams.kept import damaged, user_cache
    except ImportError as error:
        return False, "cache", str(error)
    if not FOLDER.is_relative_to(user_cache()):
        advice = "set SIMENGINE_CACHE to a folder that can"
        return False, "cache", f"{user_cache()} cannot be written: {FOLDER} is used until it goes: {advice}"
    broken = sum(damaged(file) for file in FOLDER.rglob("*.nb?"))
    said = f": {broken} damaged files, which are compiled again when they are needed" if broken else ""
    return True, "cache", f"{FOLDER}{said}"


def graphics() -> Finding:
    """The GPU torch sees, if any; nothing here needs one."""
    try:
        import torch
    except ImportError as error:
        return False, "gpu", f"torch cannot be imported: {error}"
    if not torch.cuda.is_available():
        return True, "gpu", "none seen by torch; none is needed"
    return True, "gpu", torch.cuda.get_device_name(0)
