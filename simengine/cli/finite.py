"""A command of the program: its numbers are finite, whatever they are for."""

from __future__ import annotations

from math import isfinite
from typing import Any

from typer.core import TyperCommand

from simengine.errors import UserError


class Command(TyperCommand):
    """A command that refuses `inf` and `nan` before it begins."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the options of a command line, each of them a number that means something."""
        left = super().parse_args(ctx, args)
        for name, value in ctx.params.items():
            if isinstance(value, float) and not isfinite(value):
                raise UserError(f"--{name.replace('_', '-')} {value}: valid is a finite number")
        return left
