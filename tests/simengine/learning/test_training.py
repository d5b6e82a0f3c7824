"""Trainings: interrupted and resumed they are to the bit what they would have been."""

import json
import shutil
from dataclasses import replace

import polars as pl
import pytest

from agents.weights import load
from simengine.errors import UserError
from simengine.kernel import SimulationFailed
from simengine.learning import training
from simengine.learning.collecting import EPISODE_SEEDS
from simengine.learning.training import Trainer
from simengine.worlds.inventory.world import YEAR
from tests.simengine.learning.worlds import CONFIG, DAYS, bits, log, small

JUDGED = {"evaluate_every": 2, "evaluate_replicas": 2, "evaluate_years": DAYS / YEAR}


def watch(trainer):
    """Nobody looks."""


def never():
    return False


def after(iterations, trainer):
    return lambda: trainer.iteration >= iterations


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A training of six iterations in two episodes that nobody interrupted."""
    trainer = Trainer.begin(small(), tmp_path_factory.mktemp("whole"))
    assert trainer.run(watch, never)
    return trainer


def assert_ends_alike(trainer, whole):
    assert trainer.run(watch, never)
    assert bits(trainer) == bits(whole)
    assert log(trainer) == log(whole)
    assert trainer.collector.sim.digest == whole.collector.sim.digest
    for name in ("shops", "last/shops"):
        mine, its = (load(t.folder / "models" / f"{name}.safetensors") for t in (trainer, whole))
        assert (mine.digest, mine.notes) == (its.digest, its.notes)
    written = pl.read_parquet(trainer.folder / training.LOG).drop("cpu_seconds", "simulated_cpu_seconds")
    assert written.equals(
        pl.read_parquet(whole.folder / training.LOG).drop("cpu_seconds", "simulated_cpu_seconds")
    )


@pytest.mark.parametrize("stops", [(1,), (2,), (3,), (4,), (5,), (1, 3, 4)])
def test_a_training_that_is_interrupted_and_resumed_ends_in_the_same_bits(stops, whole, tmp_path):
    trainer = Trainer.begin(small(), tmp_path)
    for stop in stops:
        assert not trainer.run(watch, after(stop, trainer))
        trainer = Trainer.resume(tmp_path)
        assert trainer.iteration == stop
    assert_ends_alike(trainer, whole)


def test_a_training_killed_between_checkpoints_goes_on_from_the_last_one(whole, tmp_path, monkeypatch):
    def kill(trainer):
        if trainer.iteration == 5:
            raise KeyboardInterrupt

    monkeypatch.setattr(training, "CHECKPOINT_EVERY", 2)
    with pytest.raises(KeyboardInterrupt):
        Trainer.begin(small(), tmp_path).run(kill, never)
    resumed = Trainer.resume(tmp_path)
    assert resumed.iteration == 4
    assert_ends_alike(resumed, whole)


def test_a_training_killed_before_its_first_checkpoint_begins_again(whole, tmp_path):
    Trainer.begin(small(), tmp_path).iterate()
    resumed = Trainer.resume(tmp_path)
    assert resumed.iteration == 0
    assert_ends_alike(resumed, whole)


def test_a_training_killed_while_it_writes_goes_on_from_the_checkpoint_before(whole, tmp_path):
    killed = Trainer.begin(small(), tmp_path)
    killed.run(watch, after(2, killed))
    killed.iterate()
    killed.checkpoint()
    written = tmp_path / training.CHECKPOINTS / "iteration000003" / "tick00000042"
    (written / "manifest.json").unlink()
    written.rename(written.with_name("fresh-tick00000042"))
    (tmp_path / training.LOG).with_suffix(".part").write_bytes(b"half of it")
    with pytest.warns(UserWarning, match="passed over: iteration000003: no valid checkpoint"):
        resumed = Trainer.resume(tmp_path)
    assert resumed.iteration == 2
    assert_ends_alike(resumed, whole)


def test_a_damaged_checkpoint_is_passed_over_and_if_all_are_the_training_begins_again(whole, tmp_path):
    trainer = Trainer.begin(small(), tmp_path)
    trainer.run(watch, after(2, trainer))
    trainer.run(watch, after(3, trainer))
    files = sorted(tmp_path.glob("checkpoints/*/*/arrays.safetensors"))
    for file, left in zip(reversed(files), (2, 0), strict=True):
        damaged = bytearray(file.read_bytes())
        damaged[-1] ^= 1
        file.write_bytes(damaged)
        with pytest.warns(UserWarning, match="is damaged"):
            resumed = Trainer.resume(tmp_path)
        assert resumed.iteration == left
        resumed.claim.release()
    assert_ends_alike(resumed, whole)


@pytest.mark.parametrize("damage", [lambda log: log.unlink(), lambda log: log.write_bytes(b"PAR1?")])
def test_a_lost_or_damaged_log_is_written_again(whole, tmp_path, damage):
    shutil.copytree(whole.folder, tmp_path / "copy")
    damage(tmp_path / "copy" / training.LOG)
    assert log(Trainer.resume(tmp_path / "copy")) == log(whole)
    assert pl.read_parquet(tmp_path / "copy" / training.LOG).equals(
        pl.read_parquet(whole.folder / training.LOG)
    )


def test_the_newest_three_checkpoints_are_kept(tmp_path):
    trainer = Trainer.begin(small(), tmp_path)
    for _ in range(5):
        trainer.iterate()
        trainer.checkpoint()
    kept = sorted(path.name for path in (tmp_path / training.CHECKPOINTS).iterdir())
    assert kept == ["iteration000003", "iteration000004", "iteration000005"]


def test_a_training_that_is_over_can_be_opened_and_does_nothing_more(whole, tmp_path):
    shutil.copytree(whole.folder, tmp_path / "copy")
    opened = Trainer.resume(tmp_path / "copy")
    assert opened.done
    assert bits(opened) == bits(whole)
    assert log(opened) == log(whole)
    assert opened.run(watch, never)
    assert opened.iteration == 6


def test_equal_plans_give_equal_weights_and_another_seed_gives_others(whole, tmp_path):
    again, other = Trainer(small(), tmp_path), Trainer(small(seed=6), tmp_path)
    for trainer in (again, other):
        for _ in range(6):
            trainer.iterate()
    assert bits(again) == bits(whole)
    assert bits(other)["shops.network.policy.weight"] != bits(whole)["shops.network.policy.weight"]


def test_an_episode_opens_on_new_noise_and_a_training_counts_what_it_simulated(whole):
    assert [row["iteration"] for row in whole.rows] == [1, 2, 3, 4, 5, 6]
    assert whole.collector.sim.seed == EPISODE_SEEDS * (whole.plan.seed + 1) + 1
    assert whole.collector.sim.tick == 3 * 14
    months = 14 * 12 / 336
    assert whole.rows[-1]["agent_steps"] == 6 * 4 * 2 * months
    assert {row["population"] for row in whole.rows} == {"shops"}
    assert all(row["undone"] == "" for row in whole.rows)
    assert len({row["reward"] for row in whole.rows}) == 6


def test_a_training_goes_on_from_a_weights_file_and_refuses_one_of_another_build(whole, tmp_path):
    path = str(whole.folder / "models" / "shops.safetensors")
    started = Trainer(small(start={"shops": path}, seed=9), tmp_path)
    mine, its = started.pupils["shops"].trained({}), load(path)
    assert mine.digest == its.digest
    before, after = (t.pupils["shops"].learner.earned.arrays() for t in (whole, started))
    assert {name: x.tolist() for name, x in after.items()} == {name: x.tolist() for name, x in before.items()}
    for other in ({"settings": {"all": {"shape": "source"}}}, {"config": {**CONFIG, "demand_daily": 6.0}}):
        with pytest.raises(UserError, match="valid is a network of the same build"):
            Trainer(small(start={"shops": path}, **other), tmp_path)


def test_values_of_a_network_that_goes_on_are_as_good_as_they_were(tmp_path):
    plan = small(iterations=30, spans=30, replicas=8)
    first = Trainer.begin(plan, tmp_path / "first")
    first.run(watch, never)
    path = str(first.folder / "models" / "shops.safetensors")
    further = Trainer.begin(replace(plan, start={"shops": path}, iterations=3), tmp_path / "further")
    further.run(watch, never)
    knew, knows = first.rows[-1]["explained"], further.rows[0]["explained"]
    assert knew > 0.1
    assert knows > 0.5 * knew


def test_what_a_training_starts_from_is_kept_where_nothing_better_is_found(whole, tmp_path):
    path = str(whole.folder / "models" / "shops.safetensors")
    still = {"all": {**small().settings["all"], "learning_rate": 0.0}}
    plan = small(start={"shops": path}, settings=still, **JUDGED)
    trainer = Trainer.begin(plan, tmp_path)
    trainer.run(watch, never)
    assert trainer.best["iteration"] == 0
    assert (tmp_path / "models" / "shops.safetensors").is_file()


def test_a_training_whose_other_networks_have_changed_is_not_resumed(whole, tmp_path):
    mine = tmp_path / "mine.safetensors"
    shutil.copy(whole.folder / "models" / "shops.safetensors", mine)
    trainer = Trainer.begin(small(start={"shops": str(mine)}), tmp_path / "training")
    trainer.run(watch, after(1, trainer))
    Trainer.resume(tmp_path / "training")
    whole.pupils["shops"].trained({"other": True}).save(mine)  # the same network
    Trainer.resume(tmp_path / "training").claim.release()
    shutil.copy(whole.folder / "models" / "last" / "shops.safetensors", mine)
    other = load(mine)
    other.seen.mean[0] += 1
    other.save(mine)
    with pytest.raises(UserError, match=r"mine.safetensors: not the network that this training began with"):
        Trainer.resume(tmp_path / "training")


def test_an_economy_that_breaks_down_in_an_evaluation_ends_no_training(tmp_path, monkeypatch):
    plan = small(**JUDGED)
    judged, found = [], training.returns

    def breaks(evaluated):
        judged.append(1)
        if len(judged) == 3:  # the rule, then after two iterations, then after four
            raise SimulationFailed("broke")
        return found(evaluated)

    monkeypatch.setattr(training, "returns", breaks)
    trainer = Trainer.begin(plan, tmp_path)
    with pytest.warns(UserWarning, match="iteration 4 is not judged"):
        assert trainer.run(watch, never)
    assert [row["gain"] is None for row in trainer.rows] == [True, False, True, True, True, False]
    assert trainer.manifest["status"] == training.TRAINED


def test_what_is_no_training_or_no_empty_folder_is_refused(tmp_path):
    with pytest.raises(UserError, match=r"no training folder: it has no training\.json"):
        Trainer.resume(tmp_path)
    (tmp_path / "training.json").write_text(json.dumps({}))
    with pytest.raises(UserError, match="not empty"):
        Trainer.begin(small(), tmp_path)


def test_a_macro_training_resumes_to_the_same_bits(tmp_path):
    plan = small(
        world="macro", config={}, iterations=3, spans=2, span_years=0.25,
        settings={"all": {"shape": "small", "epochs": 1}},
    )  # fmt: skip
    whole = Trainer.begin(plan, tmp_path / "whole")
    whole.run(watch, never)
    part = Trainer.begin(plan, tmp_path / "part")
    part.run(watch, after(1, part))
    resumed = Trainer.resume(tmp_path / "part")
    resumed.run(watch, never)
    assert len(whole.pupils) == 5
    assert bits(resumed) == bits(whole)
    assert log(resumed) == log(whole)
