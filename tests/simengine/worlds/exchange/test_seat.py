"""Traders who are asked at the barrier: as usual is the rule, and answers become orders."""

import numpy as np
import pytest

from agents.exchange.observation import FEATURES, see
from simengine import Simulation
from simengine.worlds.exchange.kinds import MAKERS
from simengine.worlds.exchange.seat import HEADS, LOTS, USUAL

NOON = 1800


def run(until=NOON, policy=None, **config):
    """A world at some tick of its first day."""
    sim = Simulation("exchange", seed=2, config=config, policies=policy)
    sim.run(until=until)
    return sim


def same(one, other):
    """Whether markets, orders and books of two simulations are equal to the bit."""
    return all(
        np.array_equal(array, getattr(other.world, part).columns()[name])
        for part in ("market", "orders", "books", "mail")
        for name, array in getattr(one.world, part).columns().items()
    )


@pytest.mark.parametrize("kinds", [["makers"], ["value", "noise", "fast"]])
def test_whoever_is_seated_and_does_as_usual_does_what_the_rule_does(kinds):
    assert same(run(), run(seated=kinds))
    assert not same(run(), run(seated=kinds, policy={"traders": "random"}))


def test_an_answer_becomes_an_order():
    sim = run(until=600, seated=["makers"], policy={"traders": "fixed:2,3,1"})
    t, book = sim.world.traders, sim.world.orders
    makers = t.kind[0] == MAKERS
    assert (t.place_open[0, makers] >= 0).all(), "who only buys sells nothing"
    assert set(t.place_open[0, makers][:, 0].tolist()) <= set(range(LOTS[1] + 1))
    prices, *_ = book.ladder(0, 0)
    held = t.place_price[0, makers, 0][t.place_open[0, makers, 0] > 0]
    assert held.size
    assert set(held) <= set(prices)


def test_who_waits_sends_nothing():
    sim = run(until=600, seated=["makers"], policy={"traders": "fixed:1,0,0"})
    t = sim.world.traders
    assert not t.place_open[0, t.kind[0] == MAKERS].any()


def test_what_is_seen_is_finite_named_and_of_moderate_size():
    sim = run(seated=["makers"])
    world = sim.world
    asked = np.flatnonzero(world.traders.seated[0])
    rows = see(world.floor, np.zeros(asked.size, np.int32), asked, sim.tick, 3600, 100, 10_000)
    assert rows.shape == (asked.size, len(FEATURES)) == (asked.size, 256)
    assert np.isfinite(rows).all()
    assert np.abs(rows).max() < 30
    names = [feature.name for feature in FEATURES]
    assert len(set(names)) == 256
    assert (rows[:, names.index("kind: makers")] == 1).all()
    assert (rows[:, names.index("bid 1: distance")] < 0).all()
    assert (rows[:, names.index("ask 1: distance")] > 0).all()


def test_as_usual_is_the_last_of_what_may_be_ordered():
    assert HEADS["order"] == USUAL + 1
