"""Credit in the macro world: what waits for a loan, who fails, and banks that are never below zero."""

import numpy as np
import pytest

from simengine import Simulation
from simengine.config import merged
from simengine.worlds.macro.failure import fail_banks
from streams.macro.events import FIRMS, Bankruptcy, Output
from tests.simengine.worlds.macro.history import REST, simulate

ON_CREDIT = {
    "household": {"durable_share": 0.2, "durable_loan_share": 0.7, "habit_monthly": 0.9},
    "firm": {"investment_loan_share": 0.5, "order_probability_monthly": 1.0},
}


def opened(granted=1.0, banks=slice(None)):
    """A resting economy after its first plans, made when `banks` granted that share of applications."""
    sim = Simulation("macro", policies="rule", seed=3, replicas=[4, 4], config=merged(REST, ON_CREDIT))
    sim.world.banks.granted[1, banks] = granted
    before = sim.world.firms.backlog.copy()
    sim.run(ticks=1)
    return sim.world, before


def test_without_credit_the_loan_share_of_durables_waits():
    world, _ = opened(granted=0.0)
    h, level = world.households, world.economy.price_level
    saver = ~h.hand_to_mouth[1]
    # At rest durables are a fifth of spending, of which seven tenths need a loan.
    missing = 1.0 - h.month_purse[1] / h.month_purse[0]
    np.testing.assert_allclose(missing[saver], 0.2 * 0.7, atol=1e-5)
    assert (missing[~saver] == 0.0).all()
    np.testing.assert_array_equal(h.consumption[1], h.consumption[0])
    short = (h.month_purse[0] - h.month_purse[1]) / level[0]
    np.testing.assert_allclose(h.durables[0] - h.durables[1], short, atol=2.0 / level[0])


def test_without_credit_investment_waits_and_stays_needed():
    world, before = opened(granted=0.5)
    f = world.firms
    ordered = f.backlog + f.delivered - before
    assert (ordered[0] > 0.0).all()
    np.testing.assert_allclose(ordered[1], 0.5 * ordered[0])
    np.testing.assert_allclose(f.need[1], 0.5 * ordered[0])
    assert (f.need[0] == 0.0).all()
    assert (f.purse[1] < f.purse[0]).all()


def test_only_clients_of_a_bank_that_refuses_wait():
    world, _ = opened(granted=0.0, banks=0)
    h, f = world.households, world.firms
    refused = {name: world.homes[name][1] == 0 for name in world.homes}
    waits = ~h.hand_to_mouth[1] & refused["households"]
    np.testing.assert_array_equal(h.month_purse[1] < h.month_purse[0], waits)
    np.testing.assert_array_equal(f.month_purse[1] < f.month_purse[0], refused["firms"])
    assert waits.any()
    assert refused["firms"].any()


RESCUE = {"warmup_years": 0, "bank": {"failure_capital": 0.02, "rescue_capital": 0.08}}
REPLICAS, FIRM_COUNT = 3, 20


@pytest.fixture(scope="module")
def crash():
    """Three years: firms fail in a wave in the first, all banks lose their capital in the second.

    Returns the series, the firms that failed `(replica, quarter)`, and every bank's capital over its loans
    at every settlement `(month, replica, bank)`.
    """
    failed, capital = np.zeros((REPLICAS, 12)), []

    def count(batch):
        np.add.at(failed, (batch.replica[batch.sector == FIRMS], batch.tick // 12), 1)

    def watch(sim):
        books = sim.world.books
        sim.events(Bankruptcy).subscribe(count)
        sim.events(Output).subscribe(
            lambda _: capital.append(books.net_worth("banks") / books.read("loans", "banks"))
        )

    _, series = simulate(
        {**RESCUE, "firms": FIRM_COUNT}, years=3, replicas=REPLICAS, seed=6, prepare=watch,
        shocks=["default_wave:0.4@6m", "bank_capital_loss:1.0@1y"],
    )  # fmt: skip
    return series, failed, np.stack(capital)


def test_the_series_of_firm_failures_counts_the_firms_that_went_bankrupt(crash):
    series, failed, _ = crash
    # A year's percent: four times a quarter's share of all firms.
    np.testing.assert_allclose(series["firm_failures"], 400.0 * failed / FIRM_COUNT)
    assert failed[:, 2].min() >= 3  # the wave takes four in ten of those in debt


def test_the_weakest_banks_capital_is_the_least_of_a_quarters_three_settlements(crash):
    series, _, capital = crash
    least = capital.min(axis=2).reshape(12, 3, REPLICAS).min(axis=1).T
    np.testing.assert_allclose(series["bank_capital_least"], 100.0 * least, rtol=1e-12)


def test_no_settlement_finds_a_bank_below_zero_even_after_all_have_lost_everything(crash):
    series, _, capital = crash
    assert capital.min() > 0.0
    # In the quarter of the crash every bank holds what the state gave it, and a month's earnings on top.
    np.testing.assert_allclose(capital[12], 0.08, atol=0.01)
    assert (series["bank_capital_least"][:, 4] < series["bank_capital_least"][:, 0]).all()


def test_a_bank_that_loses_everything_is_refilled_and_one_that_loses_half_is_not():
    sim = Simulation("macro", policies="rule", seed=3, replicas=3, config=merged(REST, RESCUE))
    world, levers = sim.world, sim.world.levers
    capital, loans = world.books.net_worth("banks").copy(), world.books.read("loans", "banks").copy()
    levers.bank_capital[:] = (1.0, 0.5, 1.0)
    levers.failing_bank[:] = (-1, -1, 2)  # every bank, every bank, one of them
    fail_banks(world, sim)
    now = world.books.net_worth("banks")
    np.testing.assert_array_equal(now[0], np.rint(0.08 * loans[0]))
    np.testing.assert_allclose(now[1], 0.5 * capital[1], atol=1.0)
    others = np.arange(now.shape[1]) != 2
    np.testing.assert_array_equal(now[2, others], capital[2, others])
    assert now[2, 2] == np.rint(0.08 * loans[2, 2])
    assert (levers.bank_capital == 0.0).all()
