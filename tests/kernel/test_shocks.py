"""Shocks strike when and whom they are told to, and nothing moves before."""

from dataclasses import dataclass

import numpy as np
import pytest

from simengine.kernel import KernelError, Simulation, Strike
from tests.kernel.toy import Toy


@dataclass(frozen=True)
class Raise:
    """Prices are `by` cents higher while it lasts."""

    by: int
    name: str = "raise"

    def start(self, world, sim, mask):
        world.log.append((sim.tick, "start", self.by))
        world.firms.price[mask] += self.by

    def stop(self, world, sim, mask):
        world.log.append((sim.tick, "stop", self.by))
        world.firms.price[mask] -= self.by


@dataclass(frozen=True)
class Hurry:
    """Everybody looks at prices now."""

    name: str = "hurry"

    def start(self, world, sim, mask):
        world.firms.review[world.firms.alive & mask[:, None]] = sim.tick

    def stop(self, world, sim, mask):
        pass


def run(until, replicas=3, shocks=()):
    world = Toy()
    sim = Simulation(world, seed=3, replicas=replicas, shocks=shocks)
    sim.run(until=until)
    return world, sim


def history(shocks=(), replicas=3):
    sim = Simulation(Toy(), seed=3, replicas=replicas, shocks=shocks)
    found = []
    for tick in range(0, 60, 4):
        sim.run(until=tick)
        found.append(sim.digests.copy())
    return np.array(found)


def test_a_shocked_run_equals_its_baseline_until_it_strikes_and_in_replicas_it_spares():
    same = history() == history([Strike(21, Raise(50), until=33, replicas=(1,))])
    assert same[:, [0, 2]].all()
    assert same[:6, 1].all()
    assert not same[6:, 1].any()


def test_a_control_arm_on_the_same_noise_shows_the_effect_alone():
    world, _ = run(23, replicas=[0, 0], shocks=[Strike(21, Raise(50), replicas=[1])])
    live = world.firms.alive[0]
    assert (world.firms.price[1] - world.firms.price[0])[live].min() >= 48


def test_shocks_strike_before_the_rows_and_stop_before_others_start():
    world, _ = run(
        9, shocks=[Strike(4, Raise(1), until=6), Strike(6, Raise(2), until=8), Strike(6, Raise(3))]
    )
    assert world.log[8:] == [
        (4, "start", 1), 4, 5, (6, "stop", 1), (6, "start", 2), (6, "start", 3), 6, 7, (8, "stop", 2), 8,
    ]  # fmt: skip


def test_a_shock_may_move_dates_to_now():
    world, sim = run(6, shocks=[Strike(5, Hurry(), replicas=[2])])
    assert world.policy.rows[-1] >= 7
    assert (world.firms.review[2, :7] > 5).all()
    assert sim.counts.barriers == sim.counts.forwards


def test_shocks_queued_between_runs_strike_later():
    world, sim = run(3)
    sim.at(3, Raise(7))
    sim.at(5, Raise(8))
    sim.run(until=9)
    assert [each for each in world.log if isinstance(each, tuple)] == [(3, "start", 7), (5, "start", 8)]


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ((2, Raise(1)), "tick is 2: valid is a whole number of at least 3"),
        ((4.5, Raise(1)), "tick is 4.5"),
        ((5, Raise(1), None, "some"), "replicas = 'some': valid are all, half or indices"),
        ((5, Raise(1), None, "half"), "half of 3 replicas: valid is an even number"),
        ((5, Raise(1), 5), "until is 5: valid is a whole number of at least 6"),
        ((5, Raise(1), None, [3]), "replica index 3: valid are 0 to 2"),
        ((5, Raise(1), None, [-1]), "replica index is -1"),
        ((5, "raise"), "valid has start"),
    ],
)
def test_wrong_shocks_are_refused(declared, said):
    _, sim = run(3)
    with pytest.raises(KernelError, match=said):
        sim.at(*declared)


def test_a_shock_declared_within_an_instant_strikes_at_the_next_at_the_earliest():
    world = Toy()
    world.sabotage = lambda sim: sim.at(7, Raise(1)) if sim.tick == 6 else None
    sim = Simulation(world)
    sim.run(until=9)
    assert (7, "start", 1) in world.log
    world = Toy()
    world.sabotage = lambda sim: sim.at(6, Raise(1)) if sim.tick == 6 else None
    with pytest.raises(KernelError, match="tick is 6: valid is a whole number of at least 7"):
        Simulation(world).run(until=9)
