"""The inbox of a run: commands that other processes leave in its folder, and what became of them.

A command is a file of one line, `live/NAME.command`, that appears whole; the run takes it away and leaves
`NAME.reply`. What someone who plays is asked stands in `live/questions.json` as long as the run waits.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from simengine.claims import held
from simengine.errors import UserError

LIVE = "live"
QUESTIONS = "questions.json"
COMMAND, REPLY = ".command", ".reply"
POLL = 0.01
"""Seconds from one look to the next."""


class Inbox:
    """What a run finds in its folder. A command without a reply was not carried out."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / LIVE
        self._looked = 0.0

    def take(self) -> Iterator[tuple[str, str]]:
        """Name and line of every command that has come since the last look, in the order of their coming."""
        now = time.monotonic()
        if now - self._looked < POLL:
            return
        self._looked = now
        try:
            come = [path for path in self.folder.iterdir() if path.suffix == COMMAND]
        except OSError:
            return
        for path in sorted(come, key=lambda path: (path.stat().st_mtime_ns, path.name)):
            text = path.read_text(encoding="utf-8", errors="replace")
            path.unlink()
            yield path.stem, text

    def reply(self, name: str, said: str, good: bool) -> None:
        """Say what became of a command."""
        _whole(self.folder, json.dumps({"good": good, "said": said}), f"{name}{REPLY}")

    def ask(self, questions: list[dict[str, Any]]) -> None:
        """Show what is asked of those who play, or with none that nothing is."""
        if questions:
            self.folder.mkdir(exist_ok=True)
            _whole(self.folder, json.dumps(questions), QUESTIONS)
        else:
            (self.folder / QUESTIONS).unlink(missing_ok=True)


def tell(folder: Path, line: str, seconds: float = 10.0) -> str:
    """Leave a command for the run in a folder and wait for its answer.

    UserError where it is refused, or nothing runs there.

    A run that is in the middle of an instant answers when it is over; after `seconds` it has the command
    still, and this says so.
    """
    place = folder / LIVE
    if not held(folder):
        raise UserError(f"{folder}: no run goes on here: go on with: simengine resume {folder}")
    try:
        place.mkdir(exist_ok=True)
        name = _whole(place, line)
    except OSError as error:
        raise UserError(f"{folder}: cannot be told anything: {error.strerror}") from None
    answer, until = place / f"{name}{REPLY}", time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            said = json.loads(answer.read_text(encoding="utf-8"))
        except FileNotFoundError:
            time.sleep(POLL)
            continue
        answer.unlink()
        if not said["good"]:
            raise UserError(said["said"])
        return str(said["said"])
    return "the run has not looked yet: it will at the end of its instant"


def questions(folder: Path) -> list[dict[str, Any]]:
    """What a run waits to be answered; nothing where it does not wait."""
    try:
        found: list[dict[str, Any]] = json.loads((folder / LIVE / QUESTIONS).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    return found


def _whole(folder: Path, text: str, name: str = "") -> str:
    """Put a file into a folder in one step, by default a command under a name of its own; its name."""
    handle, path = tempfile.mkstemp(dir=folder, prefix="c", suffix=".part")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    stem = Path(path).stem
    Path(path).replace(folder / (name or f"{stem}{COMMAND}"))
    return stem
