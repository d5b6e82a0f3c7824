"""Workers as processes of this machine: each has a line of its own to the parent, and ends when that does."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, NamedTuple

from simengine.errors import UserError, one_line
from simengine.workers.carried_out import Answer, answered
from streams.notices import compiling

SPAWN = multiprocessing.get_context("spawn")  # a forked copy of a threaded process can deadlock


class _Worker(NamedTuple):
    process: BaseProcess
    line: Connection

    def end(self) -> None:
        """End it, whatever it is doing."""
        self.line.close()
        self.process.kill()
        self.process.join()


class Processes:
    """So many processes, one per processor unless told otherwise, started when they are needed.

    A pool of `concurrent.futures` loses all it holds when one process dies, and outlives a killed parent.
    """

    def __init__(self, count: int | None = None) -> None:
        self.room = count or os.cpu_count() or 1
        self._idle: list[_Worker] = []
        self._busy: dict[int, _Worker] = {}

    def send(self, ticket: int, function: Callable[[Any], Any], task: Any) -> None:
        """Hand a task to an idle process, or to a new one."""
        work = pickle.dumps((function, task))
        while ticket not in self._busy:
            worker = self._idle.pop() if self._idle else _hired()
            try:
                worker.line.send_bytes(work)
            except OSError:  # it died while it was idle
                worker.end()
            else:
                self._busy[ticket] = worker

    def arrived(self) -> list[tuple[int, Answer | None]]:
        """Wait for answers, by ticket; None where the process died. Who listens is told what they compile."""
        lines = {worker.line: ticket for ticket, worker in self._busy.items()}
        while True:
            said = [(lines[line], self._said(lines[line])) for line in wait(list(lines))]  # type: ignore[index]
            answers = [(ticket, self._taken(ticket, word)) for ticket, word in said if type(word) is not str]
            if answers:
                return answers

    def drop(self) -> None:
        """End the processes that are at work."""
        while self._busy:
            self._busy.popitem()[1].end()

    def close(self) -> None:
        """End all processes."""
        self.drop()
        while self._idle:
            self._idle.pop().end()

    def _said(self, ticket: int) -> Answer | str | None:
        """The answer, the name of a function that is being compiled, or None of one who died."""
        try:
            said: Answer | str = pickle.loads(self._busy[ticket].line.recv_bytes())
        except (EOFError, OSError):
            return None
        if isinstance(said, str):
            compiling(said)
        return said

    def _taken(self, ticket: int, answer: Any) -> Answer | None:
        worker = self._busy.pop(ticket)
        if answer is None:
            worker.end()
            return None
        self._idle.append(worker)
        return answer


def _hired() -> _Worker:
    """A new process, which begins by importing the script that runs here; UserError where that never ends."""
    script = getattr(sys.modules.get("__main__"), "__file__", None)
    if script and os.path.isfile(script) and "__name__" not in Path(script).read_text("utf-8", "replace"):
        raise UserError(
            f"{script}: workers import this script, which would start workers of its own: "
            'put its work below a line  if __name__ == "__main__":'
        )
    ours, its = SPAWN.Pipe()
    process = SPAWN.Process(target=_serve, args=(its,), daemon=True)
    process.start()
    its.close()  # so that its death closes the line
    return _Worker(process, ours)


def _serve(line: Connection) -> None:
    """Answer until the parent is gone; Ctrl-C is left to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    compiling.listeners.append(lambda function: line.send_bytes(pickle.dumps(function)))
    while True:
        try:
            line.send_bytes(_answer(line.recv_bytes()))
        except (EOFError, OSError):
            return


def _answer(work: bytes) -> bytes:
    try:
        return pickle.dumps(answered(*pickle.loads(work)))
    except Exception as error:  # a task or a value that cannot be read here, or sent
        return pickle.dumps(Answer(None, RuntimeError(f"{type(error).__name__}: {one_line(error)}")))
