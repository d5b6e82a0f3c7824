"""An exchange as a whole: the same wherever it is cut, and nothing is lost."""

import numpy as np
import pytest

from simengine import Simulation
from simengine.worlds.exchange.world import DAY
from streams.exchange.events import Halt

END = DAY + DAY // 2
SMALL = {"traders": {"value": 100, "noise": 60, "parents": 20, "momentum": 10, "funds": 5, "pool": 20}}
BANDED = SMALL | {
    "venue": {"static_bp": 50, "halt_ticks": 60},
    "behaviour": {"pool_share": 0.2},
    "instruments": 2,
}


def run(cuts=(), config=SMALL, replicas=1):
    sim = Simulation("exchange", seed=11, replicas=replicas, config=config)
    for cut in (*cuts, END):
        sim.run(until=cut)
    return sim


@pytest.fixture(scope="module")
def whole():
    return {name: run(config=config) for name, config in (("small", SMALL), ("banded", BANDED))}


@pytest.mark.parametrize("name", ["small", "banded"])
@pytest.mark.parametrize("cuts", [(1, 2, 3), (7, 19, 20, 21, DAY - 1, DAY, DAY + 1), range(100, END, 331)])
def test_a_run_is_the_same_wherever_it_is_cut(whole, name, cuts):
    assert run(cuts, SMALL if name == "small" else BANDED).digest == whole[name].digest


def test_a_replica_alone_equals_itself_in_company(whole):
    alone, both = whole["small"].world, run(replicas=2).world
    for name, column in alone.market.columns().items():
        assert np.array_equal(column[0], both.market.columns()[name][0]), name
    assert not np.array_equal(both.market.last[0], both.market.last[1])


@pytest.mark.parametrize("name", ["small", "banded"])
def test_money_and_units_are_conserved_and_all_kinds_trade(whole, name):
    world = whole[name].world
    f = world.floor
    assert not list(world.invariants(whole[name]))
    assert (f.units.sum(axis=-1) == world.opening_units.sum() // world.config.instruments).all()
    assert (f.cash >= 0).all()
    assert (f.units >= 0).all()
    held = world.traders
    buys, sells = np.maximum(held.place_open, 0), np.maximum(-held.place_open, 0)
    assert (held.cash_held == (buys * held.place_price).sum(axis=-1) * world.habits["scale"][0]).all()
    assert (held.units_held == sells.sum(axis=-1)).all()
    assert (held.cash_held <= f.cash[:, : held.capacity]).all()


def test_what_traders_believe_to_wait_is_what_the_books_hold(whole):
    for sim in whole.values():
        world = sim.world
        waiting = world.traders.place_open
        for side, waits in enumerate((np.maximum(waiting, 0), np.maximum(-waiting, 0))):
            for s in range(world.config.instruments):
                mine = waits[0, world.traders.home[0] == s].sum()
                assert mine == world.orders.memory.lots[2 * s + side]


def test_a_book_beyond_its_band_halts_and_opens_again():
    sim, phases = Simulation("exchange", seed=11, config=BANDED), []
    sim.bus.listen(Halt, lambda batch: phases.extend(zip(batch.instrument.tolist(), batch.phase.tolist())))
    sim.run(until=END)
    for s in range(2):
        own = [phase for instrument, phase in phases if instrument == s]
        assert len(own) > 2
        assert own == [1, 0] * (len(own) // 2) + [1] * (len(own) % 2)
