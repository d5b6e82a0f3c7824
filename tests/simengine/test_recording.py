"""Run folders: what lies in them, how they stop, fail and go on to the same bits."""

import shutil

import polars as pl
import pytest

from agents.weights import load
from simengine import Recording, Scenario, Simulation, UserError
from simengine.kernel import CheckpointError, SimulationFailed
from simengine.learning.training import Trainer
from simengine.live.steering import Live
from simengine.recording import LEAST_APART
from simengine.worlds.inventory.world import Inventory
from streams.macro.events import Output
from streams.sealed import read_json
from tests.simengine.command import SMALL, called
from tests.simengine.learning.worlds import CONFIG, small

YEARS = 3


def scenario(**more):
    return Scenario.model_validate(
        {"world": SMALL, "replicas": 3, "years": YEARS, "policies": {"walkers": "random"}, **more}
    )


def manifest(folder):
    return read_json(folder / "manifest.json")


def run(folder, **more):
    recording = Recording.begin(scenario(**more), folder)
    assert recording.run()
    return recording.manifest


def test_a_finished_folder_says_what_ran_and_how_to_run_it_again(tmp_path):
    found = run(tmp_path / "a")
    assert found == manifest(tmp_path / "a")
    assert found["status"] == "finished"
    assert (found["tick"], found["numbers"], found["start"]) == (144, [0, 1, 2], -12)
    assert len(set(found["digests"])) == 3
    assert Scenario.model_validate(found["scenario"]) == scenario()
    assert {segment["event"] for segment in found["segments"]} == {
        *("Output", "LaborForce", "Metric", "Decision"),
    }
    metrics = pl.read_parquet(tmp_path / "a" / "metrics.parquet")
    assert set(metrics["replica"]) == {0, 1, 2}


@pytest.mark.parametrize(
    "record",
    [{"events": "none"}, {"events": "all"}, {"events": ["Output"], "every": 8, "replicas": [2]}],
)
def test_what_is_recorded_changes_no_digest(tmp_path, record):
    assert run(tmp_path / "a")["digests"] == run(tmp_path / "b", record=record)["digests"]


def test_an_observer_that_raises_changes_no_digest_and_is_reported(tmp_path):
    found = run(tmp_path / "a", observe=["tests.simengine.test_recording:clumsy"])
    assert found["digests"] == run(tmp_path / "b")["digests"]
    assert found["observer_failures"] == [
        "observer clumsy of Output failed 3 times, last at tick -1: RuntimeError: slipped"
    ]


def clumsy(sim):
    def slip(batch):
        raise RuntimeError("slipped")

    sim.events(Output).subscribe(slip, name="clumsy")


@pytest.mark.parametrize("stop_at", [0, 40, 48, 100])
def test_a_run_that_was_stopped_goes_on_to_the_same_bits(tmp_path, stop_at):
    whole = run(tmp_path / "whole", shock=[{"type": "rate", "size": 0.01, "start": 20, "until": 90}])
    first = Recording.begin(
        scenario(shock=[{"type": "rate", "size": 0.01, "start": 20, "until": 90}]), tmp_path / "cut"
    )
    assert not first.run(stop=lambda: first.sim.tick >= stop_at)
    assert manifest(tmp_path / "cut")["status"] == "interrupted"
    second = Recording.reopen(tmp_path / "cut")
    assert second.sim.tick == first.sim.tick
    assert second.run()
    assert second.manifest["digests"] == whole["digests"]
    assert second.manifest["tables"] == whole["tables"]


def test_a_run_killed_before_its_first_checkpoint_starts_again(tmp_path):
    whole = run(tmp_path / "whole")
    Recording.begin(scenario(), tmp_path / "cut")
    leftover = tmp_path / "cut" / "events" / "Output" / "00000.parquet"
    leftover.parent.mkdir(parents=True)
    leftover.write_bytes(b"half a segment")
    second = Recording.reopen(tmp_path / "cut")
    assert second.run()
    assert second.manifest["digests"] == whole["digests"]


def spoil(file):
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 8
    file.write_bytes(data)


@pytest.mark.parametrize("what", ["checkpoints/tick*/arrays.safetensors", "events/Metric/*.parquet"])
def test_a_run_whose_checkpoints_or_rows_are_all_damaged_starts_again(tmp_path, what):
    whole = run(tmp_path / "whole")
    first = Recording.begin(scenario(), tmp_path / "cut", keep=2)
    first.run(stop=lambda: first.sim.tick >= 100)
    assert len(list((tmp_path / "cut" / "checkpoints").iterdir())) == 2
    for file in (tmp_path / "cut").glob(what):
        spoil(file)
    with pytest.warns(UserWarning, match="passed over"):
        second = Recording.reopen(tmp_path / "cut")
    assert second.sim.tick in (-12, 48)
    assert second.run()
    assert [second.manifest[key] for key in ("digests", "segments", "tables")] == [
        whole[key] for key in ("digests", "segments", "tables")
    ]


def test_how_many_checkpoints_stay_is_a_setting_of_the_run(tmp_path):
    words = ("run", SMALL, "--years", 4, "--no-report", "--keep-checkpoints", "all", "--out", tmp_path / "a")
    assert called(*words, "--quiet")[0] == 0
    assert len(list((tmp_path / "a" / "checkpoints").iterdir())) == 5
    assert manifest(tmp_path / "a")["keep_checkpoints"] is None
    with pytest.raises(UserError, match="keep = 0: valid is 1 or more"):
        Recording.begin(scenario(), tmp_path / "b", keep=0)


@pytest.mark.parametrize("rate", [None, 0.5, 4.0, 60.0, 1000.0])
@pytest.mark.parametrize("speed", [0.5, 1.0, 3.0])
def test_a_run_that_keeps_a_pace_does_not_stop_for_checkpoints_all_the_time(tmp_path, rate, speed):
    world = Inventory.name
    run = Recording.begin(Scenario(world=world, ticks=5).checked(), tmp_path / "run", live=Live(rate, speed))
    every, year = run.manifest["checkpoint_ticks"], run.world.ticks_per_year
    assert every % year == 0
    assert every == year or every / (rate * speed) >= LEAST_APART > (every - year) / (rate * speed)
    asked = Recording.begin(run.scenario, tmp_path / "asked", "", 7, live=Live(rate, speed))
    assert asked.manifest["checkpoint_ticks"] == 7


def test_a_finished_run_is_not_resumed(tmp_path):
    run(tmp_path / "a")
    with pytest.raises(UserError, match="this run is finished"):
        Recording.reopen(tmp_path / "a")


def test_a_folder_with_something_in_it_is_never_overwritten(tmp_path):
    run(tmp_path / "a")
    before = manifest(tmp_path / "a")
    with pytest.raises(UserError, match="holds a run already"):
        Recording.begin(scenario(), tmp_path / "a")
    assert manifest(tmp_path / "a") == before


def test_a_run_that_fails_says_where_and_stays_failed(tmp_path):
    recording = Recording.begin(scenario(config={"fragile": True}), tmp_path / "a")
    with pytest.raises(
        SimulationFailed, match=r"small failed at tick 51 .*the ground gave way; rerun: simengine"
    ):
        recording.run()
    found = manifest(tmp_path / "a")
    assert found["status"] == "failed"
    assert "the ground gave way" in found["failure"]


def test_a_shocked_arm_equals_its_twin_until_the_shock_strikes(tmp_path):
    shock = {"type": "cost", "size": 0.1, "start": "1 year", "replicas": "half"}
    run(tmp_path / "a", replicas=[5, 5], shock=[shock], record={"replicas": "all"})
    frame = pl.read_parquet(tmp_path / "a" / "events" / "Output" / "*.parquet")
    twin, struck = (frame.filter(pl.col("replica") == r).sort("tick") for r in (0, 1))
    equal = (twin["real"] == struck["real"]).to_list()
    assert twin["tick"].to_list()[equal.index(False)] == 51
    assert equal.index(False) == sum(equal)


def networks(folder):
    """Two networks of one build for the shops of a small world."""
    trainer = Trainer(small(), folder)
    trainer._save(folder / "first")
    trainer.iterate()
    trainer._save(folder / "second")
    return [folder / which / "shops.safetensors" for which in ("first", "second")]


def of_shops(file):
    policies = {"shops": str(file)}
    return Scenario(world="inventory", ticks=40, config=CONFIG, policies=policies).checked()


@pytest.mark.parametrize("stop_at", [0, 20])
def test_a_run_whose_weights_were_overwritten_is_not_resumed(tmp_path, stop_at, monkeypatch):
    first, second = networks(tmp_path)
    own = tmp_path / "own.safetensors"
    monkeypatch.chdir(tmp_path)
    shutil.copy(first, own)
    begun = Recording.begin(of_shops(own.name), "cut")
    begun.run(stop=lambda: begun.sim.tick >= stop_at)
    monkeypatch.chdir("first")
    shutil.copytree("../cut", "../other")
    assert Recording.reopen("../cut").run()
    shutil.copy(second, own)
    here, there = load(second).digest, load(first).digest
    said = f"other: policies.shops is 'network {there} .*there and 'network {here} .*: valid is the same run"
    with pytest.raises(UserError, match=said):
        Recording.reopen("../other")


def test_a_simulation_is_not_resumed_without_its_policies(tmp_path):
    sim = Simulation("inventory", seed=2, policies={"all": "random"})
    sim.run(ticks=5)
    sim.checkpoint(tmp_path)
    with pytest.raises(
        CheckpointError, match=r"policies.shops is 'agents.policy:RandomPolicy' there and 'agents"
    ):
        Simulation.resume(tmp_path, Inventory())


def test_a_network_that_learned_with_another_action_table_is_refused(tmp_path):
    file, _ = networks(tmp_path)
    weights = load(file)
    weights.notes["actions"] = "0" * 16
    weights.save(file)
    with pytest.raises(UserError, match="the actions of shops do something else in this world"):
        Recording.begin(of_shops(file), tmp_path / "run")
