"""Decisions of a recorded run, replayed: the same history to the bit, or refused in one line."""

import numpy as np
import pytest

from simengine import Recording, Scenario, Simulation, UserError
from simengine.worlds.inventory.world import Inventory, InventoryConfig

DAYS, SHOPS = 30, 4


def recorded(folder, replicas):
    config = {"shops": SHOPS}
    scenario = Scenario(
        world="inventory", seed=4, replicas=[0, 1, 2], ticks=DAYS, config=config,
        policies={"shops": "random"}, record={"events": "all", "replicas": replicas},
    )  # fmt: skip
    recording = Recording.begin(scenario, folder)
    recording.run()
    return recording.sim


def replayed(folder, replicas=3, shops=SHOPS):
    world = Inventory(InventoryConfig(shops=shops))
    return Simulation(world, 4, replicas, policies={"shops": f"recorded:{folder}"})


def test_a_run_is_repeated_to_the_bit_by_its_decisions(tmp_path):
    original = recorded(tmp_path / "run", "all")
    again = replayed(tmp_path / "run")
    again.run(ticks=DAYS)
    assert len(set(original.digests.tolist())) == 3
    assert np.array_equal(again.digests, original.digests)


@pytest.mark.parametrize("size", [{"replicas": 1}, {"replicas": 4}, {"shops": SHOPS - 1}])
def test_a_recording_of_another_size_is_refused(size, tmp_path):
    recorded(tmp_path / "run", "all")
    with pytest.raises(UserError, match="decisions of replicas 0, 1, 2 and 4 shops: valid are all"):
        replayed(tmp_path / "run", **size)


def test_a_recording_of_the_first_replica_alone_does_not_replay_three(tmp_path):
    recorded(tmp_path / "run", [0])
    with pytest.raises(UserError, match=r"replicas 0 and 4 shops: valid are all 3 replicas .--record all."):
        replayed(tmp_path / "run")
