"""What takes long, told while it goes on to whoever shows it: so that nobody waits in silence."""

from collections.abc import Callable
from typing import Any


class Notice:
    """Work of one sort: calling it tells its `listeners` how that goes, in the order they came."""

    def __init__(self) -> None:
        self.listeners: list[Callable[..., Any]] = []

    def __call__(self, *told: Any) -> None:
        for listener in self.listeners:
            listener(*told)


compiling = Notice()
"""Of a function for which no compiled code was found, before it is compiled: its name."""

building = Notice()
"""Of a world that takes long to build: what is being built, and the share of it that is done, 0 to 1."""
