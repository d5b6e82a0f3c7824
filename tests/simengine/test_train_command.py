"""`train` and `eval`: folders that say what happened, exact resume, and mistakes in one line."""

import importlib.util
import json
import os
import signal
import sys

import polars as pl
import pytest

from agents.weights import load
from streams.sealed import read_json
from tests.simengine.command import called, finished

SMALL = (
    "inventory", "--set", "shops=3", "--replicas", "2", "--span-years", "0.125", "--evaluate-years", "0.25",
    "--hyper", "all.shape=small", "--quiet",
)  # fmt: skip
TRAIN = ("train", *SMALL, "--iterations", "4", "--evaluate-every", "2")


def manifest(folder):
    return read_json(folder / "training.json")


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("trained") / "whole"
    code, out, err = called(*TRAIN, "--seed", "5", "--json", "--out", folder)
    assert code == 0, err
    return folder, json.loads(out)


def test_a_training_leaves_models_log_figures_and_a_manifest(trained):
    folder, said = trained
    found = manifest(folder)
    assert found["status"] == "finished"
    assert (found["iteration"], found["plan"]["seed"], found["device"]) == (4, 5, "cpu")
    assert found["device_name"]
    assert said["networks"] == found["networks"]
    decisions = 4 * 42 * 3 * 2  # iterations, days, shops, replicas
    assert (found["networks"]["shops"]["forward_passes"], found["networks"]["shops"]["rows"]) == (
        4 * 42,
        decisions,
    )
    log = pl.read_parquet(folder / "logs" / "train.parquet")
    assert log["iteration"].to_list() == [1, 2, 3, 4]
    assert log["gain"].is_null().to_list() == [True, False, True, False]
    for name in ("training_curves", "rewards_by_population", "reaction_surfaces"):
        assert (folder / "figures" / f"{name}.png").read_bytes().startswith(b"\x89PNG")
    weights = load(folder / "models" / "shops.safetensors")
    assert weights.notes["world"] == "inventory"
    assert weights.notes["config"] == {"shops": 3}
    assert weights.digest == said["evaluation"]["weights"]["shops"]


def test_ctrl_c_finishes_the_iteration_and_resume_goes_on_to_the_same_weights(trained, tmp_path, monkeypatch):
    from simengine.learning.training import Trainer

    iterate = Trainer.iterate

    def struck(self):
        if self.iteration == 2:
            os.kill(os.getpid(), signal.SIGINT)
        iterate(self)

    cut = tmp_path / "cut"
    with monkeypatch.context() as patch:
        patch.setattr(Trainer, "iterate", struck)
        code, _, err = called(*TRAIN, "--seed", "5", "--out", cut)
    assert code == 130
    assert err == f"stopped after iteration 3 of 4: go on with: simengine train --resume {cut}\n"
    assert (manifest(cut)["status"], manifest(cut)["iteration"]) == ("interrupted", 3)
    code, _, err = called("train", "--resume", cut, "--quiet")
    assert code == 0, err
    folder, _ = trained
    for name in ("models/shops.safetensors", "models/last/shops.safetensors"):
        assert load(cut / name).digest == load(folder / name).digest
    assert manifest(cut)["networks"] == manifest(folder)["networks"]
    code, _, err = called("train", "--resume", cut)
    assert (code, err) == (2, f"error: {cut}: this training is finished: simengine eval {cut} judges it\n")


def test_a_stop_between_two_iterations_is_saved_too(tmp_path):
    from simengine.learning.plan import Plan
    from simengine.learning.training import Trainer

    plan = Plan(
        "inventory", iterations=3, replicas=2, config={"shops": 3}, span_years=0.125, evaluate_every=0
    )
    trainer = Trainer.begin(plan, tmp_path / "a")
    seen = []
    assert not trainer.run(lambda t: seen.append(t.iteration), lambda: bool(seen))
    assert Trainer.resume(tmp_path / "a").iteration == 1


def test_ray_workers_need_the_extra_and_are_named_at_the_beginning(trained, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    code, _, err = called(*TRAIN, "--ray", 2, "--out", tmp_path / "none")
    said = "error: --ray: Ray is not installed: pip install 'ray>=2.55'\n"
    assert (code, err) == (2, said)
    assert not (tmp_path / "none").exists()
    code, _, err = called("train", "--resume", trained[0], "--ray", 2)
    said = f"error: --resume {trained[0]}: the plan is the folder's: give no ray\n"
    assert (code, err) == (2, said)


def test_eval_pairs_networks_with_the_rule_on_fresh_noise(trained):
    folder, said = trained
    code, out, err = called("eval", folder, "--years", "0.25", "--replicas", "16", "--json")
    assert code == 0, err
    found = json.loads(out)
    assert found == said["evaluation"]
    assert found["config"] == {"shops": 3}
    assert found["scores"] == {}
    rewards, gain = found["rewards"], found["gains"]["shops"]
    assert gain["mean"] == pytest.approx(rewards["learned"]["shops"] - rewards["rule"]["shops"])
    assert gain["low"] < gain["mean"] < gain["high"]
    more = ("--years", "0.25", "--replicas", "2", "--set", "shops=2", "--seed", "3")
    code, out, _ = called("eval", folder / "models" / "last", *more)
    assert code == 0
    assert out.startswith("reward")
    assert "2 histories of 0.25 years, seed 3" in out


def test_a_run_says_which_network_decided_and_how_often(trained, tmp_path):
    file = trained[0] / "models" / "shops.safetensors"
    run = ("run", "inventory", "--set", "shops=3", "--ticks", "28", "--record", "none", "--json")
    code, out, err = called(*run, "--policy", f"shops={file}", "--out", tmp_path / "a")
    assert code == 0, err
    network = json.loads(out)["networks"]["shops"]
    assert network["weights"] == str(file)
    assert network["digest"] == load(file).digest
    assert (network["device"], network["forward_passes"], network["rows"]) == ("cpu", 28, 84)
    assert network["device_name"]
    code, out, _ = called(*run, "--out", tmp_path / "b")
    assert json.loads(out)["networks"] == {}
    code, _, err = called(*run, "--policy", f"shops={file}", "--set", "order_most=4")
    assert code == 2
    assert "shops of this world has other features or heads: valid are heads {'order': 5}" in err


def test_steps_start_and_hyperparameters_reach_the_plan(trained, tmp_path):
    file = trained[0] / "models" / "shops.safetensors"
    code, out, err = called(
        "train", *SMALL, "--steps", "16", "--start", f"shops={file}", "--hyper", "shops.value_clip=none",
        "--hyper", "all.epochs=1", "--evaluate-every", "0", "--json", "--out", tmp_path / "a",
    )  # fmt: skip
    assert code == 0, err
    plan = json.loads(out)["plan"]
    assert plan["iterations"] == 2  # of 3 shops in 2 replicas for 1.5 months: 9 agent-months
    assert plan["settings"] == {"all": {"shape": "small", "epochs": 1}, "shops": {"value_clip": None}}
    assert plan["start"] == {"shops": str(file)}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["train", "makro"], "unknown world 'makro': did you mean 'macro'?"),
        (
            ["train", "tests.simengine.small_world:Small"],
            "cannot be learned in: valid is a world with features",
        ),
        (["train", "inventory", "--populations", "shop"], "unknown population 'shop': did you mean 'shops'?"),
        (["train", "inventory", "--preset", "quick"], "unknown preset 'quick': valid are"),
        (["train", "inventory", "--precision", "half"], "unknown precision 'half'"),
        (["train", "inventory", "--device", "gpu"], "unknown device 'gpu': did you mean 'cpu'?"),
        (
            ["train", "inventory", "--span-years", "0.1"],
            "span_years = 0.1: 33.6 ticks: valid is a whole number",
        ),
        (["train", "inventory", "--iterations", "0"], "Invalid value for '--iterations'"),
        (["train", "inventory", "--iterations", "2", "--steps", "9"], "give one of the two"),
        (["train", "inventory", "--hyper", "clip=1"], "write population.name=value"),
        (["train", "inventory", "--hyper", "all.clipp=1"], "did you mean 'clip'?"),
        (["train", "inventory", "--hyper", "all.clip=big"], "--hyper 'all.clip=big': no number"),
        (["train", "inventory", "--hyper", "all.epochs=1.5"], "should be a valid integer"),
        (["train", "inventory", "--hyper", "all.epochs=0"], "valid is 1 or more"),
        (["train", "inventory", "--hyper", "all.decay=2"], "valid is 0 to 1"),
        (["train", "inventory", "--hyper", "all.prior_steps=0"], "valid is more than 0"),
        (["train", "inventory", "--hyper", "all.shape=huge"], "unknown shape 'huge'"),
        (["train", "inventory", "--hyper", "shop.clip=.1"], "--hyper 'shop.clip=.1': no number"),
        (["train", "inventory", "--hyper", "shop.clip=0.1"], "unknown population 'shop'"),
        (["train", "inventory", "--policy", "shops=rule"], "policy of shops: it learns"),
        (["train", "inventory", "--start", "shops=none.safetensors"], "cannot be read"),
        (["train", "inventory", "--set", "shop=2"], "config: unknown key 'shop': did you mean 'shops'?"),
        (["train", "--resume", "nowhere"], "nowhere: no training folder: it has no training.json"),
        (["train", "--resume", "nowhere", "--seed", "1"], "the plan is the folder's: give no seed"),
        (["eval", "nowhere"], "nowhere: no models"),
        (["eval"], "Missing argument 'folder'"),
        (["run", "inventory", "--policy", "shops=none.safetensors"], "no such file"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(arguments, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = called(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert said in err
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_without_the_extra_tensorboard_its_option_names_it(tmp_path, monkeypatch):
    for name in ("tensorboard", "torch.utils.tensorboard"):
        monkeypatch.setitem(sys.modules, name, None)
    code, out, err = called(*TRAIN, "--tensorboard", "--out", tmp_path / "a")
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert "pip install 'tensorboard>=2.21'" in err
    assert not (tmp_path / "a").exists()


@pytest.mark.skipif(
    importlib.util.find_spec("tensorboard") is None, reason="the extra tensorboard is not installed"
)
def test_with_the_extra_tensorboard_a_training_writes_event_files(tmp_path):
    code, _, err = finished(*TRAIN, "--tensorboard", "--out", tmp_path / "a")
    assert code == 0, err
    (file,) = (tmp_path / "a" / "logs" / "tensorboard").iterdir()
    written = file.read_bytes()
    assert all(f"shops/{name}".encode() in written for name in ("reward", "entropy", "gain"))
