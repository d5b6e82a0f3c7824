"""The commands put together; `simengine.__main__` runs them and turns errors into one line."""

from __future__ import annotations

from typing import Annotated

import typer

from simengine.cli import attribute, audit, bench, calibrate, doctor, look, recordings, run, study, train

EPILOG = "Add --debug to any command to see where an error came from."

app = typer.Typer(
    name="simengine",
    help="Agent-based economies as SimPy events and RxPY streams. Start with: simengine run",
    epilog=EPILOG,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


@app.callback()
def root(debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks.")] = False) -> None:
    """Options of every command."""


app.command("run")(run.run)
app.command("resume")(run.resume)
app.command("train")(train.train)
app.command("eval")(train.evaluate)
app.command("list")(look.list_everything)
app.command("check")(look.check)
app.command("validate")(recordings.validate)
app.command("compare")(recordings.compare)
app.command("report")(recordings.report)
app.command("doctor")(doctor.doctor)
app.command("attribute")(attribute.attribute)
app.command("audit")(audit.audit)
app.command("calibrate")(calibrate.calibrate)
app.command("bench")(bench.bench)
app.command("study")(study.study)
