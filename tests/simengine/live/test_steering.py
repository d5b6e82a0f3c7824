"""Runs that are told things while they go on: the same bits as planned, after a crash, and again."""

import json
import shutil
import threading
import time
from pathlib import Path

import pytest

from simengine import Scenario, Simulation
from simengine.errors import UserError
from simengine.live.inbox import questions, tell
from simengine.live.steering import Live
from simengine.policies import shipped
from simengine.recording import Recording
from simengine.worlds.macro.world import Macro
from tests.simengine.command import SMALL, called

TICKS = 96


def scenario(world=SMALL, ticks=TICKS, **more):
    return Scenario(world=world, ticks=ticks, replicas=[0, 1], seed=3, **more).checked()


def told(run, at, crash=None):
    """The lines of `at` (tick -> lines) told between two instants; the digest at the end.

    At tick `crash` it stops, and what lay on the disk then is left in the folder `crashed` beside it.
    """
    waiting = dict(at)

    def stop():
        for tick in [tick for tick in sorted(waiting) if tick <= run.sim.tick]:
            for line in waiting.pop(tick):
                run.steering.tell(line)
        if crash is None or run.sim.tick < crash:
            return False
        shutil.copytree(run.folder, run.folder.with_name("crashed"))
        return True

    run.run(stop=stop)
    return run.sim.digest


AT = {
    8: ["shock rate:+0.01@now..+1m#half", "set cost=0.25#1"],
    20: ["play walkers/2@now..+5 ticks", "drop walkers/0@now..+6 ticks#0"],
    40: ["seat walkers=random"],
    60: ["seat walkers=rule"],
}


def evens(questions):
    return [{"step": 2} if question.tick % 2 else None for question in questions]


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    folder = tmp_path_factory.mktemp("live") / "run"
    return folder, told(Recording.begin(scenario(), folder, live=Live(desk=evens)), AT)


def nobody(questions):
    pytest.fail("a replay waits for nobody")


def test_the_same_commands_from_the_journal_give_the_same_bits(live, tmp_path):
    folder, digest = live
    again = Recording.begin(
        scenario(), tmp_path / "again", live=Live(desk=nobody, journal=folder / "commands.jsonl")
    )
    assert again.run()
    assert again.sim.digest == digest
    assert (tmp_path / "again" / "commands.jsonl").read_bytes() == (folder / "commands.jsonl").read_bytes()
    assert Simulation(SMALL, seed=3, replicas=2).digest != digest


def test_a_live_shock_is_the_planned_one(tmp_path):
    live = told(Recording.begin(scenario(), tmp_path / "live"), {8: ["shock rate:+0.01@now..+1m#half"]})
    planned = Simulation(SMALL, seed=3, replicas=2, shocks=["rate:+0.01@8..12#half"])
    planned.run(until=TICKS)
    assert planned.digest == live


def test_lines_of_a_scenario_are_commands_told_before_the_start(tmp_path):
    lines = ["set cost=0.25@8#1", "seat walkers=random@40", "seat walkers=rule@60"]
    ahead = Recording.begin(scenario(command=lines), tmp_path / "ahead")
    assert ahead.run()
    live = {8: ["set cost=0.25#1"], 40: ["seat walkers=random"], 60: ["seat walkers=rule"]}
    assert told(Recording.begin(scenario(), tmp_path / "live"), live) == ahead.sim.digest


@pytest.mark.parametrize("crash", [12, 24, 44, 72])
def test_a_run_that_dies_goes_on_with_what_it_was_told(live, tmp_path, crash):
    run = Recording.begin(scenario(), tmp_path / "run", checkpoint_every=7, live=Live(desk=evens))
    told(run, AT, crash)
    left = {tick: lines for tick, lines in AT.items() if tick > crash}
    assert told(Recording.reopen(tmp_path / "crashed", Live(desk=evens)), left) == live[1]


MINDS = {5: ["seat foragers.effort=random"], 10: ["seat foragers=rule"], 15: ["seat foragers=own"]}


@pytest.mark.parametrize("crash", [8, 13, 18])
def test_the_minds_that_a_world_brings_can_be_seated_again(tmp_path, crash):
    foragers = scenario("barter", 24, config={"agents": 5})
    run = Recording.begin(foragers, tmp_path / "run", checkpoint_every=3)
    digest = told(run, MINDS)
    assert run.sim.seats["foragers"].policy is run.sim.own["foragers"]
    told(Recording.begin(foragers, tmp_path / "other", checkpoint_every=3), MINDS, crash)
    left = {tick: lines for tick, lines in MINDS.items() if tick > crash}
    assert told(Recording.reopen(tmp_path / "crashed"), left) == digest
    assert Simulation("barter", policies={"foragers": "own"}, config={"agents": 5}).deciders == {
        "foragers": "minds"
    }


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("shock rat:1@now", "did you mean 'rate'"),
        ("shock rate:9@now", "valid is a number from -1 to 1"),
        ("set rat=1", "world 'small' cannot take it: unknown lever 'rat'"),
        ("set stabilisers=3", "valid is a number from 0 to 1"),
        ("set rate=1#7", "replica index 7"),
        ("set harvest/9=1", "valid is a place below"),
        ("seat walker=rule", "unknown population 'walker'"),
        ("seat walkers=rul", "did you mean 'rule'"),
        ("seat walkers=none.safetensors", "no such file"),
        ("play walkers/99", "valid are agents 0 to"),
        ("answer walkers/1 step=1", "it is asked nothing now"),
        ("drop walkers/1@2", "tick 2 is over"),
    ],
)
def test_what_cannot_be_is_refused_and_not_written_down(tmp_path, line, said):
    run = Recording.begin(scenario(), tmp_path / "run")
    run.sim.run(until=8)
    with pytest.raises(ValueError, match=said):
        run.steering.tell(line)
    assert not (tmp_path / "run" / "commands.jsonl").exists()
    assert not run.sim.strikes


def test_a_plan_that_does_not_fit_leaves_no_folder(tmp_path):
    code, out, err = called("run", SMALL, "--command", "set rat=1", "--out", tmp_path / "run")
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    assert not (tmp_path / "run").exists()


def test_check_says_what_a_scenario_could_not_be_told(tmp_path):
    path = tmp_path / "told.toml"
    path.write_text(f'world = "{SMALL}"\nyears = 1\ncommand = ["set cost=1@2y", "seat walkers=rul"]')
    code, out, err = called("check", path)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "did you mean 'rule'" in err


def test_a_journal_of_another_run_is_refused(live, tmp_path):
    with pytest.raises(UserError, match="this is the journal of another run"):
        Recording.begin(scenario(ticks=50), tmp_path / "run", live=Live(journal=live[0] / "commands.jsonl"))


def other_questions(folder, than, seconds=30.0):
    """What is asked once it is something else."""
    until = time.monotonic() + seconds
    while (found := questions(folder)) == than:
        assert time.monotonic() < until
        time.sleep(0.005)
    return found


def test_another_process_tells_and_plays(tmp_path):
    """What `simengine tell` does: pause, play, answer, go on, stop, each with its reply."""
    folder = tmp_path / "run"
    run = Recording.begin(scenario(ticks=10**6), folder, live=Live(rate=200.0, deadline=30.0))
    player = threading.Thread(target=run.run)
    player.start()
    assert tell(folder, "pause").endswith(": pause")
    with pytest.raises(UserError, match="unknown kind"):
        tell(folder, "jump")
    assert tell(folder, "play walkers/3@now..+2 months#1").endswith("months#1")
    tell(folder, "go")
    for step in (1, 2):
        asked = other_questions(folder, [])
        assert (asked[0]["population"], asked[0]["agent"], asked[0]["replica"]) == ("walkers", 3, 1)
        with pytest.raises(UserError, match="valid is an index below"):
            tell(folder, "answer walkers/3#1 step=99")
        if step == 1:
            assert "waits for an answer; then: set cost=0.5" in tell(folder, "set cost=0.5")
            with pytest.raises(UserError, match="is over"):
                tell(folder, f"set cost=0.5@{asked[0]['tick']}")
        tell(folder, f"answer walkers/3#1 step={step}")
        other_questions(folder, asked)
    tell(folder, "stop")
    player.join()
    lines = [json.loads(line) for line in (folder / "commands.jsonl").read_text().splitlines()]
    kinds = [line["command"]["kind"] for line in lines[1:]]
    assert kinds == ["pause", "play", "go", "answer", "set", "answer", "stop"]
    assert [lines[at]["command"]["action"] for at in (4, 6)] == [{"step": 1}, {"step": 2}]
    assert json.loads((folder / "manifest.json").read_text())["status"] == "interrupted"


def test_a_folder_in_which_nothing_runs_is_told_nothing(tmp_path):
    Recording.begin(scenario(ticks=4), tmp_path / "run").run()
    code, out, err = called("tell", tmp_path / "run", "pause")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "no run goes on here" in err
    assert not (tmp_path / "run" / "live").exists()


def test_who_is_late_follows_the_rule(tmp_path):
    late = Recording.begin(
        scenario(ticks=12, command=["play walkers/1@4..6"]), tmp_path / "late", live=Live(deadline=0.0)
    )
    kept = Recording.begin(scenario(ticks=12, command=["drop walkers/1@4..6"]), tmp_path / "kept")
    assert late.run()
    assert kept.run()
    assert late.sim.digest == kept.sim.digest
    written = (tmp_path / "late" / "commands.jsonl").read_text()
    assert written.count('"answer"') == 2


def test_a_manifest_says_in_words_what_struck_and_which_of_it_was_planned(tmp_path):
    shock = {"type": "cost", "size": 0.01, "start": 4}
    planned = scenario(ticks=24, shock=[shock], command=["set harvest/1=0.5@9"])
    run = Recording.begin(planned, tmp_path / "run")
    told(run, {8: ["seat walkers=random", "drop walkers/0@now..+6 ticks#0", "play walkers/2@20"]})
    found = json.loads((tmp_path / "run" / "manifest.json").read_text())["strikes"]
    assert found[0] == {"shock": found[0]["shock"], "tick": 4, "until": None, "hit": [0, 1], "planned": True}
    assert [(each["shock"], each["tick"], each["planned"]) for each in found[1:]] == [
        ("set harvest/1=0.5", 9, False),
        ("seat walkers=random", 8, False),
        ("drop walkers/0", 8, False),
        ("play walkers/2", 20, False),
    ]


def test_a_journal_that_cannot_be_followed_is_refused_and_leaves_no_folder(live, tmp_path):
    shutil.copy(live[0] / "commands.jsonl", tmp_path)
    begun = [
        (Live(journal=tmp_path / "none.jsonl"), {}, "no such file: valid is the commands.jsonl of a run"),
        (Live(journal=tmp_path / "commands.jsonl"), {"ticks": 50}, "this is the journal of another run"),
    ]
    for given, more, said in begun:
        with pytest.raises(UserError, match=said):
            Recording.begin(scenario(**more), tmp_path / "run", live=given)
    assert not (tmp_path / "run").exists()


def test_a_journal_without_the_network_that_it_seats_is_refused(tmp_path):
    run = Recording.begin(Scenario(world="macro", ticks=8, policies={"all": "rule"}), tmp_path / "run")
    run.steering.tell(f"seat banks={shipped(Macro, 'banks')}@4")
    alone = Path(shutil.copy(tmp_path / "run" / "commands.jsonl", tmp_path))
    with pytest.raises(UserError, match="not there: valid is a journal in the folder of its run"):
        Recording.begin(run.scenario, tmp_path / "again", live=Live(journal=alone))
    assert not (tmp_path / "again").exists()
