"""Observations of several arrays, some of a length that differs by row."""

import numpy as np
import pytest

from agents.policy import RandomPolicy
from simengine.kernel import KernelError, Simulation
from tests.kernel.kitchen import Kitchen


class Looking(RandomPolicy):
    """Keeps what it is shown, by agent."""

    needs_observation = True

    def __init__(self):
        self.shown = []

    def act(self, ask):
        seen = {name: array.copy() for name, array in ask.observation.items()}
        self.shown.append({int(n): {k: a[i] for k, a in seen.items()} for i, n in enumerate(ask.agent)})
        return super().act(ask)


def ran(cooks=5, see=None, ticks=4):
    world = Kitchen(Kitchen.Config(cooks=cooks))
    world.policy = Looking()
    if see is not None:
        world.see = lambda ask: {**Kitchen.see(world, ask), **see(ask)}
    Simulation(world, seed=3).run(until=ticks)
    return world.policy.shown


def test_what_is_observed_reaches_the_policy_by_name_and_what_is_not_there_is_0():
    shown = ran()
    assert {name: array.shape for name, array in shown[0][0].items()} == {
        "own": (3,), "heard": (4,), "heard_mask": (4,),
    }  # fmt: skip
    counts = {int(row["heard_mask"].sum()) for at in shown for row in at.values()}
    assert counts == {1, 2, 3, 4}
    assert not any(row["heard"][~row["heard_mask"]].any() for at in shown for row in at.values())


def test_what_an_agent_observes_does_not_depend_on_its_company():
    few, many = ran(3), ran(6)
    for alone, among in zip(few, many):
        for agent, row in alone.items():
            for name, array in row.items():
                if name != "own":  # shares come from the draws of the agent itself
                    assert array.shape == among[agent][name].shape
            assert np.array_equal(row["own"], among[agent]["own"])
            assert np.array_equal(row["heard_mask"], among[agent]["heard_mask"])


@pytest.mark.parametrize(
    ("see", "said"),
    [
        (
            lambda ask: {"own": np.zeros((5, 3))},
            r"cooks: observe gave \(5, 3\) float64 as own: valid is \(5, ...\) float32",
        ),
        (lambda ask: {"own": np.zeros((4, 3), np.float32)}, r"\(4, 3\) float32 as own"),
        (lambda ask: {"own": [1.0]}, r"gave \[1.0\] as own"),
        (
            lambda ask: {"own": np.full((5, 3), np.inf, np.float32)},
            "observation own 0 of agent 0 in replica 0 is inf: valid is a finite number",
        ),
        (
            lambda ask: {"heard_mask": np.zeros((5, 3), bool)},
            r"\(5, 3\) bool as heard_mask: valid is \(5, 4\) bool",
        ),
        (
            lambda ask: {"heard": np.ones((5, 4), np.float32)},
            "observation heard 1 of agent 0 in replica 0 is 1.0: valid is 0 where heard_mask is False",
        ),
    ],
)
def test_observations_that_are_not_as_they_must_be_are_refused_by_name(see, said):
    with pytest.raises(KernelError, match=said):
        ran(see=see)


def test_large_finite_numbers_are_finite_whatever_their_sum():
    shown = ran(see=lambda ask: {"own": np.full((len(ask), 3), 3e38, np.float32)}, ticks=1)
    assert shown[0][0]["own"].tolist() == [np.float32(3e38)] * 3
