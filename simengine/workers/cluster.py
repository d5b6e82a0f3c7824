"""Workers of Ray, on this machine or on the cluster that RAY_ADDRESS names; needs the extra `ray`."""

from __future__ import annotations

import logging
import os
import re
import socket
from collections.abc import Callable
from typing import Any

from simengine.errors import UserError
from simengine.extras import installing
from simengine.workers.carried_out import Answer, answered

PATIENCE = 5.0
"""Seconds for which a cluster may leave a greeting unanswered."""


def available() -> Any:
    """The module `ray`; a UserError where the extra is missing."""
    try:
        import ray
    except ImportError:
        raise UserError(f"--ray: Ray is not installed: {installing('ray')}") from None
    return ray


def reachable(address: str) -> None:
    """UserError where nobody listens at `host:port` or `ray://host:port`: Ray itself tries it for minutes.

    Of any other word, such as `auto`, Ray knows what it means.
    """
    if at := re.fullmatch(r"(?:ray://)?\[?([^/]+?)\]?:(\d+)", address):
        try:
            socket.create_connection((at[1], int(at[2])), PATIENCE).close()
        except (OSError, OverflowError) as error:
            raise UserError(f"RAY_ADDRESS={address}: no Ray cluster answers there: {error}") from None


class Membership:
    """This process as a part of a cluster: of the one it is in already, or of one it joins or starts now.

    One that is started here has as many processors as are asked for; UserError where there are fewer.
    """

    def __init__(self, wanted: int) -> None:
        self.ray = available()
        self._mine = not self.ray.is_initialized()
        if self._mine:
            self._begin(wanted)
        self.processors = int(self.ray.cluster_resources().get("CPU", 0))
        if self.processors < max(1, wanted):
            self.end()
            raise UserError(f"--ray {wanted}: Ray has {self.processors} processors: valid is one each")

    def end(self) -> None:
        """Leave it, if it was joined or started here."""
        if self._mine:
            self.ray.shutdown()

    def _begin(self, count: int) -> None:
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        address = os.environ.get("RAY_ADDRESS", "local")
        here = {"num_cpus": count or os.cpu_count(), "include_dashboard": False} if address == "local" else {}
        reachable(address)
        try:
            self.ray.init(address=address, logging_level=logging.ERROR, log_to_driver=False, **here)
        except (ConnectionError, self.ray.exceptions.RayError):
            raise UserError(f"RAY_ADDRESS={address}: no Ray cluster answers there") from None


class Cluster:
    """Tasks of one processor each on a cluster, `count` at a time; 0: as many as it has processors.

    A task that a lost machine held is handed out anew by whoever sent it.
    """

    def __init__(self, count: int = 0) -> None:
        self.membership = Membership(count)
        self.ray = self.membership.ray
        self.room = count or self.membership.processors
        self._task = self.ray.remote(num_cpus=1, max_retries=0)(answered)
        self._open: dict[Any, int] = {}

    def send(self, ticket: int, function: Callable[[Any], Any], task: Any) -> None:
        """Submit a task."""
        self._open[self._task.remote(function, task)] = ticket

    def arrived(self) -> list[tuple[int, Answer | None]]:
        """Wait for answers, by ticket; None where worker or machine were lost."""
        ready, _ = self.ray.wait(list(self._open), num_returns=1, fetch_local=False)
        return [(self._open.pop(reference), self._taken(reference)) for reference in ready]

    def drop(self) -> None:
        """Cancel what is under way."""
        for reference in self._open:
            self.ray.cancel(reference, force=True)
        self._open.clear()

    def close(self) -> None:
        """Cancel, and leave the cluster if it was joined here."""
        self.drop()
        self.membership.end()

    def _taken(self, reference: Any) -> Answer | None:
        try:
            answer: Answer = self.ray.get(reference)
        except self.ray.exceptions.RayTaskError as error:  # the worker cannot read the task
            return Answer(None, error.cause if isinstance(error.cause, Exception) else error)
        except self.ray.exceptions.RayError:
            return None
        return answer
