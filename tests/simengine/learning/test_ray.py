"""Ray workers, where Ray is installed: two of them train to the bits of one process."""

import json

import pytest

from agents.weights import load
from simengine.errors import UserError
from simengine.kernel import SimulationFailed
from simengine.learning.ray_workers import by_ray
from simengine.learning.training import Trainer
from tests.simengine.command import called
from tests.simengine.learning.worlds import bits, log, small

ray = pytest.importorskip("ray", reason="Ray is not installed: pip install 'simengine-econ[ray]' to run this")


def watch(trainer):
    """Nobody looks."""


def never():
    return False


def test_two_ray_workers_interrupted_and_resumed_give_the_bits_of_one_process(tmp_path):
    plan = small(replicas=3, evaluate_replicas=2, evaluate_years=0.25)
    whole = Trainer.begin(plan, tmp_path / "whole")
    assert whole.run(watch, never)
    trainer = Trainer.begin(plan, tmp_path / "ray", collect_by=by_ray(2))
    assert not trainer.run(watch, lambda: trainer.iteration >= 4)
    trainer.close()
    assert not ray.is_initialized()
    manifest = json.loads((tmp_path / "ray" / "training.json").read_text())
    assert manifest["ray"] == {"workers": 2, "version": ray.__version__, "act_on": "cpu"}
    assert called("train", "--resume", tmp_path / "ray", "--quiet") == (0, "", "")
    for name in ("shops", "last/shops"):
        mine, its = (load(tmp_path / who / "models" / f"{name}.safetensors") for who in ("ray", "whole"))
        assert mine.digest == its.digest
    resumed = Trainer.resume(tmp_path / "ray")
    resumed.close()
    assert resumed.done
    assert bits(resumed) == bits(whole)
    assert log(resumed) == log(whole)


def test_a_failure_or_a_death_of_a_ray_worker_is_told_in_one_line_and_ray_that_runs_is_used(tmp_path):
    ray.init(address="local", num_cpus=2, include_dashboard=False, log_to_driver=False)
    try:
        with pytest.raises(UserError, match=r"^--ray 3: Ray has 2 processors: valid is one each$"):
            Trainer(small(replicas=3), tmp_path, by_ray(3))
        plan = small(world="tests.simengine.learning.worlds:Spoiled")
        trainer = Trainer(plan, tmp_path, by_ray(2))
        with pytest.raises(SimulationFailed, match="valid is a finite number") as failed:
            trainer.iterate()
        assert "\n" not in str(failed.value)
        assert failed.value.tick == 3
        for actor in trainer.collector.workers.actors:
            ray.kill(actor)
        with pytest.raises(UserError, match=r"^a Ray worker died: The actor is dead"):
            trainer.iterate()
        trainer.close()
        assert ray.is_initialized()
    finally:
        ray.shutdown()
