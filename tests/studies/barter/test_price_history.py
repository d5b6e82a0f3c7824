"""Prices of barter societies beside competitive equilibrium: with two goods by hand."""

import numpy as np
import pytest

from simengine import Simulation
from simengine.studies.barter.price_history import PriceHistory
from simengine.worlds.barter.config import BarterConfig
from simengine.worlds.barter.world import Barter
from streams.barter.events import Holding, Price, Taste

TICKS = 12


def followed(ticks=TICKS, replicas=2, **settings):
    """The mispricing, and the batches of what a tick's price is made of."""
    sim = Simulation(Barter(BarterConfig(agents=6, **settings)), seed=4, replicas=replicas)
    seen = {event: [] for event in (Price, Holding, Taste)}
    for event, batches in seen.items():
        sim.events(event).subscribe(batches.append)
    history = PriceHistory(sim, ticks)
    sim.run(ticks=ticks)
    return history.mispricing, seen


def first_good_wanted(taste, brought, price):
    """Of the first good by those who seek w log(1 + x) + (1 - w) log(1 + y), the second costing 1."""
    wealth = price[:, None] * brought[..., 0] + brought[..., 1]
    inner = taste[..., 0] * (wealth + price[:, None] + 1.0) / price[:, None] - 1.0
    return np.clip(inner, 0.0, wealth / price[:, None])


@pytest.mark.parametrize("arms", [{}, {"declarations": "random"}], ids=["learned", "random"])
def test_at_the_price_it_is_held_against_all_that_is_brought_is_wanted(arms):
    mispricing, seen = followed(arms=arms)
    for t in range(TICKS):
        price = seen[Price][t].price.reshape(2, 2)
        brought, taste = (x.reshape(2, 6, 2) for x in (seen[Holding][t].before, seen[Taste][t].share))
        equilibrium = price[:, 0] / price[:, 1] / mispricing[:, t]
        wanted = first_good_wanted(taste, brought, equilibrium).sum(axis=1)
        np.testing.assert_allclose(wanted, brought[..., 0].sum(axis=1), rtol=1e-6)


def test_prices_of_traders_of_zero_intelligence_are_further_off():
    learned, drawn = (followed(80, 4, arms={"declarations": how})[0] for how in ("learned", "random"))
    assert np.nanmean(np.log(learned) ** 2) < np.nanmean(np.log(drawn) ** 2)


@pytest.mark.parametrize("settings", [{"market": "autarky"}, {"goods": ("b",), "jobs": ({"good": "b"},)}])
def test_where_nothing_is_priced_nothing_is_said(settings):
    assert np.isnan(followed(**settings)[0]).all()
