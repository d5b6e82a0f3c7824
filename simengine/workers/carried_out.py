"""Tasks handed to workers, a bounded number at a time, and handed out anew where a worker dies."""

from __future__ import annotations

import pickle
import traceback
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, Protocol

from simengine.errors import one_line

ATTEMPTS = 3
"""How often a task is handed out before it counts as what its workers die of."""


class WorkerDied(RuntimeError):
    """A task of which every worker died, killed or out of memory."""


class Answer(NamedTuple):
    """What became of a task: the function's value, or the error that it raised."""

    value: Any
    error: Exception | None = None


class Workers(Protocol):
    """Somebody who computes elsewhere; `room` is how many tasks may be with them at once."""

    room: int

    def send(self, ticket: int, function: Callable[[Any], Any], task: Any) -> None:
        """Hand a task out under a number of the caller's."""

    def arrived(self) -> list[tuple[int, Answer | None]]:
        """Wait for answers, by ticket; None where the worker died over it."""

    def drop(self) -> None:
        """Give up whatever is with the workers."""

    def close(self) -> None:
        """Give up, and end the workers."""


def never() -> bool:
    """The stop of those who wait for the end."""
    return False


def carried_out(
    workers: Workers,
    function: Callable[[Any], Any],
    tasks: Sequence[Any],
    stop: Callable[[], bool] = never,
) -> Iterator[tuple[int, Answer]]:
    """Each task's position with its answer, in the order of arrival.

    Once `stop()`, no further task is handed out. Whoever leaves early drops what is with the workers.
    """
    waiting, sent, died = deque(range(len(tasks))), set[int](), Counter[int]()
    try:
        while True:
            while waiting and len(sent) < workers.room and not stop():
                ticket = waiting.popleft()
                workers.send(ticket, function, tasks[ticket])
                sent.add(ticket)
            if not sent:
                return
            for ticket, answer in workers.arrived():
                sent.discard(ticket)
                if answer is None:
                    died[ticket] += 1
                    if died[ticket] < ATTEMPTS:
                        waiting.appendleft(ticket)
                        continue
                    said = f"its worker died {ATTEMPTS} times: killed, or out of memory"
                    answer = Answer(None, WorkerDied(said))
                yield ticket, answer
    finally:
        if sent:
            workers.drop()


def answered(function: Callable[[Any], Any], task: Any) -> Answer:
    """The answer to a task, in such a form that it can be sent to another process."""
    try:
        return Answer(function(task))
    except Exception as error:
        error.add_note(f"in a worker:\n{traceback.format_exc()}")
        return Answer(None, _sendable(error))


def _sendable(error: Exception) -> Exception:
    try:
        copy = pickle.loads(pickle.dumps(error))
    except Exception:
        copy = None
    return error if type(copy) is type(error) else RuntimeError(f"{type(error).__name__}: {one_line(error)}")
