"""The command line: one file per family of commands."""

from simengine.cli.app import app

__all__ = ["app"]
