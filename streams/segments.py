"""Segments: Parquet files that are whole or absent, with a hash that finds a single flipped bit."""

import io
import os
from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path
from typing import TypedDict

import polars as pl

HASH_BYTES = 16
TEMPORARY = ".tmp"


class Segment(TypedDict):
    """A sealed file as a manifest holds it; its path is below the run folder, its hash that of its bytes."""

    event: str
    file: str
    rows: int
    blake2b: str


class DamagedSegment(ValueError):
    """A recorded file that is missing, or does not have the content it was sealed with."""


def write_segment(folder: Path, event: str, file: str, frame: pl.DataFrame) -> Segment:
    """Write a frame below `folder` so that a crash at any moment leaves the whole file or none."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    data = buffer.getvalue()
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + TEMPORARY)
    with temporary.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(path)
    _sync_folder(path.parent)
    return {"event": event, "file": file, "rows": frame.height, "blake2b": _hash(data)}


def read_segments(folder: Path, segments: Iterable[Segment]) -> pl.DataFrame:
    """The rows of sealed segments, in their order. DamagedSegment names one that is not as it was sealed."""
    return pl.concat(pl.read_parquet(io.BytesIO(_checked(folder, segment))) for segment in segments)


def verify(folder: Path, segments: Iterable[Segment]) -> None:
    """Compare every segment with its hash. DamagedSegment names the first that is missing or changed."""
    for segment in segments:
        _checked(folder, segment)


def forget_others(folder: Path, segments: Iterable[Segment]) -> None:
    """Delete the recorded files, whole or begun, that are not among the segments."""
    kept = {folder / segment["file"] for segment in segments}
    for path in (*folder.glob("*.parquet*"), *folder.glob("events/*/*.parquet*")):
        if path not in kept:
            path.unlink()


def _checked(folder: Path, segment: Segment) -> bytes:
    path = folder / segment["file"]
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DamagedSegment(f"{path}: sealed by the recorder, but now: {error.strerror}") from None
    if (found := _hash(data)) != segment["blake2b"]:
        raise DamagedSegment(f"{path}: damaged: its hash is {found}, sealed was {segment['blake2b']}")
    return data


def _hash(data: bytes) -> str:
    return blake2b(data, digest_size=HASH_BYTES).hexdigest()


def _sync_folder(folder: Path) -> None:
    """Make a rename durable, where the system can."""
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
