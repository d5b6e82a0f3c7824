"""Every shock on the macro world: an arm for each on one noise, and one that nothing hits."""

import numpy as np
import pytest

from simengine import Simulation, Strike
from simengine.errors import UserError
from simengine.worlds.macro import shocks

SHOCKS = {kind.name: kind for kind in shocks.SHOCKS}
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
    "bank_capital_loss": 0.5,
}


@pytest.fixture(scope="module")
def arms():
    replicas = [4] * (1 + len(SIZES))
    sim = Simulation("macro", policies="rule", seed=2, replicas=replicas, config={"warmup_years": 1})
    for arm, (name, size) in enumerate(SIZES.items(), start=1):
        sim.strike(Strike(STRIKE, SHOCKS[name](size), replicas=(arm,)))
    sim.run(until=STRIKE)
    before = sim.digests.copy()
    sim.run(ticks=24)
    return before, sim


def test_there_is_a_size_for_every_shock_that_pulls_a_lever_of_this_world(arms):
    levers = arms[1].world.levers.columns()
    assert set(SIZES) == set(SHOCKS)
    assert {kind.lever for kind in SHOCKS.values()} <= set(levers)


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


def test_a_loss_of_bank_capital_takes_its_share_from_every_bank():
    sim = Simulation("macro", policies="rule", seed=2, replicas=[4, 4], config={"warmup_years": 0})
    sim.strike(Strike(4, SHOCKS["bank_capital_loss"](0.25), replicas=(1,)))
    taken = []
    sim.world.books, books = Watched(sim.world.books, taken), sim.world.books
    sim.run(ticks=8)
    (penalty,) = taken
    assert (penalty[0] == 0).all()
    assert (penalty[1] > 0).all()
    assert books.verify() == []


class Watched:
    """The books, with every bank's penalty noted beside its capital."""

    def __init__(self, books, taken):
        self.books, self.taken = books, taken

    def __getattr__(self, name):
        return getattr(self.books, name)

    def post(self, flow, replica, payer, payee, amount, **more):
        if flow == "bank_penalty":
            capital = self.books.net_worth("banks")[1]
            np.testing.assert_array_equal(amount[1], np.rint(0.25 * capital))
            self.taken.append(amount)
        self.books.post(flow, replica, payer, payee, amount, **more)


def test_a_rate_shock_raises_the_policy_rate_of_its_arm_alone(arms):
    _, sim = arms
    rate = sim.world.economy.rate
    arm = 1 + list(SIZES).index("rate")
    assert rate[arm] > rate[0] + 0.005
    assert np.isfinite(rate).all()


def test_without_its_floor_the_policy_rate_may_be_negative_and_the_books_hold():
    sim = Simulation(
        "macro", policies="rule", seed=2, config={"warmup_years": 0},
        shocks=["zero_lower_bound@0", "rate:-0.2@0"],
    )
    sim.run(ticks=24)
    assert (sim.world.economy.rate < -0.1).all()
    assert sim.world.books.verify() == []


def test_two_banks_that_would_fail_in_one_month_are_refused_at_the_start():
    one, two = "bank_failure:1,bank=1@480#0", "bank_failure:1,bank=2@483"
    with pytest.raises(UserError, match="bank 2 together with bank 1"):
        Simulation("macro", policies="rule", replicas=2, shocks=[one, two])
    apart = [one, "bank_failure:1,bank=2@484", "bank_failure:1,bank=2@480#1"]
    Simulation("macro", policies="rule", replicas=2, shocks=apart)
