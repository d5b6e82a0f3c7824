"""Decisions of a recorded run, replayed: the same history to the bit, or refused in one line."""

import numpy as np
import pytest

from simengine import Recording, Scenario, Simulation, UserError
from simengine import folder as disk
from simengine.kernel import SimulationFailed
from simengine.worlds.inventory.world import Inventory, InventoryConfig

DAYS, SHOPS = 30, 4


def recorded(folder, replicas, **record):
    config = {"shops": SHOPS}
    scenario = Scenario(
        world="inventory", seed=4, replicas=[0, 1, 2], ticks=DAYS, config=config,
        policies={"shops": "random"}, record={"events": "all", "replicas": replicas, **record},
    )  # fmt: skip
    recording = Recording.begin(scenario, folder)
    recording.run()
    return recording.sim


def replayed(folder, replicas=3, shops=SHOPS, seed=4):
    world = Inventory(InventoryConfig(shops=shops))
    return Simulation(world, seed, replicas, policies={"shops": f"recorded:{folder}"})


def test_a_run_is_repeated_to_the_bit_by_its_decisions(tmp_path):
    original = recorded(tmp_path / "run", "all")
    again = replayed(tmp_path / "run")
    again.run(ticks=DAYS)
    assert len(set(original.digests.tolist())) == 3
    assert np.array_equal(again.digests, original.digests)


@pytest.mark.parametrize("size", [{"replicas": 1}, {"replicas": 4}])
def test_a_recording_of_another_size_is_refused(size, tmp_path):
    recorded(tmp_path / "run", "all")
    with pytest.raises(UserError, match="decisions of replicas 0, 1, 2 and 4 shops: valid are all"):
        replayed(tmp_path / "run", **size)


def test_a_recording_of_the_first_replica_alone_does_not_replay_three(tmp_path):
    recorded(tmp_path / "run", [0])
    with pytest.raises(UserError, match=r"replicas 0 and 4 shops: valid are all 3 replicas .--record all."):
        replayed(tmp_path / "run")


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"shops": SHOPS - 1}, r"config\.shops is 4 there and 3 here: valid is the same run"),
        ({"seed": 5}, "seed is 4 there and 5 here: valid is the same run"),
    ],
)
def test_a_recording_of_another_run_is_refused(other, said, tmp_path):
    recorded(tmp_path / "run", "all")
    with pytest.raises(UserError, match=said):
        replayed(tmp_path / "run", **other)


def test_a_recording_with_gaps_is_refused(tmp_path):
    recorded(tmp_path / "run", "all", every=2)
    with pytest.raises(UserError, match="recorded with every=2: valid is a recording of every decision"):
        replayed(tmp_path / "run")


def test_a_recording_of_a_run_that_was_cut_short_is_refused(tmp_path):
    recorded(tmp_path / "run", "all")
    manifest = disk.read_manifest(tmp_path / "run")
    disk.write_manifest(tmp_path / "run", manifest | {"status": "interrupted"})
    with pytest.raises(UserError, match="this run is interrupted: valid is one that has finished"):
        replayed(tmp_path / "run")


def test_nothing_is_replayed_beyond_the_end_of_a_recording(tmp_path):
    recorded(tmp_path / "run", "all")
    sim = replayed(tmp_path / "run")
    with pytest.raises(SimulationFailed, match=f"at tick {DAYS}: .* recorded to tick {DAYS}: valid is a run"):
        sim.run(ticks=DAYS + 1)
    longer = Scenario(
        world="inventory", seed=4, replicas=3, ticks=DAYS + 1, config={"shops": SHOPS},
        policies={"shops": f"recorded:{tmp_path / 'run'}"},
    )  # fmt: skip
    with pytest.raises(
        UserError, match=f"policy shops: recorded to tick {DAYS}, this run ends at {DAYS + 1}"
    ):
        Recording.begin(longer, tmp_path / "longer")
    assert not (tmp_path / "longer").exists()
