"""Shocks strike an exchange: pairs of replicas on equal noise, one of them struck."""

import numpy as np
import pytest

from simengine import Simulation, Strike
from simengine.errors import UserError
from simengine.worlds.exchange.kinds import MAKERS
from simengine.worlds.exchange.shocks import (
    ActivityShock,
    FatFingerShock,
    LatencyShock,
    NewsShock,
    ProgramShock,
    TaxShock,
)
from simengine.worlds.exchange.units import DAY
from streams.exchange.events import Trade

START = DAY // 2


def struck(shock, until=DAY - 1, **config):
    """A world of two replicas on equal noise, the second of which is struck at noon of the first day."""
    sim = Simulation(
        "exchange", seed=3, replicas=[0, 0], config=config, shocks=[Strike(START, shock, None, (1,))]
    )
    sim.run(until=START)
    sim.bus.listen(Trade, lambda batch: lowest(sim.world, batch))
    k = sim.world.market
    for name, column in k.columns().items():
        assert np.array_equal(column[0], column[1]), f"{name} differs before the shock"
    sim.run(until=until)
    return sim.world


def lowest(world, batch):
    """Keep the lowest price of each replica since the shock."""
    world.low = getattr(world, "low", np.full(2, 2**62))
    np.minimum.at(world.low, batch.replica, batch.price)


def test_bad_news_lowers_the_price():
    k = struck(NewsShock(-0.05)).market
    assert k.worth[1, 0] == pytest.approx(k.worth[0, 0] - 0.05)
    assert k.last[1, 0] < k.last[0, 0]


def test_a_program_sells_all_its_lots_and_moves_the_price_down():
    world = struck(ProgramShock(-1000))
    broker = world.floor.brokers[0]
    sold = world.floor.units[0, 0, broker] - world.floor.units[1, 0, broker]
    assert world.levers.program[1, 0] == 0
    assert 900 < sold < 1100
    assert world.low[1] < world.low[0]


def test_a_fat_finger_sweeps_the_book_in_one_message():
    world = struck(FatFingerShock(-400), until=START + 2)
    broker = world.floor.brokers[0]
    assert world.floor.units[0, 0, broker] - world.floor.units[1, 0, broker] == 400
    assert world.low[1] < world.low[0]


def test_makers_who_withdraw_leave_no_order_and_a_wider_book():
    world = struck(ActivityShock(-1.0, kind="makers"))
    t = world.traders
    makers = t.kind[0] == MAKERS
    assert (t.place_open[0, makers] != 0).any()
    assert not t.place_open[1, makers].any()
    k = world.market
    assert k.spread[1, 0] / k.open_ticks[1, 0] > k.spread[0, 0] / k.open_ticks[0, 0]


def test_a_tax_is_paid_to_the_house():
    world = struck(TaxShock(1000))
    house = world.books.read("cash", "house")
    assert house[0, 0] == world.books.read("cash", "house")[0, 0]
    assert house[1, 0] > house[0, 0]
    assert world.books.verify() == []


def test_a_speed_bump_holds_all_messages_up():
    world = struck(LatencyShock(100), until=START + 90)
    assert world.market.messages[1, 0] < world.market.messages[0, 0]


@pytest.mark.parametrize(
    ("shock", "valid"),
    [
        (lambda: ActivityShock(-1.0, kind="bakers"), "valid are value, noise"),
        (lambda: struck(NewsShock(0.1, instrument=1)), "valid are 0 to 0, -1 for all"),
        (lambda: ProgramShock(2e6), "valid is a number from -1e"),
    ],
)
def test_what_cannot_be_struck_is_refused_in_one_line(shock, valid):
    with pytest.raises(UserError, match=valid):
        shock()
