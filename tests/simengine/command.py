"""Runs commands of simengine, in this process or in one of their own."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from pathlib import Path

from simengine.__main__ import main

ROOT = Path(__file__).resolve().parents[2]
SMALL = "tests.simengine.small_world:Small"


def called(*arguments):
    """Exit code, standard output and standard error of a command run in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([str(argument) for argument in arguments])
    return code, out.getvalue(), _warm(err.getvalue())


def _warm(err):
    """What is said where everything has been compiled before, as on most machines it has not."""
    return "".join(line for line in err.splitlines(keepends=True) if not line.startswith("compiling "))


def started(*arguments, **environment):
    """A command in a process of its own, started at the root of the repository."""
    return subprocess.Popen(
        [sys.executable, "-m", "simengine", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(*arguments, **environment):
    """Exit code, standard output and standard error of a command in a process of its own."""
    process = started(*arguments, **environment)
    out, err = process.communicate()
    return process.returncode, out, _warm(err)
