"""What is measured of a barter society while it runs, beside its events."""

import numpy as np
import pytest

from simengine import Simulation
from simengine.worlds.barter.config import BarterConfig
from simengine.worlds.barter.world import Barter
from streams import metrics
from streams.barter.events import Consumption
from streams.events import Metric, Reward
from streams.measures import gini


def measured(*events, **settings):
    """Metrics (replica, tick) by name, and what there was of some events."""
    sim = Simulation(Barter(BarterConfig(agents=6, **settings)), seed=4, replicas=2)
    found, seen = {}, {event: [] for event in events}
    metrics.install(sim.bus, sim.world.metrics)
    sim.events(Metric).subscribe(lambda b: found.setdefault(b.label("name"), []).append(b.value))
    for event, batches in seen.items():
        sim.events(event).subscribe(batches.append)
    sim.run(ticks=10)
    return {name: np.stack(values, axis=1) for name, values in found.items()}, seen, sim


def test_welfare_is_the_mean_reward_and_the_gini_that_of_all_goods_eaten():
    found, seen, _ = measured(Reward, Consumption)
    rewards = [batch.grid("amount").mean(axis=1) for batch in seen[Reward]]
    eaten = [batch.amount.reshape(2, 6, 2).sum(axis=2) for batch in seen[Consumption]]
    np.testing.assert_allclose(found["welfare"], np.stack(rewards, axis=1))
    np.testing.assert_allclose(found["gini_consumption"], np.stack([gini(x) for x in eaten], axis=1))


def test_the_price_is_that_of_the_first_good_in_the_second():
    found, _, sim = measured()
    price = sim.world.society.price
    np.testing.assert_allclose(found["log_relative_price"][:, -1], np.log(price[:, 0] / price[:, 1]))


@pytest.mark.parametrize("settings", [{"market": "autarky"}, {"goods": ("b",), "jobs": ({"good": "b"},)}])
def test_where_nothing_is_priced_there_is_no_price(settings):
    found, _, _ = measured(**settings)
    assert np.isnan(found.get("log_relative_price", np.nan)).all()
    assert np.isfinite(found["welfare"]).all()
