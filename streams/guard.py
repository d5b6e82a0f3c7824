"""A guard: what an observer raises is caught, counted and reported; the run and the other observers go on."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

LIMIT = 3

log = logging.getLogger(__name__)


class ObserverFailed(RuntimeError):
    """An observer that is to stop the run when it fails has failed: which, of what, and what it raised."""


@dataclass(slots=True)
class Failure:
    """What one observer raised: the latest error and its tick, how often, and whether it is detached."""

    name: str
    event: str
    tick: int
    error: str
    count: int
    detached: bool


class Guard:
    """Runs the code of one observer: whatever it raises is caught, all but the user's Ctrl-C.

    After `limit` failures the observer is detached. With `halt` the first one detaches it and is handed over.
    """

    def __init__(
        self,
        name: str,
        event: str,
        reports: list[Failure],
        tick: Callable[[], int],
        limit: int = LIMIT,
        halt: Callable[[ObserverFailed], None] | None = None,
    ):
        self.active = True
        self.detach: Callable[[], None] = lambda: None
        self._limit = limit
        self._tick = tick
        self._reports = reports
        self._halt = halt
        self._report = Failure(name, event, 0, "", 0, False)

    def tolerate(self, action: Callable[..., Any], *more: Any) -> Callable[[Any], None]:
        """`action(value, *more)`, for a callback: failures are counted, the limit detaches the observer."""

        def run(value: Any) -> None:
            if self.active:
                try:
                    action(value, *more)
                except KeyboardInterrupt:
                    raise
                except BaseException as error:
                    self.failed(error)

        return run

    def contain(self, action: Callable[..., Any]) -> Callable[..., Any]:
        """`action`, for what operators do: its first failure ends the chain, as in the grammar of Rx."""

        def run(*arguments: Any) -> Any:
            try:
                return action(*arguments)
            except KeyboardInterrupt:
                raise
            except BaseException as error:
                self.failed(error, fatal=True)
                return None

        return run

    def failed(self, error: BaseException, fatal: bool = False) -> None:
        """Count and report a failure; detach the observer if it is fatal or the last one tolerated."""
        report = self._report
        if report.count == 0:
            self._reports.append(report)
        report.tick, report.error = self._tick(), said(error)
        report.count += 1
        where = (report.name, report.event, report.tick, report.error)
        if self.active and (fatal or self._halt or report.count >= self._limit):
            report.detached = True
            self.active = False
            log.warning("observer %s of %s is detached at tick %d: %s", *where)
            self.detach()
        elif report.count == 1:
            log.warning("observer %s of %s failed at tick %d: %s", *where)
        if self._halt:
            failure = ObserverFailed(f"observer {report.name} of {report.event}: {report.error}")
            failure.__cause__ = error
            self._halt(failure)


def said(error: BaseException) -> str:
    """The type of an error and what it says; the type alone where saying it fails in turn."""
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:
        return type(error).__name__
