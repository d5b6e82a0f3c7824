"""The commands put together; `simengine.__main__` runs them and turns errors into one line."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from typing import Annotated, Any

import typer

from simengine.cli import (
    attribute,
    audit,
    bench,
    books,
    calibrate,
    doctor,
    look,
    new,
    recordings,
    run,
    steer,
    study,
    sweep,
    train,
)
from simengine.cli.opening import Command
from simengine.cli.say import say, table

EPILOG = (
    "Add --debug to any command to see where an error came from, --trust to let a folder of somebody else's "
    "name code that is to run."
)
DISTRIBUTION = "simengine-econ"

BEGIN = (
    ("simengine run", "25 years of the macro economy, with figures and a report in runs/"),
    ("simengine run inventory --years 1", "a small world, in seconds"),
    ("simengine list macro", "what a world has: settings, policies, shocks, metrics, events"),
    ("simengine new world bakery", "a world of your own, in one file that runs"),
    ("simengine check bakery:Bakery", "whether it keeps its promises"),
    ("simengine --help", "every command; --install-completion completes them in your shell"),
)
"""What plain `simengine` shows."""

app = typer.Typer(
    name="simengine",
    help="Agent-based economies as SimPy events and RxPY streams. Start with: simengine run",
    epilog=EPILOG,
    no_args_is_help=False,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
)


def show_version(asked: bool) -> None:
    """Print the version and end."""
    if asked:
        say(f"simengine {version(DISTRIBUTION)}")
        raise typer.Exit


@app.callback()
def root(
    context: typer.Context,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks.")] = False,
    shown: Annotated[
        bool, typer.Option("--version", callback=show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Options of every command."""
    if context.invoked_subcommand is None:
        say("Economies as discrete-event simulations. To begin:\n")
        table(("  " + command, says) for command, says in BEGIN)


COMMANDS: dict[str, Callable[..., None]] = {
    "run": run.run,
    "resume": run.resume,
    "tell": steer.tell,
    "fork": steer.fork,
    "sweep": sweep.sweep,
    "train": train.train,
    "eval": train.evaluate,
    "list": look.show_list,
    "check": look.check,
    "validate": recordings.validate,
    "compare": recordings.compare,
    "report": recordings.report,
    "books": books.books,
    "doctor": doctor.doctor,
    "attribute": attribute.attribute,
    "audit": audit.audit,
    "calibrate": calibrate.calibrate,
    "bench": bench.bench,
    "study": study.study,
}
for name, carried_out in COMMANDS.items():
    app.command(name, cls=Command)(carried_out)
app.add_typer(new.new, name="new")


@cache
def command() -> Any:
    """All of them as one command, which is put together once."""
    return typer.main.get_command(app)
