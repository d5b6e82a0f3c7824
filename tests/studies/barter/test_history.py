"""What the study watches of a barter society while it runs is what a recording of it would tell."""

import numpy as np
import pytest

from analysis import Run
from analysis.barter.history import PICTURES, History, followed_from
from analysis.barter.recorded import Recorded
from analysis.barter.recording import recorded_history
from simengine import Simulation
from simengine.recording import Recording
from simengine.scenarios import Scenario
from simengine.studies.barter.history import SocietyHistory
from simengine.studies.barter.worth import history
from simengine.worlds.barter.config import BarterConfig
from simengine.worlds.barter.world import Barter
from streams.barter.events import Forager

SMALL = {"agents": 6, "lifespan": 10, "year": 10}


def followed(start=10, stop=30, **settings):
    sim = Simulation(Barter(BarterConfig(**SMALL, **settings)), seed=2, replicas=2)
    seen = SocietyHistory(sim, start, stop)
    rewards = []
    sim.events(Forager).subscribe(lambda b: rewards.append(b.grid("reward").mean(axis=1)))
    sim.run(ticks=stop)
    return sim, seen.arrays(), np.stack(rewards, axis=1)[:, start:stop]


def test_a_history_holds_the_ticks_followed_and_an_early_picture():
    sim, found, rewards = followed()
    assert found["job"].shape == (2, 20, 6)
    assert found["after"].shape == (2, 20, 6, 2)
    assert found["attention"].shape == (2, 1 + PICTURES, 6, 6)
    assert found["messages"].shape == (2, 1 + PICTURES, 6, 6)
    np.testing.assert_allclose(found["attention"].sum(axis=-1), 1.0, rtol=1e-5)
    np.testing.assert_allclose(found["welfare"], rewards)
    assert np.array_equal(found["identity"][:, -1][~found["born"][:, -1]],
                          sim.state["foragers"].identity[~found["born"][:, -1]])  # fmt: skip


def test_slots_of_parents_are_those_of_their_identities():
    _, found, _ = followed()
    assert found["born"].any()
    for r, t, slot in np.argwhere(found["born"][:, :-1]):
        own, later = found["identity"][r, t], found["identity"][r, t + 1]
        assert later[slot] not in own
        mother, father = found["mother"][r, t, slot], found["father"][r, t, slot]
        assert not found["born"][r, t, mother]
        assert own[mother] == later[mother]
        assert own[father] == later[father]
    lived = ~found["born"]
    slots = np.broadcast_to(np.arange(6), lived.shape)
    assert np.array_equal(found["mother"][lived], slots[lived])


def test_jobs_change_only_where_they_are_decided():
    _, found, _ = followed(interval_least=5, interval_most=5)
    changed = np.diff(found["job"], axis=1) != 0
    assert changed.any()
    assert found["decided"][:, 1:][changed].all()
    assert 0.2 <= found["decided"].mean() < 0.4  # in turns of five ticks, and when born


@pytest.mark.parametrize("settings", [{}, {"interval_most": 3}], ids=["default", "own intervals"])
def test_a_recording_tells_what_was_seen_while_it_ran(tmp_path, settings):
    scenario = Scenario(
        world="barter", seed=2, replicas=[0, 1, 2], ticks=50, config={**SMALL, **settings},
        record={"events": "all", "replicas": "all"},
    )  # fmt: skip
    recording = Recording.begin(scenario, tmp_path / "run")
    seen = SocietyHistory(recording.sim, followed_from(50, 10), 50)
    recording.run()
    live, told = history(seen.arrays()), recorded_history(Recorded(Run(tmp_path / "run")))
    assert live.born.any()
    for name in History._fields:
        np.testing.assert_allclose(getattr(told, name), getattr(live, name), rtol=1e-6, err_msg=name)
