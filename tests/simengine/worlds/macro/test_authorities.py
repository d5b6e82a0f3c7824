"""What the macro world's central bank looks at: an output gap that is 0 at rest, and the rate it sets."""

import numpy as np
import pytest

from agents.policy import rule_of
from simengine import Simulation
from simengine.config import merged
from simengine.worlds.macro.authorities import output_gap, set_rate
from tests.simengine.worlds.macro.history import REST

RULE = {
    "smoothing_quarterly": 0.0, "inflation_response": 1.5, "output_response": 0.5, "rate_floor_annual": 0.0
}  # fmt: skip


def opened():
    """A resting economy of two replicas in the first week of its first month."""
    plans = {"inventory_months": 0.5, "inventory_gap_monthly": 0.2, "hours_share": 0.5}
    config = merged(REST, {"central_bank": RULE, "firm": plans})
    sim = Simulation("macro", policies="rule", seed=3, replicas=2, config=config)
    sim.run(ticks=1)
    return sim


def test_the_output_gap_at_rest_is_zero_and_stays_so():
    sim = opened()
    np.testing.assert_allclose(sim.world.economy.output_gap, 0.0, atol=1e-9)
    for _ in range(8):
        sim.run(years=0.5)
        np.testing.assert_allclose(sim.world.economy.output_gap, 0.0, atol=0.003)


def test_the_output_gap_is_private_output_over_rest_less_one():
    world = opened().world
    world.firms.output[0] *= 1.04
    world.firms.output[1, 0] = 0.0
    lost = world.firms.size[1, 0]
    np.testing.assert_allclose(output_gap(world), [0.04, -lost], atol=1e-9)


def test_output_that_grows_with_the_trend_or_with_productivity_opens_no_gap():
    world = opened().world
    world.economy.trend[0] *= 1.5
    world.firms.output[0] *= 1.5
    world.economy.productivity[1] = 0.1
    world.firms.output[1] *= np.exp(0.1)
    np.testing.assert_allclose(output_gap(world), 0.0, atol=1e-9)


def test_productivity_that_output_does_not_follow_is_slack():
    world = opened().world
    world.economy.productivity[:] = (0.05, -0.05)
    np.testing.assert_allclose(output_gap(world), [np.exp(-0.05) - 1, np.exp(0.05) - 1], atol=1e-9)


def test_two_percent_of_output_move_the_rate_by_a_point_and_the_floor_holds():
    sim = opened()
    e, resting = sim.world.economy, sim.world.economy.rate.copy()
    e.output_gap[:] = (0.02, -0.02)
    set_rate(sim.world, sim)
    np.testing.assert_allclose(e.rate - resting, [0.01, -0.01], atol=1e-9)
    e.output_gap[:] = (0.0, -0.9)
    set_rate(sim.world, sim)
    assert e.rate == pytest.approx([resting[0], 0.0])


def test_the_gap_is_measured_when_the_month_has_been_produced():
    sim = opened()
    for held in (sim.world.firms, sim.world.stores):
        held.stock[0] *= 2.0  # so much is left over that less is made
    sim.run(ticks=4)
    gap = sim.world.economy.output_gap
    np.testing.assert_array_equal(gap, output_gap(sim.world))
    assert gap[0] < -0.01
    assert gap[1] == pytest.approx(0.0, abs=1e-3)


def test_a_named_rule_stays_where_another_policy_decides_the_residual():
    rates = []
    for policy in ({}, {"central_bank.rate": "fixed:12"}):
        seats = {"households": "rule", "firms": "rule", "central_bank": "taylor1993", **policy}
        sim = Simulation("macro", seed=1, policies=seats, config={"warmup_years": 0})
        assert rule_of(sim.seats["central_bank"].policy) == "taylor1993"
        sim.run(ticks=48)
        rates.append(sim.world.economy.rate.copy())
    plain = Simulation("macro", policies="rule", seed=1, config={"warmup_years": 0})
    assert rule_of(plain.seats["central_bank"].policy) == ""
    assert (rates[0] != rates[1]).any()
