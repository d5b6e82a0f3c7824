"""Files that are whole or absent, and JSON that says when it has been changed.

Sealed JSON has a last key, `seal`: a hash of all the rest as values, whatever the blanks between them. Other
sealed files end in the hash of what stands before.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

HASH_BYTES = 16
TEMPORARY = ".tmp"
SEAL = "seal"


class DamagedFile(ValueError):
    """A file that is not what was written: one line, naming it."""


def hash_of(data: bytes) -> str:
    """The hash that seals some bytes."""
    return blake2b(data, digest_size=HASH_BYTES).hexdigest()


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that a crash or a power cut at any moment leaves the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}{TEMPORARY}")
    with temporary.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(path)
    _sync_folder(path.parent)


def write_json(path: Path, content: Mapping[str, Any], allow_nan: bool = False) -> None:
    """Write sealed JSON in one step; what is no JSON type becomes text."""
    plain = json.loads(json.dumps(content, default=str, allow_nan=allow_nan))
    write_whole(path, json.dumps({**plain, SEAL: _seal(plain)}, indent=1).encode())


def read_json(path: Path) -> dict[str, Any]:
    """What was written, without its seal; DamagedFile where it is anything else."""
    try:
        content = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise DamagedFile(f"{path}: damaged: not readable as JSON ({' '.join(str(error).split())})") from None
    if not isinstance(content, dict):
        raise DamagedFile(f"{path}: a {type(content).__name__}, valid is an object")
    if SEAL not in content:
        raise DamagedFile(f"{path}: damaged, or an earlier version's: it has no seal")
    if content.pop(SEAL) != _seal(content):
        raise DamagedFile(f"{path}: damaged or changed by hand: its hash is another than its seal")
    return content


def write_sealed(path: Path, data: bytes) -> None:
    """Write bytes in one step, with their hash behind them."""
    write_whole(path, data + bytes.fromhex(hash_of(data)))


def unsealed(path: Path) -> bytes:
    """The bytes of `write_sealed`; DamagedFile where they are others."""
    held = path.read_bytes()
    data = held[:-HASH_BYTES]
    if bytes.fromhex(hash_of(data)) != held[-HASH_BYTES:]:
        raise DamagedFile(f"{path}: damaged: its hash is another than its seal")
    return data


def _seal(content: Mapping[str, Any]) -> str:
    return hash_of(json.dumps(content, sort_keys=True, separators=(",", ":")).encode())


def _sync_folder(folder: Path) -> None:
    """Make a rename durable, where the system can."""
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
