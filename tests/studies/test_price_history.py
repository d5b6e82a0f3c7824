"""Prices of barter societies beside those of sincere traders: with two goods by hand."""

import numpy as np
import pytest

from simengine import Simulation
from simengine.studies.price_history import PriceHistory
from simengine.worlds.barter import Barter
from simengine.worlds.barter_config import BarterConfig
from simengine.worlds.barter_events import Holding, Price, Taste

TICKS = 12


def followed(**settings):
    """The mispricing, and the batches of what a tick's price is made of."""
    sim = Simulation(Barter(BarterConfig(agents=6, **settings)), seed=4, replicas=2)
    seen = {event: [] for event in (Price, Holding, Taste)}
    for event, batches in seen.items():
        sim.events(event).subscribe(batches.append)
    history = PriceHistory(sim, TICKS)
    sim.run(ticks=TICKS)
    return history.mispricing, seen


@pytest.mark.parametrize("arms", [{}, {"declarations": "random"}], ids=["learned", "random"])
def test_the_price_is_held_against_that_of_sincere_traders(arms):
    mispricing, seen = followed(arms=arms)
    for t in range(TICKS):
        price = seen[Price][t].price.reshape(2, 2)
        brought, taste = (x.reshape(2, 6, 2) for x in (seen[Holding][t].before, seen[Taste][t].share))
        first = (taste[..., 0] * brought[..., 1]).sum(axis=1)  # what is offered of the second for the first
        second = (taste[..., 1] * brought[..., 0]).sum(axis=1)
        np.testing.assert_allclose(mispricing[:, t], price[:, 0] / price[:, 1] / (first / second), rtol=1e-6)


def test_prices_of_traders_of_zero_intelligence_are_further_off():
    learned, drawn = (followed(arms={"declarations": how})[0] for how in ("learned", "random"))
    assert (np.abs(np.log(learned)).mean(axis=1) < 0.3 * np.abs(np.log(drawn)).mean(axis=1)).all()


@pytest.mark.parametrize("settings", [{"market": "autarky"}, {"goods": ("b",), "jobs": ({"good": "b"},)}])
def test_where_nothing_is_priced_nothing_is_said(settings):
    assert np.isnan(followed(**settings)[0]).all()
