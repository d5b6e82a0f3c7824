"""What an observer, or any code of a user's, may not do to a run, and how it may end one."""

import json
import logging
import sys

import pytest
from reactivex import operators as ops

import simengine
from simengine import UserError
from simengine.kernel.errors import SimulationFailed
from streams.barter.events import Broadcast
from streams.bus import Bus
from streams.event import col, event, f8
from streams.events import Reward
from streams.macro import events as macro
from tests.simengine.command import SMALL, called

HERE = "tests.simengine.test_observers"


@event
class Seen:
    """What an observer publishes."""

    value: f8 = col("number", "of no meaning")


@pytest.fixture(autouse=True)
def quiet(caplog):
    caplog.set_level(logging.CRITICAL, "streams.guard")


class Rude(BaseException):
    """As a panic of a library in another language: no Exception."""


class Mute(Exception):
    """Cannot even say what it is."""

    def __str__(self):
        raise RuntimeError("nothing to say")


def raising(error):
    def fail(batch):
        raise error

    return fail


HOOKS = {
    "callback": lambda stream, act, **how: stream.subscribe(act, limit=99, **how),
    "operator": lambda stream, act, **how: stream.pipe(ops.map(act)).subscribe(lambda _: None, **how),
    "time": lambda stream, act, **how: stream.pipe(ops.buffer_with_time(1)).subscribe(act, limit=99, **how),
    "end": lambda stream, act, **how: stream.subscribe(on_completed=lambda: act(None), **how),
}


def end(hook=None, act=None):
    sim = simengine.Simulation("inventory", seed=1)
    if hook:
        HOOKS[hook](sim.events(Reward), lambda batch: act(sim))
    sim.run(until=14)
    sim.complete()
    return sim.tick, sim.digest, sim.bus.failures


@pytest.mark.parametrize("hook", HOOKS)
@pytest.mark.parametrize(
    "act",
    [
        lambda sim: sim.run(ticks=7),
        lambda sim: sim.advance(30, ("shops",)),
        lambda sim: sim.complete(),
        lambda sim: sys.exit(),
        raising(GeneratorExit()),
        raising(Rude("panic")),
        raising(Mute()),
    ],
)
def test_whatever_an_observer_tries_is_its_own_failure(hook, act):
    tick, digest, failures = end(hook, act)
    assert (tick, digest) == end()[:2]
    assert len(failures) == 1


def test_an_observer_who_runs_the_clock_is_told_at_once():
    (failure,) = end("time", lambda sim: sim.run(ticks=7))[2]
    assert "an observer cannot run the clock" in failure.error


def test_one_function_may_listen_twice_and_stop_once():
    bus, calls = Bus(), []
    once, twice = bus.listen(Seen, calls.append), bus.listen(Seen, calls.append)
    for stop, left in ((once, 1), (once, 1), (twice, 0)):
        stop()
        calls.clear()
        bus.publish(Seen, tick=0, replica=0, value=1.0)
        assert len(calls) == left


def test_events_of_another_world_are_refused_where_one_subscribes():
    sim = simengine.Simulation("barter", config={"agents": 3})
    with pytest.raises(UserError, match=r"events\(streams.macro.events:Trade\): world barter .* valid is st"):
        sim.events(macro.Trade)
    with pytest.raises(UserError, match="valid is what `simengine list barter` names"):
        sim.events(macro.Wealth)
    for kind in (Broadcast, Reward, Seen):
        sim.events(kind)
    simengine.Simulation(SMALL).events(macro.Output)


def strict(sim):
    """Fail in the third month, and take the run along."""
    months = sim.events(macro.Output).pipe(ops.skip(2))
    months.subscribe(raising(ValueError("enough")), name="strict", on_failure="stop")


def stopper(sim):
    """Stop once the books of tick 11 are closed."""
    sim.events(macro.Output).pipe(ops.filter(lambda b: b.tick == 11)).subscribe(lambda _: sim.stop())


def leaving(sim):
    """Leave before it has begun."""
    sys.exit()


def ran(folder, *more):
    code, _, err = called("run", SMALL, "--ticks", 48, "--no-report", "--quiet", "--out", folder, *more)
    path = folder / "manifest.json"
    return code, err, json.loads(path.read_text()) if path.is_file() else None


def test_a_strict_observer_ends_the_run_as_failed(tmp_path):
    code, err, manifest = ran(tmp_path / "run", "--observe", f"{HERE}:strict")
    assert (code, manifest["status"]) == (1, "failed")
    assert "failed at tick -1 in Small.settle" in err
    assert "observer strict of Output: ValueError: enough" in manifest["failure"]


@pytest.mark.parametrize("hook", HOOKS)
def test_it_does_so_wherever_it_fails_and_others_see_the_batch(hook):
    sim, seen = simengine.Simulation("inventory", seed=1), []
    HOOKS[hook](sim.events(Reward), raising(ValueError("no")), on_failure="stop")
    sim.events(Reward).subscribe(seen.append)

    def to_the_end():
        sim.run(until=14)
        sim.complete()

    with pytest.raises(SimulationFailed, match="ValueError: no"):
        to_the_end()
    assert seen
    with pytest.raises(SimulationFailed):
        sim.run(until=20)


def test_stop_in_an_observer_interrupts_a_run_that_resume_continues(tmp_path):
    whole = ran(tmp_path / "whole")[2]
    code, _, manifest = ran(tmp_path / "run", "--observe", f"{HERE}:stopper")
    assert (code, manifest["status"], manifest["tick"]) == (130, "interrupted", 12)
    assert called("resume", tmp_path / "run", "--no-report", "--quiet")[0] == 0
    assert json.loads((tmp_path / "run/manifest.json").read_text())["digest"] == whole["digest"]


class Quitting(simengine.World):
    """A world whose phase leaves the program."""

    name, ticks_per_year = "quitting", 12

    def populate(self, sim):
        """Nothing."""

    def timetable(self):
        """One row."""
        return (simengine.every(1, self.leave),)

    def leave(self, sim):
        """Leave."""
        sys.exit()


def test_leaving_the_program_is_a_failure_of_whoever_does_it(tmp_path):
    code, err, manifest = ran(tmp_path / "a", "--observe", f"{HERE}:leaving")
    assert (code, manifest) == (2, None)
    assert "failed before the run: SystemExit" in err
    assert not (tmp_path / "a").exists()
    code, _, err = called("run", f"{HERE}:Quitting", "--ticks", 2, "--quiet", "--out", tmp_path / "b")
    assert code == 1
    assert "failed at tick 0 in Quitting.leave" in err
    assert "SystemExit" in err
    assert json.loads((tmp_path / "b/manifest.json").read_text())["status"] == "failed"
    (tmp_path / "exits.py").write_text("raise SystemExit(0)\n")
    sys.path.append(str(tmp_path))
    try:
        code, _, err = called("run", "exits:World")
    finally:
        sys.path.remove(str(tmp_path))
    assert code == 2
    assert "cannot import exits: SystemExit" in err
