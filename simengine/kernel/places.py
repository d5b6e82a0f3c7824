"""Where checkpoints lie: folders that appear whole by a rename, and of which none goes before its successor.

A checkpoint of tick 48 is the folder `tick00000048`. It is written as `fresh-tick00000048` and renamed when
everything in it is on the disk. One that is written again takes the place of the old one only then: a crash
in between leaves the fresh one, which counts too.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

KEPT = 3
"""How many checkpoints are kept where nobody says."""

_FRESH = "fresh-"
_NAME = re.compile(rf"(?:{_FRESH})?tick(-?\d+)")

Whole = Callable[[Path], bool]


def place_of(folder: Path, tick: int) -> Path:
    """Where the checkpoint of a tick lies."""
    return folder / f"tick{tick:08d}"


def found(folder: Path, tick: int | None = None) -> Iterator[Path]:
    """Where checkpoints may lie, up to that of `tick`, the newest first."""
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    ticks = {int(named[1]) for name in names if (named := _NAME.fullmatch(name))}
    for each in sorted(ticks, reverse=True):
        if tick is None or each <= tick:
            place = place_of(folder, each)
            yield from (path for path in (place, _fresh(place)) if path.is_dir())


def replace(place: Path, files: Mapping[str, bytes], whole: Whole) -> None:
    """Make `place` a folder with these files, whole or not at all; `whole` tells what a crash has left."""
    place.parent.mkdir(parents=True, exist_ok=True)
    for fresh in place.parent.glob(f"{_FRESH}*"):
        _settle(fresh, whole)
    fresh = _fresh(place)
    fresh.mkdir()
    for name, data in files.items():
        with open(fresh / name, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    sync(fresh)
    _take(place, fresh)


def forget(folder: Path, tick: int, keep: int) -> None:
    """Forget all checkpoints up to that of `tick` but the newest `keep`."""
    for old in list(found(folder, tick))[keep:]:
        shutil.rmtree(old)


def sync(folder: Path) -> None:
    """Make renames in a folder durable, where the system can."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _settle(fresh: Path, whole: Whole) -> None:
    """Put a fresh checkpoint that a crash left where it belongs, or let go of it."""
    place = fresh.with_name(fresh.name.removeprefix(_FRESH))
    if whole(fresh) and not whole(place):
        _take(place, fresh)
    else:
        shutil.rmtree(fresh)


def _take(place: Path, fresh: Path) -> None:
    if place.exists():
        shutil.rmtree(place)
    os.replace(fresh, place)
    sync(place.parent)


def _fresh(place: Path) -> Path:
    return place.with_name(_FRESH + place.name)
