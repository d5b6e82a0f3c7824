"""PNG files of opaque pictures, packed in half the time that a general writer takes."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

SIGNATURE, UP = b"\x89PNG\r\n\x1a\n", 2
COLOURS = (8, 2, 0, 0, 0)
"""Bits of a channel; red, green and blue; packed by zlib, filtered by row, rows in their order."""

EFFORT = 1
"""Of zlib. Every row is packed as its difference from the one above, which is mostly nothing."""


def png(picture: NDArray[np.uint8]) -> bytes:
    """The file of a picture (rows, columns, 3): the same bytes for the same picture."""
    rows, columns, _ = picture.shape
    flat = picture.reshape(rows, -1)
    lines = np.full((rows, 1 + flat.shape[1]), UP, np.uint8)
    lines[0, 1:] = flat[0]
    np.subtract(flat[1:], flat[:-1], out=lines[1:, 1:])
    return SIGNATURE + b"".join(
        (
            *_chunk(b"IHDR", struct.pack(">II5B", columns, rows, *COLOURS)),
            *_chunk(b"IDAT", zlib.compress(lines.data, EFFORT)),
            *_chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, data: bytes) -> Iterator[bytes]:
    yield struct.pack(">I", len(data))
    yield kind
    yield data
    yield struct.pack(">I", zlib.crc32(data, zlib.crc32(kind)))
