"""The journal of a run: every command it took, on the disk before it was carried out.

`commands.jsonl` holds a line for each, sealed by a hash that runs on from the line before: a first line that
names the run, then `{"tick": …, "command": …}`. A line that a crash cut short was never carried out, and is
dropped; anything else that does not fit is refused.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from simengine.errors import UserError
from simengine.live.commands import command_of

JOURNAL = "commands.jsonl"


class Entry(NamedTuple):
    """A command, and the tick that the run was to execute next when it took it."""

    tick: int
    command: Any


class Journal:
    """The commands of the run that `identity` names, in a file that appears with the first of them.

    UserError for the journal of another run, or one that was changed.
    """

    def __init__(self, path: Path, identity: str) -> None:
        self.path, self.identity = path, identity
        self.entries: list[Entry] = []
        self._seal, self._length = "", 0
        for line in _lines(path):
            self._take(line)

    def append(self, tick: int, command: Any) -> None:
        """Write a command down; it is on the disk when this returns."""
        self.extend([Entry(tick, command)])

    def extend(self, entries: Sequence[Entry]) -> None:
        """Write several down at once."""
        records: list[dict[str, Any]] = [] if self._length or not entries else [{"run": self.identity}]
        records += [
            {"tick": tick, "command": command.model_dump(mode="json", exclude_none=True)}
            for tick, command in entries
        ]
        text = b"".join(map(self._sealed, records))
        if text:
            _write(self.path, self._length, text)
        self._length += len(text)
        self.entries += entries

    def _sealed(self, record: dict[str, Any]) -> bytes:
        """A record as the next line, whose seal the line after it builds on."""
        self._seal = blake2b((self._seal + json.dumps(record)).encode(), digest_size=8).hexdigest()
        return (json.dumps({**record, "seal": self._seal}) + "\n").encode()

    def _take(self, line: bytes) -> None:
        where = f"{self.path}: line {len(self.entries) + 1 + bool(self._length)}"
        try:
            record = json.loads(line)
            del record["seal"]
        except (ValueError, AttributeError, KeyError, TypeError):
            raise UserError(f"{where} is damaged: valid is a line that a run wrote") from None
        if self._sealed(record) != line:
            raise UserError(f"{where} is damaged: its seal is that of another line")
        if not self._length and record != {"run": self.identity}:
            raise UserError(f"{self.path}: this is the journal of another run")
        if self._length:
            self.entries.append(Entry(record["tick"], command_of(record["command"])))
        self._length += len(line)


def _write(path: Path, at: int, text: bytes) -> None:
    """Put text behind the first `at` bytes of a file, on the disk when this returns."""
    with path.open("r+b" if path.exists() else "w+b") as file:
        file.truncate(at)
        file.seek(at)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> list[Entry]:
    """The entries of a journal, whichever run it is of."""
    first = next(iter(_lines(path)), b'{"run": ""}')
    try:
        identity = str(json.loads(first)["run"])
    except (ValueError, KeyError, TypeError):
        raise UserError(f"{path}: this is no journal of a run") from None
    return Journal(path, identity).entries


def _lines(path: Path) -> list[bytes]:
    """The whole lines of a journal: what follows the last line break was cut short by a crash."""
    try:
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror}") from None
    return data.splitlines(keepends=True)[: data.count(b"\n")]
