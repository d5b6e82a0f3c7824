"""What is both a metric and a series is one number."""

import numpy as np

from simengine import Simulation
from simengine.histories import watched
from streams import metrics
from streams.events import Metric

CONFIG = {"warmup_years": 0, "households": 50, "firms": 10, "banks": 2}


def test_ginis_and_unemployment_are_the_same_in_metrics_and_in_series():
    sim = Simulation("macro", policies="rule", seed=3, replicas=2, config=CONFIG)
    metrics.install(sim.bus, sim.world.metrics, 4, 12)
    seen = {}
    sim.events(Metric).subscribe(lambda batch: seen.setdefault(batch.label("name"), []).append(
        np.array(batch.value)))  # fmt: skip
    series = watched(sim, 2)
    sim.bus.advance(sim.tick)
    by_name = {name: np.stack(values, axis=1) for name, values in seen.items()}
    np.testing.assert_array_equal(by_name["gini_income"], series["gini_income"])
    np.testing.assert_array_equal(by_name["gini_wealth"], series["gini_wealth"])
    quarterly = by_name["unemployment"].reshape(2, -1, 3).mean(axis=2)
    np.testing.assert_allclose(quarterly, series["unemployment_rate"], rtol=1e-12)
    assert series["unemployment_rate"].std() > 0


def test_series_are_the_same_without_metrics():
    plain = watched(Simulation("macro", policies="rule", seed=3, replicas=2, config=CONFIG), 1)
    sim = Simulation("macro", policies="rule", seed=3, replicas=2, config=CONFIG)
    metrics.install(sim.bus, sim.world.metrics, 4, 12)
    measured = watched(sim, 1)
    assert all(np.array_equal(plain[name], measured[name]) for name in plain)
