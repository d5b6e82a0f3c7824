"""Who writes to a folder: one process at a time, the one that claimed it first.

A claim is a lock of the system on a file in the folder: it ends with the process that holds it, however that
ends. Where the system has no such locks, everybody's claim holds.
"""

from __future__ import annotations

import os
import weakref
from pathlib import Path
from typing import NamedTuple

from simengine.errors import UserError
from simengine.folder import MANIFEST

try:
    import fcntl
except ImportError:  # not on this system
    fcntl = None  # type: ignore[assignment]

LOCK = ".lock"


class Claim:
    """The right to write to a folder, made where it is missing; UserError where another process has it.

    It is held from the start until `release`, and again inside `with claim:`.
    """

    def __init__(self, where: Path | Numbered) -> None:
        self.folder = where.made() if isinstance(where, Numbered) else where
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _refused(self.folder, error) from None
        self._let_go: weakref.finalize | None = None
        self._hold()

    def __enter__(self) -> Claim:
        self._hold()
        return self

    def __exit__(self, *error: object) -> None:
        self.release()

    def release(self) -> None:
        """Let others write to the folder."""
        if self._let_go is not None:
            self._let_go()
            self._let_go = None

    def _hold(self) -> None:
        if self._let_go is not None:
            return
        try:
            handle = os.open(self.folder / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise _refused(self.folder, error) from None
        self._let_go = weakref.finalize(self, os.close, handle)
        if fcntl is None:
            return
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.release()
            raise UserError(
                f"{self.folder}: another process is writing here: valid is one at a time"
            ) from None
        except OSError:  # a disk without locks
            return


def held(folder: Path) -> bool:
    """Whether a process has a claim on a folder; where the system has no locks, one may have."""
    try:
        with (folder / LOCK).open("rb") as handle:
            if fcntl is not None:
                fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return fcntl is None


class Numbered(NamedTuple):
    """The first of `runs/name-001`, `runs/name-002`, … that nobody has, which is known once it is claimed."""

    name: str
    parent: Path = Path("runs")

    def made(self) -> Path:
        """Make the folder: of two processes that ask at once each gets one of its own."""
        number = 1
        while True:
            folder = self.parent / f"{self.name}-{number:03d}"
            try:
                folder.mkdir(parents=True)
            except FileExistsError:
                number += 1
            except OSError as error:
                raise _refused(folder, error) from None
            else:
                return folder


def claimed(where: Path | Numbered) -> Claim:
    """The claim on a new or empty folder; one that holds anything is refused, never overwritten."""
    claim = Claim(where)
    found = {path.name for path in claim.folder.iterdir()} - {LOCK}
    if found:
        claim.release()
        what = "holds a run already" if MANIFEST in found else "is not empty"
        raise UserError(f"--out {claim.folder}: this folder {what}: valid is a new or an empty one")
    return claim


def _refused(folder: Path, error: OSError) -> UserError:
    return UserError(f"{folder}: cannot be made or written to: {error.strerror}")
