"""What every command does first: it says what it is at, and takes finite numbers alone."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from math import isfinite
from typing import Any

from typer.core import TyperCommand

from simengine.cli.compilation import mention
from simengine.errors import UserError
from simengine.outlets import doing


class Command(TyperCommand):
    """A command that refuses `inf` and `nan`, and is seen on a terminal before anything heavy is imported."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the options of a command line, each of them a number that means something."""
        left = super().parse_args(ctx, args)
        for name, value in ctx.params.items():
            if isinstance(value, float) and not isfinite(value):
                raise UserError(f"--{name.replace('_', '-')} {value}: valid is a finite number")
        return left

    def invoke(self, ctx: Any) -> Any:
        """Carry it out."""
        quiet = bool(ctx.params.get("quiet") or ctx.params.get("json"))
        doing(f"{ctx.info_name}: starting", quiet)
        mention(quiet)
        return super().invoke(ctx)


@contextmanager
def undisturbed() -> Iterator[None]:
    """While modules are imported and other things made that stay: nobody looks for rubbish among them.

    Nor later, the first time in a process; to do so each time would keep the rubbish of the times before.
    """
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if not gc.get_freeze_count():
            gc.freeze()
        if before:
            gc.enable()
