"""The command line: one file per family of commands."""

from simengine.cli.app import command

__all__ = ["command"]
