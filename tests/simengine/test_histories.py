"""Histories in memory are what was published: series, metrics and rewards, with ticks and units."""

import numpy as np
import pytest

import simengine
from simengine.histories import watched
from simengine.starter import Day, Starter
from streams.events import Reward


def test_a_history_holds_what_was_published_by_name_with_ticks_and_units():
    sim, sold, paid = simengine.Simulation(Starter(), replicas=3), [], []
    sim.bus.listen(Day, lambda batch: sold.append(1.0 - batch.total("sold") / batch.total("made")))
    sim.bus.listen(Reward, lambda batch: paid.append(batch.grid("amount").mean(axis=1)))
    history = sim.history(ticks=10)
    assert history["waste"].shape == (3, 10)
    np.testing.assert_array_equal(history["waste"], np.stack(sold, axis=1))
    np.testing.assert_allclose(history["reward_makers"], np.stack(paid, axis=1))
    assert history.metrics["waste"].ticks.tolist() == list(range(10))
    assert history.units["waste"] == "share"
    assert set(history) == {"waste", "reward_makers"}


def test_a_second_history_goes_on_where_the_first_ended():
    sim, whole = (simengine.Simulation(Starter(), seed=2) for _ in range(2))
    parts = [sim.history(ticks=4)["waste"], sim.history(until=9)["waste"]]
    np.testing.assert_array_equal(np.concatenate(parts, axis=1), whole.history(ticks=9)["waste"])


def test_watching_changes_no_digest():
    watched_sim, plain = (simengine.Simulation(Starter(), seed=2, replicas=2) for _ in range(2))
    watched_sim.history(ticks=40)
    plain.run(ticks=40)
    assert watched_sim.digest == plain.digest


def test_series_and_metrics_of_one_name_are_both_there_and_the_name_means_the_series():
    sim = simengine.Simulation("macro", policies="rule", seed=1, config={"warmup_years": 0})
    history = sim.history(years=1)
    assert history.series["gdp"].values.shape == history.metrics["gdp"].values.shape == (1, 4)
    np.testing.assert_array_equal(history["gdp"], history.series["gdp"].values)
    assert history.metrics["gdp"].unit == "cent per quarter"
    assert history.series["gdp"].unit != history.metrics["gdp"].unit


def test_a_frame_has_a_row_per_value():
    frame = simengine.Simulation(Starter(), replicas=2).history(ticks=3).frame()
    assert frame.columns == ["kind", "name", "tick", "replica", "value"]
    assert len(frame) == 2 * 2 * 3
    assert frame.filter(name="waste", replica=1)["tick"].to_list() == [0, 1, 2]


def test_notebooks_are_shown_tables_and_figures():
    sim = simengine.Simulation(Starter(), shocks=["demand:0.2@3"])
    history = sim.history(ticks=5)
    html = sim._repr_html_()
    for said in ("starter", "makers (10)", "make: rule", "DemandShock(size=0.2)", sim.digest):
        assert said in html
    assert history._repr_png_().startswith(b"\x89PNG")
    assert simengine.Simulation("inventory", config={"shops": 2}).history(ticks=0)._repr_png_() is None


def test_a_bar_changes_no_history():
    bare, shown = (simengine.Simulation(Starter()).history(ticks=60, progress=bar) for bar in (False, True))
    np.testing.assert_array_equal(bare["waste"], shown["waste"])


def test_studies_get_a_mean_of_rewards_where_there_are_no_series():
    found = watched(simengine.Simulation("inventory", replicas=2), years=1)
    assert {name: values.shape for name, values in found.items()} == {"reward_shops": (2, 1)}
    history = simengine.Simulation("inventory", replicas=2).history(years=1)
    np.testing.assert_allclose(found["reward_shops"][:, 0], history["reward_shops"].mean(axis=1))


@pytest.mark.parametrize("given", [{}, {"years": 1, "ticks": 3}])
def test_one_length_has_to_be_given(given):
    with pytest.raises(ValueError, match="give exactly one of until=, ticks=, years="):
        simengine.Simulation(Starter()).history(**given)
