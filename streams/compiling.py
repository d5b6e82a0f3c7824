"""Who is told what is compiled: so that nobody waits in silence, in this process or for another."""

from collections.abc import Callable

listeners: list[Callable[[str], None]] = []
"""Called with the name of each function for which no compiled code was found, before it is compiled."""


def tell(function: str) -> None:
    """Say that a function is going to be compiled."""
    for listener in listeners:
        listener(function)
