"""`python -m simengine`: a command, or one line about what was wrong with it."""

from __future__ import annotations

import errno
import gc
import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path

from simengine.errors import one_line
from simengine.guarded import trusting
from simengine.outlets import doing, forgiving, held_warnings
from simengine.shadows import hidden_libraries, look_here, shadowed_packages
from simengine.threads import one_thread

WRONG_USE, FAILED, INTERRUPTED = 2, 1, 130
COMPLETING = "_SIMENGINE_COMPLETE"
"""The variable by which a shell asks for completions."""

SELDOM = 100_000
"""Objects between two looks for rubbish: commands alone are half of these, and they stay."""

OURS = ("simengine", "streams", "markets", "agents", "analysis")
HOME = Path(__file__).resolve().parents[1]
OF_THE_COMMAND = (errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.ELOOP)
"""What the system answers to a path that cannot be; anything else befalls a command that was right."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0, 1 for a run that failed, 2 for a mistake in the command."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in given
    one_thread()
    forgiving(sys.stdout, sys.stderr)
    gc.set_threshold(SELDOM)
    try:
        look_here()
        for said in _in_the_way(given):
            sys.stderr.write(f"error: {said}\n")
            return WRONG_USE
        with held_warnings(show=debug), trusting("--trust" in given):
            from simengine.cli import command

            return (
                command()(
                    args=[word for word in given if word not in ("--debug", "--trust")],
                    prog_name="simengine",
                    standalone_mode=False,
                )
                or 0
            )
    except BrokenPipeError:
        return 0
    except BaseException as error:  # a user's sys.exit() too, which would pass for success
        if isinstance(error, SystemExit) and COMPLETING in os.environ:
            raise
        code, line = _verdict(error)
        if debug and code in (FAILED, WRONG_USE):
            traceback.print_exc()
        elif line:
            doing()
            sys.stderr.write(line + "\n")
        return code


def _in_the_way(given: Sequence[str]) -> Iterator[str]:
    """What keeps commands from importing what they need; `doctor` lists by itself what hides our packages."""
    yield from hidden_libraries()
    if given[:1] != ["doctor"]:
        yield from shadowed_packages(HOME)


def _verdict(error: BaseException) -> tuple[int, str]:
    from typer.exceptions import Abort, Exit, TyperException

    if isinstance(error, Exit):
        return error.exit_code, ""
    if isinstance(error, (KeyboardInterrupt, Abort)):
        return INTERRUPTED, "interrupted"
    if isinstance(error, TyperException):
        return WRONG_USE, f"error: {one_line(getattr(error, 'format_message', error.__str__)())}"
    said = one_line(error)
    if isinstance(error, OSError) and error.strerror:
        code = WRONG_USE if error.errno in OF_THE_COMMAND else FAILED
        return code, f"error: {str(error.filename or 'the system')[:200]}: {error.strerror}"
    if type(error).__name__ == "SimulationFailed":
        return FAILED, f"error: {said}"
    if isinstance(error, ValueError) and type(error).__module__.partition(".")[0] in OURS:
        return WRONG_USE, f"error: {said}"
    if isinstance(error, MemoryError):
        return FAILED, f"error: more memory is needed than there is ({said}): fewer replicas need less"
    return FAILED, f"error: {type(error).__name__}: {said} (a fault in the program: add --debug to see where)"


if __name__ == "__main__":
    sys.exit(main())
