"""Arms of a study: what is run, what is shared, what is kept."""

from dataclasses import replace

import numpy as np
import pytest

from simengine.errors import UserError
from simengine.policies import SHIPPED
from simengine.studies import Arm, Pool, histories
from simengine.studies.arms import _keep, _kept
from simengine.worlds.inventory.world import Inventory

SHORT = Arm("macro", policies={"all": "rule"}, replicas=2, years=1, seed=5)


def test_an_arm_gives_every_series_by_replica_and_quarter():
    assert all(values.shape == (2, 4) for values in histories(SHORT).values())


def test_arms_share_their_noise_until_a_shock_strikes():
    plain, shocked = histories(SHORT), histories(replace(SHORT, shocks=("rate:+0.02@6m",)))
    assert np.array_equal(plain["gdp"][:, :2], shocked["gdp"][:, :2])
    assert not np.array_equal(plain["gdp"][:, 2:], shocked["gdp"][:, 2:])


def test_a_pool_runs_what_one_process_runs_and_keeps_it(tmp_path):
    arms = {"a": SHORT, "b": replace(SHORT, seed=6)}
    with Pool(2, tmp_path) as pool:
        found = pool.run(arms)
        kept = sorted(path.stat().st_mtime_ns for path in tmp_path.glob("*.npz"))
        again = pool.run(arms)
    assert kept == sorted(path.stat().st_mtime_ns for path in tmp_path.glob("*.npz"))
    for name, arm in arms.items():
        alone = histories(arm)
        assert all(np.array_equal(found[name][column], alone[column]) for column in alone)
        assert all(np.array_equal(again[name][column], alone[column]) for column in alone)


@pytest.mark.parametrize("damage", [lambda data: data[:-1] + b"?", lambda data: data[:40], lambda data: b""])
def test_a_kept_arm_that_is_damaged_is_computed_again(tmp_path, damage):
    series = {"gdp": np.arange(6.0).reshape(2, 3)}
    file = tmp_path / "0123.npz"
    _keep(file, series)
    assert np.array_equal(_kept(file)["gdp"], series["gdp"])
    file.write_bytes(damage(file.read_bytes()))
    with pytest.warns(UserWarning, match=r"0123\.npz: damaged: .*: computed again"):
        assert _kept(file) is None


def test_another_arm_has_another_key():
    plain = Arm("macro")
    others = SHORT, replace(plain, seed=2), replace(plain, shocks=("rate:+0.01@1y",))
    assert len({arm.key for arm in (plain, *others)}) == 4


def test_an_economy_that_is_refused_is_left_out_only_when_asked():
    arms = {"bad": Arm("macro", config={"households": 20, "firms": 20}, years=1), "good": SHORT}
    with Pool(1) as pool:
        assert list(pool.run(arms, refused=True)) == ["good"]


def test_a_slip_in_a_setting_is_never_left_out():
    with Pool(1) as pool, pytest.raises(UserError, match="markup"):
        pool.run({"bad": Arm("macro", config={"firm": {"marktup": 1.2}}, years=1)}, refused=True)


def test_an_arm_has_another_key_once_its_network_has_changed(tmp_path):
    file = tmp_path / "firms.safetensors"
    file.write_bytes(b"one")
    arm = Arm("macro", policies={"firms": str(file)})
    before = arm.key
    assert arm.key == before
    file.write_bytes(b"other")
    assert arm.key != before


@pytest.mark.parametrize(
    ("population", "spec"), [("shops", "learned"), ("all", "learned"), ("all", "learned_alone")]
)
def test_a_shipped_network_is_part_of_the_key(tmp_path, monkeypatch, population, spec):
    monkeypatch.setattr(Inventory, "models", tmp_path)
    file = tmp_path / SHIPPED[spec] / "shops.safetensors"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"one")
    arm = Arm("inventory", policies={population: spec})
    before = arm.key
    file.write_bytes(b"other")
    assert arm.key != before
