"""`python -m simengine`: a command, or one line about what was wrong with it."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence

from simengine.errors import one_line
from simengine.threads import one_thread

WRONG_USE, FAILED, INTERRUPTED = 2, 1, 130
COMPLETING = "_SIMENGINE_COMPLETE"
"""The variable by which a shell asks for completions."""

OURS = ("simengine", "streams", "markets", "agents", "analysis")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0, 1 for a run that failed, 2 for a mistake in the command."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in given
    one_thread()
    try:
        from simengine.cli import command

        return (
            command()(
                args=[word for word in given if word != "--debug"],
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
            sys.stderr.write(line + "\n")
        return code


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
        return FAILED, f"error: {error.filename or 'the system'}: {error.strerror}"
    if type(error).__name__ == "SimulationFailed":
        return FAILED, f"error: {said}"
    if isinstance(error, ValueError) and type(error).__module__.partition(".")[0] in OURS:
        return WRONG_USE, f"error: {said}"
    return FAILED, f"error: {type(error).__name__}: {said} (a fault in the program: add --debug to see where)"


if __name__ == "__main__":
    sys.exit(main())
