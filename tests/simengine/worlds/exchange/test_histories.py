"""Days of an exchange in memory are what its streams tell."""

import numpy as np

from simengine import Simulation
from simengine.worlds.exchange.histories import DayHistory
from simengine.worlds.exchange.state import REACH, SIGN_LAGS
from simengine.worlds.exchange.world import DAY
from streams.exchange.events import Parent


def test_days_prices_books_and_large_orders_of_the_first_instrument_are_kept():
    config = {"instruments": 2, "traders": {"value": 50, "noise": 60}}
    sim = Simulation("exchange", seed=2, replicas=2, config=config)
    seen, large, closes = DayHistory(sim), [], []
    sim.bus.listen(
        Parent, lambda b: large.extend(b.quantity[(b.instrument == 0) & (b.replica == 1)].tolist())
    )
    for day in range(1, 4):
        sim.run(until=day * DAY)
        closes.append(sim.world.market.last[:, 0].copy())
    found = seen.histories()
    assert (found.closes == np.array(closes).T).all()
    assert found.volume.shape == found.spread.shape == found.range.shape == (2, 3)
    assert (found.range > 0).all()
    assert found.profile.shape == (2, REACH)
    assert found.sign_products.shape == found.sign_pairs.shape == (2, len(SIGN_LAGS))
    assert (np.abs(found.sign_products) <= found.sign_pairs).all()
    assert found.parents[1].quantity.tolist() == large
    assert len(large) > 50
    assert set(found.parents[1].sign.tolist()) == {-1.0, 1.0}
    assert (found.parents[1].duration > 0).all()
    assert set(found.parents[1].day.tolist()) == {0, 1, 2}
