"""An append-only file of sealed lines: each is on disk whole, or as good as never written."""

from __future__ import annotations

import json
import os
from hashlib import blake2b
from pathlib import Path
from typing import Any

from streams.sealed import write_whole


class ResultsFile:
    """Entries, JSON documents, one a line behind its hash under a key that says whose they are.

    What does not verify, torn, damaged or of another key, is dropped when it is opened, and counted.
    """

    def __init__(self, path: Path, key: str) -> None:
        self.path, self._key = path, key.encode()
        self.entries, self.damaged = self._read(path)
        write_whole(path, b"".join(self._sealed(entry) for entry in self.entries))

    def append(self, entry: Any) -> None:
        """Write an entry and wait until it is on disk."""
        with self.path.open("ab") as file:
            file.write(self._sealed(entry))
            file.flush()
            os.fsync(file.fileno())
        self.entries.append(json.loads(json.dumps(entry)))

    def _sealed(self, entry: Any) -> bytes:
        text = json.dumps(entry, separators=(",", ":")).encode()
        return self._seal(text) + b" " + text + b"\n"

    def _seal(self, text: bytes) -> bytes:
        return blake2b(text, digest_size=16, key=self._key).hexdigest().encode()

    def _read(self, path: Path) -> tuple[list[Any], int]:
        lines = path.read_bytes().split(b"\n") if path.exists() else []
        parts = [line.partition(b" ") for line in lines if line]
        sound = [text for seal, _, text in parts if seal == self._seal(text)]
        return [json.loads(text) for text in sound], len(parts) - len(sound)
