"""What a world that takes long to build says of it meanwhile, to whoever shows it."""

from collections.abc import Callable

on_progress: list[Callable[[str, float], object]] = []
"""Called with what is being built, and the share of it that is done."""


def underway(what: str, share: float) -> None:
    """Say how far the building of something has come: a share from 0 to 1."""
    for tell in on_progress:
        tell(what, share)
