"""Every shock on the macro world: eleven arms on one noise, each hit by one shock, one by none."""

import numpy as np
import pytest

from simengine import Scheduled, Simulation
from simengine.shocks import SHOCKS

STRIKE = 24
SIZES = {
    "rate": 0.02,
    "zero_lower_bound": -1.0,
    "cost": 0.05,
    "productivity": -0.05,
    "confidence": -0.1,
    "government_spending": 0.1,
    "benefit_cut": 0.2,
    "no_stabilisers": 1.0,
    "default_wave": 0.3,
    "bank_failure": 1.0,
}


@pytest.fixture(scope="module")
def arms():
    sim = Simulation("macro", seed=2, replicas=[4] * (1 + len(SIZES)), config={"warmup_years": 1})
    for arm, (name, size) in enumerate(SIZES.items(), start=1):
        sim.strike(Scheduled(SHOCKS[name](size), STRIKE, replicas=(arm,)))
    sim.run(until=STRIKE)
    before = sim.digests.copy()
    sim.run(ticks=24)
    return before, sim


def test_there_is_a_size_for_every_shock():
    assert set(SIZES) == set(SHOCKS)


def test_before_it_strikes_a_shocked_arm_equals_its_baseline_bit_for_bit(arms):
    before, _ = arms
    assert len(set(before.tolist())) == 1


def test_afterwards_every_shock_has_left_its_mark(arms):
    _, sim = arms
    same = [name for arm, name in enumerate(SIZES, start=1) if sim.digests[arm] == sim.digests[0]]
    assert same == []


def test_one_off_shocks_are_used_up(arms):
    _, sim = arms
    levers = sim.world.levers
    assert not levers.default_wave.any()
    assert not levers.bank_capital.any()


def test_a_rate_shock_raises_the_policy_rate_of_its_arm_alone(arms):
    _, sim = arms
    rate = sim.world.economy.rate
    arm = 1 + list(SIZES).index("rate")
    assert rate[arm] > rate[0] + 0.005
    assert np.isfinite(rate).all()
