"""Shocks to a good of the barter society: the sign of what theory says, in pairs on the same noise."""

import numpy as np
import pytest

from simengine import Simulation, Strike
from simengine.worlds.barter.config import BarterConfig, Job
from simengine.worlds.barter.shocks import HarvestShock, TasteShock
from simengine.worlds.barter.world import Barter
from streams.barter import events as ev

PAIRS, STRIKE = 4, 3
GOODS = ("berries", "meat", "roots")
JOBS = tuple(Job(good=good, season=0.0) for good in GOODS)


def in_pairs(shock, until=None, ticks=STRIKE + 1, **settings):
    """The simulation, and prices (pair, good) and output (pair, job) of its last tick, calm and struck."""
    config = BarterConfig(agents=12, goods=GOODS, jobs=JOBS, **settings)
    sim = Simulation(Barter(config), seed=2, replicas=[*range(PAIRS)] * 2)
    sim.strike(Strike(STRIKE, shock, until, "half"))
    made = []
    sim.events(ev.Production).subscribe(made.append)
    sim.run(ticks=ticks)
    job, amount = made[-1].grid("job"), made[-1].grid("amount")
    output = np.stack([(amount * (job == j)).sum(axis=1) for j in range(len(JOBS))], axis=1)
    return sim, np.split(sim.world.society.price, 2), np.split(output, 2)


@pytest.mark.parametrize("good", range(len(GOODS)))
def test_a_bad_harvest_halves_output_of_the_good_alone_and_makes_it_dear(good):
    _, price, output = in_pairs(HarvestShock(np.log(0.5), good=good))
    (calm, struck), ratio = price, output[1] / output[0]
    np.testing.assert_allclose(ratio[:, good], 0.5, rtol=1e-9)
    np.testing.assert_array_equal(np.delete(ratio, good, axis=1), 1.0)
    assert (struck[:, good] > calm[:, good]).all()
    assert (np.delete(struck - calm, good, axis=1) < 0.0).all()


@pytest.mark.parametrize("good", range(len(GOODS)))
def test_what_everyone_likes_more_is_dearer_though_no_more_of_it_is_made(good):
    _, (calm, struck), output = in_pairs(TasteShock(0.5, good=good))
    assert (struck[:, good] > calm[:, good]).all()
    np.testing.assert_allclose(output[1], output[0], rtol=0.05)


def test_tastes_are_inherited_as_they_were_and_a_shock_that_ends_leaves_the_lever_at_zero():
    sim, _, _ = in_pairs(TasteShock(0.5, good=1), until=STRIKE + 1, ticks=STRIKE + 2, lifespan=200)
    assert not sim.world.levers.liking.any()
    calm, struck = np.split(sim.world.foragers.taste, 2)
    np.testing.assert_array_equal(struck, calm)


def test_before_it_strikes_both_halves_of_a_pair_are_the_same_to_the_bit():
    sim, (calm, struck), _ = in_pairs(HarvestShock(-1.0), ticks=STRIKE)
    np.testing.assert_array_equal(struck, calm)
    assert len(set(sim.digests.tolist())) == PAIRS
