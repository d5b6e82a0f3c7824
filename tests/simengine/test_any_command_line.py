"""Any command line: it is carried out, or refused in one line before anything is simulated."""

import inspect
import warnings

import pytest
import typer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simengine import kernel
from simengine.cli import command
from simengine.learning.training import Trainer
from simengine.recording import Recording
from simengine.workers.processes import Processes
from tests.simengine.command import SMALL, called

COMMANDS = sorted(set(command().commands) - {"doctor", "new"})

NUMBERS = st.sampled_from(["1", "2", "4", "16"]) | st.sampled_from(
    ["-1", "0", "1", "2", "0.5", "1e308", "1e-308", "nan", "-inf", "²", "٣", "1_000", "0x10", "1e9", ""]
) | st.integers(-(10**30), 10**30).map(str)
WORDS = st.sampled_from(
    [
        *("", " ", "=", ":", "a=b", "macro", "inventory", "makro", SMALL, "os:path", "no.such:World"),
        *("all=rule", "walkers=fixed:1", "walkers=fixed:99", "walkers=random", "x=rule"),
        *("rate:.01@3..9", "rate:1@1y..6m", "harvest:.5,good=99@1", "bank_failure:1,bank=99@2", "rate:@"),
        *("rate@99y", "walkers=a.safetensors", "all=recorded:.", "all=learned", "rule", "learned"),
        *("walkers=3", "walk.drift=1e999", "walk=1", "walk.drift=[[", "fragile=maybe", "a.b.c=1", ".=1"),
        *("x" * 300, "x" * 300 + ".toml", "é.toml", ".", "..", "/", "/dev/null", "*", "[", "-", "--", "~"),
        *("every=0", "replicas=9", "all", "none", "0-7,0-7", "9-1", "auto", "cpu"),
        *("rate_shock", "\ud800", "json:"),
    ]
) | st.text(max_size=12).filter(lambda text: "\x00" not in text)

@st.composite
def command_lines(draw):
    """A command with some of its own options, each given something, and what may be its arguments."""
    name = draw(st.sampled_from(COMMANDS))
    words = [name]
    options = [each for each in command().commands[name].params if each.param_type_name == "option"]
    for option in draw(st.lists(st.sampled_from(options), max_size=4)) if options else ():
        if option.name in ("install_completion", "show_completion", "help"):
            continue
        words.append(option.opts[0])
        kind = str(inspect.signature(command().commands[name].callback).parameters[option.name].annotation)
        fitting = NUMBERS if "int" in kind or "float" in kind else WORDS
        words += [] if option.is_flag else [draw(fitting)]
    places = draw(st.lists(st.sampled_from([SMALL, SMALL, "."]) | WORDS, max_size=2))
    return [*words[:1], *places, *words[1:]]


@pytest.fixture
def nothing_runs(monkeypatch, tmp_path):
    """Whatever would simulate ends well instead."""

    def accepted(*ignored, **named):
        raise typer.Exit(0)

    monkeypatch.chdir(tmp_path)
    simulating = (Recording, "begin"), (Trainer, "begin"), (Processes, "send"), (kernel.Simulation, "run")
    for owner, name in (*simulating, (kernel.Simulation, "advance")):
        monkeypatch.setattr(owner, name, accepted)
    monkeypatch.setattr("simengine.conformance.check", lambda *ignored: [])


@given(command_lines())
@settings(
    max_examples=120,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_command_line_is_accepted_or_refused_in_one_line(nothing_runs, words):
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        code, _, err = called(*words)
    assert code in (0, 2), (words, err)
    assert "Traceback" not in err
    if code == 2:
        assert err.startswith("error: "), (words, err)
        assert err.count("\n") == 1, (words, err)
        assert len(err) < 1000, (words, err)
