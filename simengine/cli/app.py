"""The commands put together; `simengine.__main__` runs them and turns errors into one line."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated

import typer

from simengine.cli import attribute, audit, bench, calibrate, doctor, look, new, recordings, run, study, train
from simengine.cli.say import say, table

EPILOG = "Add --debug to any command to see where an error came from."
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


app.command("run")(run.run)
app.command("resume")(run.resume)
app.command("train")(train.train)
app.command("eval")(train.evaluate)
app.command("list")(look.show_list)
app.command("check")(look.check)
app.add_typer(new.new, name="new")
app.command("validate")(recordings.validate)
app.command("compare")(recordings.compare)
app.command("report")(recordings.report)
app.command("doctor")(doctor.doctor)
app.command("attribute")(attribute.attribute)
app.command("audit")(audit.audit)
app.command("calibrate")(calibrate.calibrate)
app.command("bench")(bench.bench)
app.command("study")(study.study)
