"""Forks equal their parents until something else is told to them; a run stands again as it stood."""

import json

import pytest

from simengine import Scenario, Simulation, UserError
from simengine.forks import fork, travel
from simengine.live.steering import Live
from simengine.recording import Recording
from tests.simengine.command import SMALL, called

TICKS, AT = 60, (0, 13, 20, 41, 59)
LINES = ["seat walkers=random@10", "shock rate:+0.01@12..30#half", "play walkers/2@15..50#1"]


@pytest.fixture(scope="module")
def parent(tmp_path_factory):
    folder = tmp_path_factory.mktemp("forks") / "parent"
    scenario = Scenario(world=SMALL, ticks=TICKS, replicas=[0, 1], command=LINES).checked()
    live = Live(desk=lambda asked: [{"step": 0} if each.tick % 3 else None for each in asked])
    run = Recording.begin(scenario, folder, checkpoint_every=16, keep=None, live=live)
    assert run.run()
    return run


@pytest.mark.parametrize("at", AT)
def test_a_fork_that_is_told_nothing_equals_its_parent(parent, tmp_path, at):
    run = fork(parent.folder, at, tmp_path / "fork")
    assert run.run()
    assert run.sim.digest == parent.sim.digest
    assert run.manifest["tables"] == parent.manifest["tables"]
    named = {"folder": str(parent.folder.resolve()), "digest": parent.manifest["digest"], "tick": at}
    assert run.manifest["parent"] == named


def test_a_fork_goes_its_own_way_from_its_tick_on(parent, tmp_path):
    run = fork(parent.folder, 20, tmp_path / "fork", ["drop walkers/2@now..50#1"])
    assert run.run()
    assert run.sim.digest != parent.sim.digest
    assert travel(tmp_path / "fork", 20).digest == travel(parent.folder, 20).digest
    assert travel(tmp_path / "fork", 28).digest != travel(parent.folder, 28).digest


def test_what_the_parent_was_told_later_can_be_forgotten(parent, tmp_path):
    forgetful = fork(parent.folder, 0, tmp_path / "forgetful", later=False, until=8)
    assert forgetful.run()
    assert not (tmp_path / "forgetful" / "commands.jsonl").exists()
    plain = Simulation(SMALL, replicas=2)
    plain.run(until=8)
    assert forgetful.sim.digest == plain.digest


def test_a_fork_may_end_later(parent, tmp_path):
    run = fork(parent.folder, 41, tmp_path / "fork", until=TICKS + 20)
    assert run.run()
    assert run.sim.tick == TICKS + 20
    assert travel(tmp_path / "fork", TICKS).digest == parent.sim.digest


@pytest.mark.parametrize("at", AT)
def test_a_run_stands_again_as_one_that_stopped_there(parent, at):
    stopped = fork(parent.folder, 0, parent.folder.with_name(f"stopped{at}"), until=max(at, 1))
    stopped.run()
    found = travel(parent.folder, max(at, 1))
    assert (found.tick, found.digest) == (max(at, 1), stopped.sim.digest)


def test_a_fork_in_memory_equals_what_it_came_from():
    sim = Simulation(SMALL, seed=4, replicas=2, shocks=["rate:+0.01@20..30#half"])
    sim.run(until=25)
    twin = sim.fork()
    for each in (sim, twin):
        each.run(until=TICKS)
    assert twin.digest == sim.digest
    assert twin is not sim


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--at", "61"), "valid is a tick from 0 to 60"),
        (("--at", "soon"), "at = 'soon': valid is a tick"),
        (("--at", "20", "--until", "20"), "valid is after tick 20"),
        (("--at", "20", "--command", "drop walkers/99"), "valid are agents 0 to"),
        (("--at", "20", "--command", "drop walkers/1@2"), "is over"),
    ],
)
def test_what_cannot_be_forked_is_refused_in_one_line(parent, tmp_path, arguments, said):
    code, out, err = called("fork", parent.folder, *arguments, "--out", tmp_path / "fork")
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1
    assert not (tmp_path / "fork").exists()


def test_the_command_forks_into_a_folder_beside_the_parent(parent):
    code, _, err = called("fork", parent.folder, "--at", "20", "--quiet", "--no-report")
    assert (code, err) == (0, "")
    manifest = json.loads((parent.folder.with_name("parent-fork-001") / "manifest.json").read_text())
    assert manifest["digest"] == parent.sim.digest


def test_a_folder_that_holds_something_is_left_alone(parent, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UserError, match="is not empty"):
        fork(parent.folder, 20, tmp_path)
    assert (tmp_path / "mine.txt").read_text() == "mine"
