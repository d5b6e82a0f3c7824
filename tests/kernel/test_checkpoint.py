"""Checkpoints at every instant resume to the same bits; damaged ones are passed over."""

import contextlib
import json
import os
import shutil
import warnings
from collections import Counter

import numpy as np
import pytest

from simengine.kernel import CheckpointError, KernelError, Simulation, Strike, newest, places
from simengine.kernel import checkpoint as saved
from tests.kernel.test_shocks import Raise
from tests.kernel.toy import Repricing, Toy

UNTIL = 40
SHOCKS = [Strike(9, Raise(30), until=21, replicas=[0]), Strike(14, Raise(-5))]


def counting(me):
    while True:
        yield me.sleep(1 + me.memory.get("count", 0) % 5)
        me.memory["count"] = me.memory.get("count", 0) + 1
        if not me.alive:
            return
        action = yield me.decide("price", "hire")
        me.population.luck[me.replica, me.slot, 1] += me.memory["count"] + action[0]


def waking(me, action):
    me.memory.setdefault("log", []).append(me.tick)
    return 1 + (me.tick + sum(action)) % 4


def declare(sim):
    sim.process(counting, "firms", 2)
    sim.agent("firms", 5, wake=waking)
    sim.fold(Repricing, "turnover", {"sum": np.zeros(sim.R)}, count)


def count(batch, memory):
    memory["sum"] += batch.total("price")


def fresh(replicas=3, shocks=SHOCKS):
    sim = Simulation(Toy(), seed=3, replicas=replicas, shocks=shocks)
    declare(sim)
    return sim


def finished(sim):
    sim.run(until=UNTIL)
    memories = [process.me.memory for process in sim.processes]
    return sim.digests.tolist(), sim.bus.memory()["turnover.sum"].tolist(), sim.counts, memories


def test_a_checkpoint_at_every_instant_resumes_to_the_same_run(tmp_path):
    expected = finished(fresh())
    sim = fresh()
    for tick in range(-4, UNTIL):
        sim.run(until=tick)
        sim.checkpoint(tmp_path)
        resumed = Simulation.resume(tmp_path, Toy(), declare, shocks=SHOCKS)
        assert resumed.tick == tick
        assert finished(resumed) == expected, f"checkpoint at tick {tick}"
    assert finished(sim) == expected


def test_the_newest_three_are_kept(tmp_path):
    sim = fresh()
    for tick in range(-4, 5):
        sim.run(until=tick)
        sim.checkpoint(tmp_path)
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        "tick00000002",
        "tick00000003",
        "tick00000004",
    ]
    assert newest(tmp_path).tick == 4


def damage_arrays(place):
    data = bytearray((place / "arrays.safetensors").read_bytes())
    data[-9] ^= 4
    (place / "arrays.safetensors").write_bytes(data)


def damage_manifest(place):
    text = (place / "manifest.json").read_text()
    (place / "manifest.json").write_text(text.replace('\\"seed\\": 3', '\\"seed\\": 4'))


def cut_manifest(place):
    (place / "manifest.json").write_bytes((place / "manifest.json").read_bytes()[:100])


@pytest.mark.parametrize(
    "damage",
    [
        damage_arrays,
        damage_manifest,
        cut_manifest,
        lambda place: (place / "arrays.safetensors").unlink(),
        lambda place: [each.unlink() for each in place.iterdir()],
    ],
)
def test_a_damaged_newest_checkpoint_falls_back_to_the_one_before(tmp_path, damage):
    expected = finished(fresh())
    sim = fresh()
    for tick in (8, 16):
        sim.run(until=tick)
        place = sim.checkpoint(tmp_path)
    damage(place)
    with pytest.warns(UserWarning, match="passed over: tick00000016"):
        resumed = Simulation.resume(tmp_path, Toy(), declare, shocks=SHOCKS)
    assert resumed.tick == 8
    assert finished(resumed) == expected


def test_no_valid_checkpoint_is_an_error_that_says_why(tmp_path):
    with pytest.raises(CheckpointError, match="no valid checkpoint in"):
        newest(tmp_path)
    sim = fresh()
    damage_arrays(sim.checkpoint(tmp_path))
    with pytest.raises(CheckpointError, match=r"tick-0000004: arrays\.safetensors is damaged"):
        newest(tmp_path)


def test_what_a_kill_left_unfinished_is_no_checkpoint(tmp_path):
    sim = fresh()
    sim.run(until=4)
    place = sim.checkpoint(tmp_path)
    shutil.copytree(place, tmp_path / "fresh-tick00000008")
    cut_manifest(tmp_path / "fresh-tick00000008")
    with pytest.warns(UserWarning, match="passed over: fresh-tick00000008"):
        assert newest(tmp_path).tick == 4
    sim.run(until=5)
    sim.checkpoint(tmp_path)
    assert [each.name for each in sorted(tmp_path.iterdir())] == ["tick00000004", "tick00000005"]


class Killed(BaseException):
    """The process has ended here."""


def killed_at(step, monkeypatch):
    """Let a process die before the file operation of this number that makes or removes something."""
    left = [step]

    def dying(operation):
        def counted(*given, **options):
            left[0] -= 1
            if left[0] < 0:
                raise Killed
            return operation(*given, **options)

        return counted

    monkeypatch.setattr(places.os, "replace", dying(os.replace))
    monkeypatch.setattr(places.shutil, "rmtree", dying(shutil.rmtree))
    monkeypatch.setattr(places.os, "fsync", dying(os.fsync))


@pytest.mark.parametrize("second", range(7))
@pytest.mark.parametrize("first", range(7))
def test_two_kills_in_a_row_while_one_tick_is_written_again_leave_a_checkpoint(
    tmp_path, monkeypatch, first, second
):
    sim = fresh(shocks=())
    sim.run(until=4)
    sim.checkpoint(tmp_path, keep=1)
    for step in (first, second):
        with monkeypatch.context() as dying, contextlib.suppress(Killed):
            killed_at(step, dying)
            sim.checkpoint(tmp_path, keep=1)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert newest(tmp_path).tick == 4
    sim.checkpoint(tmp_path, keep=1)
    assert [each.name for each in tmp_path.iterdir()] == ["tick00000004"]


def test_how_many_are_kept_can_be_said_and_each_is_reached_from_its_tick(tmp_path):
    sim = fresh()
    for tick in range(0, 12, 2):
        sim.run(until=tick)
        sim.checkpoint(tmp_path / "all", keep=None)
        sim.checkpoint(tmp_path / "one", keep=1)
    assert [saved.nearest(tmp_path / "all", tick).tick for tick in (0, 1, 7, 99)] == [0, 0, 6, 10]
    assert saved.nearest(tmp_path / "all", -1) is None
    assert saved.nearest(tmp_path / "nowhere", 3) is None
    assert [each.name for each in (tmp_path / "one").iterdir()] == ["tick00000010"]
    damage_arrays(tmp_path / "all" / "tick00000006")
    with pytest.warns(UserWarning, match="passed over: tick00000006"):
        assert saved.nearest(tmp_path / "all", 7).tick == 4
    with pytest.raises(KernelError, match="keep is 0: valid is a whole number of at least 1"):
        sim.checkpoint(tmp_path, keep=0)


def test_a_checkpoint_before_a_damaged_one_is_not_forgotten_for_its_sake(tmp_path):
    sim = fresh()
    sim.run(until=8)
    damage_arrays(sim.checkpoint(tmp_path))
    sim = fresh()
    for tick in (2, 4):
        sim.run(until=tick)
        sim.checkpoint(tmp_path, keep=1)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["tick00000004", "tick00000008"]


def test_the_recorder_seals_first_and_its_answer_is_kept(tmp_path):
    sim = fresh()
    sim.run(until=4)
    sim.checkpoint(tmp_path, seal=lambda: [{"file": "a.parquet", "rows": 3}])
    assert newest(tmp_path).sealed == [{"file": "a.parquet", "rows": 3}]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Simulation(Toy(), seed=4, replicas=3), "seed is 3 there and 4 here"),
        (lambda: Simulation(Toy(), seed=3, replicas=[0, 1, 3]), r"numbers is \[0, 1, 2\] there"),
        (
            lambda: Simulation(Toy(firms=8), seed=3, replicas=3, shocks=SHOCKS),
            "0 here: declare the same ones",
        ),
        (lambda: fresh(shocks=SHOCKS[1:]), "shocks before tick 12 are not those declared here"),
    ],
)
def test_a_checkpoint_of_another_run_is_refused(tmp_path, make, said):
    sim = fresh()
    sim.run(until=12)
    sim.checkpoint(tmp_path)
    with pytest.raises(CheckpointError, match=said):
        make().restore(tmp_path)


def test_state_of_another_shape_is_refused(tmp_path):
    sim = Simulation(Toy())
    sim.checkpoint(tmp_path)
    with pytest.raises(CheckpointError, match=r"bool\(1, 10\) for state/firms/alive: valid is bool\(1, 11\)"):
        Simulation(Toy(firms=8)).restore(tmp_path)


def test_only_a_simulation_that_has_not_run_is_restored(tmp_path):
    sim = fresh()
    sim.run(until=2)
    sim.checkpoint(tmp_path)
    with pytest.raises(ValueError, match="has not run yet"):
        sim.restore(tmp_path)


def two_sleeps(me):
    while True:
        yield me.sleep(3)
        yield me.decide()
        yield me.sleep(2)


def hidden_memory(me):
    count = 0
    while True:
        yield me.sleep(3)
        count += 1
        yield me.decide()
        me.population.luck[me.replica, me.slot, 1] += count


def hidden_object(me):
    tally = Counter()
    while True:
        yield me.sleep(3)
        tally["asked"] += 1
        yield me.decide()
        me.population.luck[me.replica, me.slot, 1] += tally["asked"]


def never_ends(me):
    yield me.sleep(3)
    yield me.sim.env.event()


def no_sleep(me):
    while True:
        yield me.sim.env.timeout(3)
        yield me.decide()


@pytest.mark.parametrize(
    ("life", "tick", "said"),
    [
        (two_sleeps, 5, "not at its first yield"),
        (hidden_memory, 9, "memory 'count' is a local variable"),
        (hidden_object, 9, "memory 'tally' is a local variable"),
        (never_ends, 9, "not at its first yield"),
        (no_sleep, 9, "its first yield is no sleep"),
    ],
)
def test_a_process_that_cannot_be_saved_resumes_by_replay_and_says_so(tmp_path, life, tick, said):
    def prepare(sim):
        sim.process(life, "firms", 2)

    sims = [Simulation(Toy(), seed=1, replicas=2) for _ in range(2)]
    for sim in sims:
        prepare(sim)
    sims[0].run(until=tick)
    sims[0].checkpoint(tmp_path)
    assert newest(tmp_path).obstacles
    with pytest.warns(UserWarning, match=f"resume replays from tick -4: .*{said}"):
        resumed = Simulation.resume(tmp_path, Toy(), prepare)
    for sim in (resumed, sims[1]):
        sim.run(until=UNTIL)
    assert np.array_equal(resumed.digests, sims[1].digests)


def legitimate(me):
    firms, price, at = me.population, me.population.price, (me.replica, me.slot)
    while True:
        yield me.sleep(3)
        action = yield me.decide("price")
        price[at] += action
        firms.luck[at] += action


def ends_at_once(me):
    return
    yield


@pytest.mark.parametrize("life", [legitimate, ends_at_once, counting])
def test_what_reads_state_through_locals_needs_no_replay(tmp_path, life):
    sims = [Simulation(Toy(), seed=1, replicas=2) for _ in range(2)]
    for sim in sims:
        sim.process(life, "firms", 2)
    sims[0].checkpoint(tmp_path)
    sims[0].run(until=9)
    sims[0].checkpoint(tmp_path)
    assert newest(tmp_path).obstacles == []
    resumed = Simulation.resume(tmp_path, Toy(), lambda sim: sim.process(life, "firms", 2))
    for sim in (resumed, sims[1]):
        sim.run(until=UNTIL)
    assert np.array_equal(resumed.digests, sims[1].digests)


def test_a_process_at_its_only_sleep_with_its_memory_in_me_needs_no_replay(tmp_path):
    sim = fresh()
    sim.run(until=11)
    sim.checkpoint(tmp_path)
    assert newest(tmp_path).obstacles == []


def test_memory_that_json_would_change_is_refused(tmp_path):
    sim = fresh()
    sim.processes[0].me.memory = {1: "one"}
    with pytest.raises(CheckpointError, match="would come back as"):
        sim.checkpoint(tmp_path)
    sim.processes[0].me.memory = {"a": {1, 2}}
    with pytest.raises(CheckpointError, match="valid is JSON"):
        sim.checkpoint(tmp_path)


def test_a_policy_with_memory_is_saved_and_restored(tmp_path):
    class Tired:
        needs_observation = False

        def __init__(self):
            self.asked = np.zeros(1, np.int64)

        def act(self, ask):
            self.asked += 1
            return np.array([self.asked[0] % 5, 1])

        def memory(self):
            return {"asked": self.asked}

        def restore(self, saved):
            self.asked[...] = saved["asked"]

    sims = [Simulation(Toy(), policies={"firms": Tired()}) for _ in range(2)]
    sims[0].run(until=UNTIL)
    sims[1].run(until=10)
    sims[1].checkpoint(tmp_path)
    resumed = Simulation.resume(tmp_path, Toy(), policies={"firms": Tired()})
    resumed.run(until=UNTIL)
    assert np.array_equal(resumed.digests, sims[0].digests)


def test_the_manifest_is_readable_by_people(tmp_path):
    sim = fresh()
    sim.run(until=4)
    outer = json.loads((sim.checkpoint(tmp_path) / "manifest.json").read_text())
    body = json.loads(outer["body"])
    assert (body["world"], body["seed"], body["tick"]) == ("toy", 3, 4)
