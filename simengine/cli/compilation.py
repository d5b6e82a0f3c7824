"""What a command says of compilation, here or in its workers: that it goes on, and where it is not kept."""

from __future__ import annotations

from simengine.cli.say import warn
from simengine.outlets import doing


def mention(quiet: bool) -> None:
    """From now on say what is compiled, unless `quiet`."""
    from streams.notices import compiling

    said: set[str] = set()

    def told(function: str) -> None:
        if not said:
            warn("compiling what has not been compiled here yet: up to a minute, once")
            _mention_folder()
        said.add(function)
        doing(f"compiling {function}: number {len(said)}")

    compiling.listeners[:] = [] if quiet else [told]


def _mention_folder() -> None:
    from streams import kept
    from streams.jit import FOLDER

    if not FOLDER.is_relative_to(kept.user_cache()):
        warn(f"{kept.user_cache()} cannot be written: compiled code is kept in {FOLDER} until that goes")
