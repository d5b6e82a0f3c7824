"""A run folder on disk: its name, its manifest (always whole), the hashes of what lies in it."""

from __future__ import annotations

import importlib.metadata
import platform
from pathlib import Path
from typing import Any

import numpy as np

from simengine.errors import UserError
from streams import sealed
from streams.segments import refuse_links

MANIFEST = "manifest.json"
FORMAT = 1
VERSIONS = ("simengine-econ", "numpy", "numba", "polars", "reactivex", "scipy", "simpy", "torch")


def write_manifest(folder: Path, manifest: dict[str, Any], name: str = MANIFEST) -> None:
    """Replace the manifest, sealed, in one step, so that a crash leaves the old one or the new one."""
    sealed.write_json(folder / name, manifest)


def read_manifest(folder: Path, name: str = MANIFEST, kind: str = "run") -> dict[str, Any]:
    """The manifest of a run's folder, or of another kind of folder; anything else is a `UserError`."""
    path = folder / name
    try:
        refuse_links(folder)
        manifest = sealed.read_json(path)
    except FileNotFoundError:
        raise UserError(f"{folder}: no {kind} folder: it has no {name}") from None
    except sealed.DamagedFile as error:
        raise UserError(str(error)) from None
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror}") from None
    if manifest.get("format") != FORMAT:
        raise UserError(f"{path}: no manifest of format {FORMAT}")
    return manifest


def versions() -> dict[str, str]:
    """Versions that bits depend on; a library that is missing is left out."""
    found = {}
    for name in VERSIONS:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def machine() -> dict[str, Any]:
    """Python and the processor: equal bits are promised for one build on one machine type."""
    return {
        "python": platform.python_version(),
        "system": platform.system(),
        "processor": processor(),
    }


def processor() -> str:
    """The processor's model where the system tells it, else its architecture."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    return f"{model} ({platform.machine()})" if model else platform.machine()


def hex_digests(digests: np.ndarray) -> list[str]:
    """The digests (R,) of the replicas, sixteen hexadecimal digits each."""
    return [f"{int(value):016x}" for value in digests]
