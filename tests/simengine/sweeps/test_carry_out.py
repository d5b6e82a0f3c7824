"""Sweeps carried out: the same table whoever computes, however often it is stopped, killed or damaged."""

import random

import numpy as np
import polars as pl
import pytest

from simengine import Simulation
from simengine.config import validated
from simengine.errors import UserError
from simengine.folder import read_manifest, write_manifest
from simengine.sweeps import carry_out
from simengine.sweeps.carry_out import MANIFEST, RESULTS, Sweeping
from simengine.sweeps.design import Sweep
from simengine.sweeps.outcomes import units_of
from simengine.sweeps.table import write
from simengine.worlds.inventory.world import Inventory
from simengine.worlds.macro.world import Macro
from tests.simengine.command import SMALL, called
from tests.simengine.workers.scripted import Scripted

TABLES = ("sweep.csv", "sweep.parquet")


def swept(setting, world="inventory", **design):
    """A short sweep, checked."""
    config = {"shops": 3} if world == "inventory" else {}
    given = {
        "world": world,
        "replicas": 2,
        "ticks": 112,
        "config": config,
        "sweep": {"set": setting, **design},
    }
    return validated(Sweep, given).checked()


EIGHT = swept({"price": "6:9:4", "order_cost": [5, 10.5]}, **{"from": "1 month"})


def run(sweeping, workers=None, stop_after=None):
    """Carry a sweep out, or stop it after so many answers; whether it is done."""
    seen = []
    most = float("inf") if stop_after is None else stop_after
    return sweeping.run(workers or Scripted(3), seen.append, lambda: len(seen) >= most)


def tables(sweeping):
    """The bytes of its tables."""
    write(sweeping.table(), sweeping.folder)
    return [(sweeping.folder / name).read_bytes() for name in TABLES]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The tables of an uninterrupted sweep, and its folder."""
    sweeping = Sweeping.begin(EIGHT, tmp_path_factory.mktemp("whole"))
    assert run(sweeping)
    return tables(sweeping), sweeping.folder


def test_a_value_is_the_mean_of_what_a_run_tells_after_the_burn_in(whole):
    frame = pl.read_parquet(whole[1] / "sweep.parquet")
    assert frame.columns == [
        *("point", "price", "order_cost", "replica", "outcome", "value", "unit", "failed"),
    ]
    assert len(frame) == 8 * 2 * 3
    sim = Simulation("inventory", replicas=2, config={"shops": 3, "price": 7.0, "order_cost": 10.5})
    history = sim.history(ticks=112)
    for name, unit in units_of(Inventory()).items():
        found = frame.filter(price=7.0, order_cost=10.5, outcome=name)
        assert found["unit"].to_list() == [unit] * 2
        line = history.metrics[name]
        np.testing.assert_allclose(found["value"], line.values[:, line.ticks >= 28].mean(axis=1), rtol=1e-14)
    assert pl.read_csv(whole[1] / "sweep.csv").shape == frame.shape


@pytest.mark.parametrize("seed", range(4))
def test_stopped_killed_and_damaged_it_ends_with_the_same_bytes(whole, tmp_path, seed):
    chance = random.Random(seed)
    sweeping = Sweeping.begin(EIGHT, tmp_path / "run")
    while not run(sweeping, Scripted(chance.randint(1, 3), {0: chance.randint(0, 2)}), chance.randint(1, 4)):
        path = tmp_path / "run" / RESULTS
        content = bytearray(path.read_bytes())
        if chance.random() < 0.5:
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        else:
            del content[chance.randrange(len(content)) :]
        path.write_bytes(content)
        sweeping = Sweeping.reopen(tmp_path / "run")
    assert tables(sweeping) == whole[0]
    assert read_manifest(tmp_path / "run", MANIFEST)["status"] == "finished"


def test_independent_noise_gives_each_point_runs_of_its_own(tmp_path):
    sweep = swept({"price": [8, 8.0]}, noise="independent", outcomes=["profit"])
    sweeping = Sweeping.begin(sweep, tmp_path / "run")
    assert run(sweeping)
    frame = sweeping.table()
    assert frame["replica"].to_list() == [0, 1, 2, 3]
    assert frame["value"].n_unique() == 4
    assert frame["outcome"].unique().to_list() == ["profit"]


def test_a_point_that_fails_is_told_in_its_line_and_the_others_go_on(tmp_path):
    sweeping = Sweeping.begin(swept({"fragile": [True, False]}, SMALL), tmp_path / "run")
    assert run(sweeping)
    assert list(sweeping.failed) == [0]
    sweeping.conclude()
    frame = pl.read_parquet(tmp_path / "run" / "sweep.parquet")
    broken = frame.filter(point=0)
    assert broken.select("fragile", "replica", "outcome", "value").rows() == [(True, None, None, None)]
    assert "the ground gave way" in broken["failed"].item()
    assert "\n" not in broken["failed"].item()
    assert len(frame) > 2
    assert frame.filter(point=1).select("outcome", "value", "unit").null_count().row(0) == (0, 0, 0)
    page = (tmp_path / "run" / "report.html").read_text()
    assert "the ground gave way" in page


def test_a_run_that_tells_nothing_has_failed(tmp_path):
    sweep = swept({"price": [8, 9]}).model_copy(update={"ticks": 5})
    sweeping = Sweeping.begin(sweep, tmp_path / "run")
    assert run(sweeping)
    assert set(sweeping.failed.values()) == {"told no outcome from tick 0 to 5"}
    assert {"sweep.csv", "report.html"} <= set(sweeping.conclude())


def test_points_of_which_every_worker_dies_are_no_results_and_tried_again(whole, tmp_path):
    sweeping = Sweeping.begin(EIGHT, tmp_path / "run")
    assert not run(sweeping, Scripted(1, {2: 9}))
    assert list(sweeping.lost) == [2]
    assert read_manifest(tmp_path / "run", MANIFEST)["status"] == "interrupted"
    again = Sweeping.reopen(tmp_path / "run")
    assert run(again)
    assert tables(again) == whole[0]


def test_an_error_that_is_no_verdict_on_a_point_ends_the_sweep_and_keeps_what_is_done(tmp_path, monkeypatch):
    class Unlucky:
        @staticmethod
        def of(run):
            if run.config["price"] == 7.0:
                raise MemoryError("no memory")
            return Simulation.of(run)

    monkeypatch.setattr("simengine.sweeps.outcomes.Simulation", Unlucky)
    sweeping = Sweeping.begin(EIGHT, tmp_path / "run")
    with pytest.raises(MemoryError):
        run(sweeping, Scripted(1))
    assert sorted(Sweeping.reopen(tmp_path / "run").results) == [0, 1]


@pytest.mark.parametrize("what", ["code", "seed"])
def test_another_code_or_another_sweep_is_not_gone_on_with(whole, tmp_path, monkeypatch, what):
    sweeping = Sweeping.begin(EIGHT, tmp_path / "run")
    assert not run(sweeping, stop_after=1)
    if what == "code":
        monkeypatch.setattr(carry_out, "source_digest", lambda world: "other")
    else:
        manifest = read_manifest(sweeping.folder, MANIFEST)
        manifest["sweep"]["seed"] = 7
        write_manifest(sweeping.folder, manifest, MANIFEST)
    with pytest.raises(UserError, match="has changed since"):
        Sweeping.reopen(sweeping.folder)


def test_two_processes_never_write_to_one_folder(tmp_path):
    sweeping = Sweeping.begin(EIGHT, tmp_path / "run")
    with pytest.raises(UserError, match="another process is writing here"):
        Sweeping.reopen(tmp_path / "run")
    assert not run(sweeping, stop_after=1)
    assert run(Sweeping.reopen(tmp_path / "run"))


def test_outcomes_of_a_world_are_its_series_and_its_metrics():
    assert list(units_of(Inventory())) == ["profit", "fill_rate", "stock"]
    macro = units_of(Macro())
    assert {"gdp", "unemployment_rate", "inflation"} <= set(macro)
    assert all(macro.values())


def test_the_command_sweeps_pauses_resumes_and_says_what_failed(tmp_path, monkeypatch):
    monkeypatch.setattr("simengine.cli.sweep.hired", lambda workers, ray: Scripted(2))
    folder = tmp_path / "run"
    words = ("sweep", "inventory", "--set", "price=6:10:3", "--set", "shops=2", "-r", "2", "--ticks", "56")
    code, out, err = called(*words, "--outcome", "profit, stock", "--out", folder, "--quiet")
    assert (code, out, err) == (0, "", "")
    assert {path.name for path in folder.iterdir()} >= {MANIFEST, RESULTS, "report.html", "figures", *TABLES}
    before = (folder / "sweep.csv").read_bytes()
    assert before.count(b"\n") == 1 + 3 * 2 * 2
    (folder / RESULTS).write_bytes((folder / RESULTS).read_bytes()[:-5])
    code, out, err = called("sweep", "--resume", folder)
    assert code == 0
    assert "damaged results are computed again" in err
    assert "inventory: 3 points (grid) of 2 x 2m; who decides: rules (shops)" in out
    assert (folder / "sweep.csv").read_bytes() == before
    words = ("sweep", SMALL, "--set", "fragile=true,false", "--years", "2", "--out", tmp_path / "fragile")
    code, out, err = called(*words)
    assert code == 1
    assert "1 of 2 points failed; the first, point 0: small failed at tick" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("inventory", "--set", "prise=1:2:3"), "unknown key 'prise'"),
        (("inventory", "--set", "price=2:-1:3"), "an empty range"),
        (("inventory", "--set", "price=1:2:3", "--outcome", "profile"), "unknown outcome 'profile'"),
        (("inventory", "--set", "price=1:2:2", "--set", "price=3,4"), "each setting once"),
        (("inventory",), "no setting is varied"),
        ((), "name a world or a TOML"),
        (("--resume", "nowhere"), "no sweep folder"),
        (("inventory", "--resume", "nowhere"), "the folder says what is swept"),
        (("inventory", "--set", "price=1:2:3", "--workers", "2", "--ray", "2"), "give one of the two"),
    ],
)
def test_a_slip_is_one_line_and_exit_code_two(tmp_path, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    code, out, err = called("sweep", *words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err
    assert not list(tmp_path.rglob("*.csv"))


def test_the_cast_of_the_world_decides_and_other_weights_are_not_gone_on_with(tmp_path, monkeypatch):
    sweep = swept({"price": [8, 9]})
    monkeypatch.setattr(Inventory, "cast", {"shops": "fixed:3"})
    sweeping = Sweeping.begin(sweep, tmp_path / "run")
    assert sweeping.sweep.policies == {"shops": "fixed:3"}
    assert run(sweeping)
    assert "who decides: fixed:3 (shops)" in sweeping.headline()
    weights = tmp_path / "shops.safetensors"
    weights.write_bytes(b"one")
    named = sweep.model_copy(update={"policies": {"shops": str(weights)}})
    before = carry_out.key_of(named)
    weights.write_bytes(b"two")
    assert carry_out.key_of(named) != before


def test_a_sweep_that_is_done_is_drawn_again_whatever_has_changed(whole, monkeypatch):
    monkeypatch.setattr(carry_out, "source_digest", lambda world: "other")
    again = Sweeping.reopen(whole[1])
    assert again.done
    assert tables(again) == whole[0]
