"""Segments: Parquet files that are whole or absent, with a hash that finds a single flipped bit."""

import io
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import TypedDict

import polars as pl

from streams.sealed import TEMPORARY, DamagedFile, hash_of, write_whole

FOLDER, METRICS, SERIES = "events", "metrics.parquet", "series.parquet"
TABLES = (METRICS, SERIES)
SEGMENT_NAME = re.compile(rf"\d{{5,}}\.parquet(?:{re.escape(TEMPORARY)})?")


class Segment(TypedDict):
    """A sealed file as a manifest holds it; its path is below the run folder, its hash that of its bytes."""

    event: str
    file: str
    rows: int
    blake2b: str


class DamagedSegment(DamagedFile):
    """A recorded file that is missing, or does not have the content it was sealed with."""


def write_segment(folder: Path, event: str, file: str, frame: pl.DataFrame) -> Segment:
    """Write a frame below `folder` so that a crash at any moment leaves the whole file or none."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    data = buffer.getvalue()
    write_whole(folder / file, data)
    return {"event": event, "file": file, "rows": frame.height, "blake2b": hash_of(data)}


def path_of(folder: Path, segment: Segment) -> Path:
    """Where a segment lies. DamagedSegment for a place outside the folder."""
    file = PurePosixPath(segment["file"])
    if file.is_absolute() or ".." in file.parts:
        raise DamagedSegment(f"{folder}: segment {str(file)[:80]!r} lies outside: valid is a file inside")
    return folder / file


def refuse_links(folder: Path) -> None:
    """DamagedFile where anything in a folder is a symbolic link: what is written would land elsewhere."""
    for here, folders, files in os.walk(folder):
        for name in (*folders, *files):
            if (path := Path(here, name)).is_symlink():
                raise DamagedFile(f"{path}: a symbolic link: valid are files and folders of the run itself")


def read_segments(folder: Path, segments: Iterable[Segment]) -> pl.DataFrame:
    """The rows of sealed segments, in their order. DamagedSegment names one that is not as it was sealed."""
    return pl.concat(pl.read_parquet(io.BytesIO(_checked(folder, segment))) for segment in segments)


def verify(folder: Path, segments: Iterable[Segment]) -> None:
    """Compare every segment with its hash. DamagedSegment names the first that is missing or changed."""
    for segment in segments:
        _checked(folder, segment)


def forget_others(folder: Path, segments: Iterable[Segment]) -> None:
    """Delete the files that a recorder names, whole or begun, that are not among the segments.

    Anything else in the folder is left alone, whatever its ending.
    """
    kept = {folder / segment["file"] for segment in segments}
    for path in _written(folder):
        if path not in kept:
            path.unlink()


def _written(folder: Path) -> Iterator[Path]:
    """The files in a folder that have names as a recorder gives them."""
    for name in (*TABLES, *(name + TEMPORARY for name in TABLES)):
        if (path := folder / name).is_file():
            yield path
    for path in folder.glob(f"{FOLDER}/*/*"):
        if SEGMENT_NAME.fullmatch(path.name) and path.is_file():
            yield path


def _checked(folder: Path, segment: Segment) -> bytes:
    path = path_of(folder, segment)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DamagedSegment(f"{path}: sealed by the recorder, but now: {error.strerror}") from None
    if (found := hash_of(data)) != segment["blake2b"]:
        raise DamagedSegment(f"{path}: damaged: its hash is {found}, sealed was {segment['blake2b']}")
    return data
